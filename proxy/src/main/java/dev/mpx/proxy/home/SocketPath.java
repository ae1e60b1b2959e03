package dev.mpx.proxy.home;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a home's sockets are. A socket's path may be 103 bytes long on macOS and 107 on Linux, so that of a home
 * deep down gives way to a short one under a private directory of this user; so does that of a home on a shared mount,
 * where sockets often can't be connected to. Stateless.
 */
public final class SocketPath {
    /** In bytes; leaves room for the temporary name under which a daemon may bind before it renames. */
    public static final int LONGEST = 100;

    private SocketPath() {}

    /** The path of the daemon's socket; makes the private directory if it takes one. */
    public static Path broker(Home home, Environment environment) {
        return shorten(home.brokerSocket(), environment);
    }

    /** The path of the socket for guests. */
    public static Path guest(Home home, Environment environment) {
        return shorten(home.guestSocket(), environment);
    }

    private static Path shorten(Path socket, Environment environment) {
        if (length(socket) <= LONGEST && !Mount.isShared(socket)) {
            return socket;
        }
        String name = Hash.of(socket.toString()) + ".sock";
        String runtime = environment.get("XDG_RUNTIME_DIR").orElse("");
        if (runtime.startsWith("/") && Path.of(runtime).toFile().isDirectory()) {
            Path candidate = Path.of(runtime, "mpx", name);
            if (length(candidate) <= LONGEST) {
                PrivateDirectory.prepare(candidate.getParent());
                return candidate;
            }
        }
        // Anybody may have made this one first: then it is not ours, and prepare() refuses.
        Path directory = Path.of("/tmp", "mpx-" + Owner.uid());
        PrivateDirectory.prepare(directory);
        return directory.resolve(name);
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
