package dev.mpx.proxy.home;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Looks along PATH for the real palace server. mpx may stand there under the same name, more than once (an alias in
 * one directory, another installation in the next): every one of them is passed over.
 */
final class ServerSearch {
    /** Property with the real path of the launcher script that this process was started by. */
    static final String LAUNCHER_PROPERTY = "mpx.launcher";
    /** Stands near the top of every launcher of mpx. */
    private static final byte[] MARKER = "mpx-launcher-marker".getBytes(StandardCharsets.US_ASCII);
    private static final int MARKER_WITHIN = 1024;

    private final Environment environment;

    ServerSearch(Environment environment) {
        this.environment = environment;
    }

    /** @throws HomeException if there is none */
    Path realPalaceServer() {
        Optional<Path> found = find(ServerCommand.PALACE_SERVER, true);
        if (found.isPresent()) {
            return found.get();
        }
        throw new HomeException("mpx found no mempalace-mcp on PATH to share (itself aside). Install MemPalace"
                + " (pip install mempalace), or name the server: mpx -- COMMAND ARGS…");
    }

    /** The first executable of that name on PATH. */
    Optional<Path> find(String name) {
        return find(name, false);
    }

    private Optional<Path> find(String name, boolean pastMpx) {
        for (String directory : environment.get("PATH").orElse("").split(":")) {
            if (directory.isEmpty()) {
                continue;
            }
            Path candidate = environment.absolute(directory).resolve(name);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate) && !(pastMpx && isMpx(candidate))) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Whether running this file would run mpx: this installation by its real path, any other by the marker in it. */
    boolean isMpx(Path file) {
        try {
            Path real = file.toRealPath();
            String launcher = System.getProperty(LAUNCHER_PROPERTY, "");
            return real.equals(Path.of(launcher)) || hasMarker(real);
        } catch (IOException notThere) {
            return false;
        }
    }

    private static boolean hasMarker(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] top = in.readNBytes(MARKER_WITHIN);
            for (int at = 0; at + MARKER.length <= top.length; at++) {
                if (java.util.Arrays.equals(top, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
                    return true;
                }
            }
            return false;
        }
    }
}
