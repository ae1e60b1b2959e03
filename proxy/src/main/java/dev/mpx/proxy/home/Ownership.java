package dev.mpx.proxy.home;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a daemon may own a home and its data from here. On a mount that another kernel may see too, neither the locks
 * nor the sockets of one reach the other, so nobody can be sure to be the only one there; where that was asked for in so
 * many words ({@code MPX_OWNER=here}, or {@code owner = "here"} in the machine's settings), a lease has to do.
 */
public final class Ownership {
    /** The only value there is. */
    static final String HERE = "here";

    private Ownership() {}

    /**
     * @return the shared mount that home or data lie on, where it may be owned all the same; empty if they lie on none
     * @throws HomeException if they lie on one and nobody said that it may be owned from here
     */
    public static Optional<Mount> check(Home home, ServerCommand server, Environment environment) {
        List<Path> directories = new ArrayList<>(List.of(home.directory()));
        directories.addAll(server.dataDirectories(environment));
        for (Path directory : directories) {
            Optional<Mount> mount = Mount.of(RealPath.of(directory));
            if (mount.isPresent() && mount.get().isShared()) {
                if (!isAllowed(environment)) {
                    throw new HomeException(refusal(directory, mount.get()));
                }
                return mount;
            }
        }
        return Optional.empty();
    }

    /** Whether it was asked for. @throws HomeException for a value that means nothing */
    public static boolean isAllowed(Environment environment) {
        Optional<String> said = environment.get("MPX_OWNER");
        if (said.isEmpty()) {
            said = new MachineSettings(environment).owner();
        }
        if (said.isPresent() && !said.get().equals(HERE)) {
            throw new HomeException("MPX_OWNER (or \"owner\" in mpx.toml) is \"" + said.get() + "\", and may only be \"" + HERE + "\".");
        }
        return said.isPresent();
    }

    private static String refusal(Path directory, Mount mount) {
        return "mpx starts no server here: " + directory + " lies on a mount (" + mount + ") that another machine, or its host, may see"
                + " too. Locks and sockets don't reach across it, so a second server there would corrupt the data. Let the daemon run"
                + " where the files are (\"mpx ensure\" on the host) and say how to reach it, as MEMPALACE_BROKER or as endpoint in"
                + " ~/.config/mpx/mpx.toml here: ssh://USER@HOST, unix:/path of a forwarded socket, or tcp://HOST:PORT with a token."
                + " If nobody else ever uses these files, MPX_OWNER=here lets this machine own them (docs/boundary.md says what that"
                + " can't promise).";
    }
}
