package dev.mpx.proxy.home;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The directory with mpx's own files for one shared server. It need not exist until {@link #prepare()}.
 *
 * @param directory its real path
 */
public record Home(Path directory) {
    private static final String SUFFIX = ".mpx";

    /** The one that {@code --home} names. */
    public static Home at(String directory, Environment environment) {
        return new Home(RealPath.of(environment.absolute(directory)));
    }

    /** That of the default palace server with these arguments, which need not be installed. */
    public static Home of(List<String> arguments, Environment environment) {
        return of(Palace.of(arguments, environment), environment);
    }

    /** That of a palace: {@code ~/.mempalace} for the default one, a sibling {@code <palace>.mpx} for any other. */
    static Home of(Palace palace, Environment environment) {
        // Not the records themselves: their equals() is linked at run time, which a shim would wait for.
        if (palace.path().equals(Palace.standard(environment).path())) {
            return new Home(RealPath.of(environment.userHome().resolve(".mempalace")));
        }
        Path name = palace.path().getFileName();
        if (name == null) {
            throw new HomeException("The palace can't be " + palace.path() + " itself. Choose a directory of its own with --palace.");
        }
        return new Home(palace.path().resolveSibling(name + SUFFIX));
    }

    /** That of any other server: {@code ~/.local/share/mpx/<name>-<hash of its command line>}. */
    static Home of(String serverName, String hash, Environment environment) {
        return new Home(RealPath.of(environment.userHome().resolve(".local/share/mpx").resolve(serverName + "-" + hash)));
    }

    /** The palace that it is the home of by its name, {@code <palace>.mpx}; empty for any other name. */
    public Optional<String> palaceByName() {
        String path = directory.toString();
        return path.endsWith(SUFFIX) && path.length() > SUFFIX.length() + 1
                ? Optional.of(path.substring(0, path.length() - SUFFIX.length()))
                : Optional.empty();
    }

    /** What follows {@code mpx status} and its like so that they mean this home: nothing if they do without. */
    public String option(Environment environment) {
        boolean isDefault = directory.equals(RealPath.of(environment.userHome().resolve(".mempalace")))
                && directory.equals(Home.of(List.of(), environment).directory());
        return isDefault ? "" : option();
    }

    /** The same, in whatever environment. */
    public String option() {
        return " --home " + ShellWords.quote(directory.toString());
    }

    /**
     * Creates the directory and {@code logs} in it, both private to this user.
     *
     * @throws HomeException if that can't be, or if it is somebody else's
     */
    public Home prepare() {
        PrivateDirectory.prepare(directory);
        PrivateDirectory.prepare(logs());
        return this;
    }

    /** Locked by the daemon for as long as it lives; never deleted. */
    public Path brokerLock() {
        return directory.resolve("broker.lock");
    }

    /** Locked by the one shim that starts a daemon. */
    public Path startLock() {
        return directory.resolve("start.lock");
    }

    /** Where the daemon says how to reach it: a {@link BrokerFile}. */
    public Path brokerFile() {
        return directory.resolve("broker.json");
    }

    /** Where the daemon's socket is unless its path is too long; see {@link SocketPath}. */
    Path brokerSocket() {
        return directory.resolve("broker.sock");
    }

    /** Where the socket for guests is unless its path is too long. */
    Path guestSocket() {
        return directory.resolve("guest.sock");
    }

    /** Locked for as long as any process of the child's tree lives. */
    public Path childLock() {
        return directory.resolve("child.lock");
    }

    /** Who owns the palace, for those whom locks don't reach. */
    public Path lease() {
        return directory.resolve("owner.lease");
    }

    /** What the child answered to the handshake the last time. */
    public Path profile() {
        return directory.resolve("profile.json");
    }

    /** The settings of this home. */
    public Path serverRecord() {
        return directory.resolve("server.json");
    }

    public Path settings() {
        return directory.resolve("mpx.toml");
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    /** What the daemon tells of itself; older ones are {@code mpx.log.1} and so on. */
    public Path mpxLog() {
        return logs().resolve("mpx.log");
    }

    /** What the child has said on stderr. */
    public Path childLog() {
        return logs().resolve("child.log");
    }

    /** Standard output and error of a daemon that a shim started. */
    public Path daemonLog() {
        return logs().resolve("daemon.log");
    }
}
