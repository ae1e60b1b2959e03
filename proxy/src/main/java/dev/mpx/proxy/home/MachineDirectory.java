package dev.mpx.proxy.home;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * This machine's own directory of this user's, which no other machine sees: below XDG_RUNTIME_DIR where that is a directory,
 * else {@code /tmp/mpx-UID}. Stateless.
 */
public final class MachineDirectory {
    private MachineDirectory() {}

    /** Nothing is made. */
    public static Path of(Environment environment) {
        String runtime = environment.get("XDG_RUNTIME_DIR").orElse("");
        return runtime.startsWith("/") && Files.isDirectory(Path.of(runtime))
                ? RealPath.of(Path.of(runtime)).resolve("mpx")
                : shortest();
    }

    /** The same where what is in it may have paths of so many bytes behind it, sockets' for example. */
    static Path of(Environment environment, int behind) {
        Path usual = of(environment);
        return usual.toString().getBytes(StandardCharsets.UTF_8).length + behind <= SocketPath.LONGEST ? usual : shortest();
    }

    private static Path shortest() {
        return Path.of("/tmp", "mpx-" + Owner.uid());
    }
}
