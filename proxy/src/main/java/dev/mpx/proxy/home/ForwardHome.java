package dev.mpx.proxy.home;

import java.nio.file.Path;

/**
 * Where a forwarded socket and the files of who keeps it up lie: in this machine's own directory, one for each endpoint.
 *
 * @param directory its path is short enough for sockets
 */
public record ForwardHome(Path directory) {
    private static final String SOCKET = "guest.sock";
    private static final String CONTROL = "c";
    /** ssh(1) binds the socket of a master under a temporary name, a dot and 16 characters longer. */
    private static final int TEMPORARY = 17;
    private static final int NAME = "/forward-0123456789abcdef/".length();

    /** Nothing is made. */
    public static ForwardHome of(Endpoint.Ssh endpoint, Environment environment) {
        int behind = NAME + Math.max(SOCKET.length(), CONTROL.length() + TEMPORARY);
        return new ForwardHome(MachineDirectory.of(environment, behind).resolve("forward-" + Hash.of(endpoint.toString())));
    }

    /**
     * Makes it and the directory above it, for this user alone.
     *
     * @throws HomeException if that can't be, or it is somebody else's
     */
    public ForwardHome prepare() {
        PrivateDirectory.prepare(directory.getParent());
        PrivateDirectory.prepare(directory);
        return this;
    }

    /** The socket that is forwarded. */
    public Path socket() {
        return directory.resolve(SOCKET);
    }

    /** Where a connection of mpx's own is controlled. */
    public Path control() {
        return directory.resolve(CONTROL);
    }

    /** Locked for as long as somebody keeps it up; never deleted. */
    public Path lock() {
        return directory.resolve("forward.lock");
    }

    /** Who keeps it up, and how it stands. */
    public Path record() {
        return directory.resolve("forward.json");
    }

    /** What one says who keeps it up in the background. */
    public Path log() {
        return directory.resolve("forward.log");
    }
}
