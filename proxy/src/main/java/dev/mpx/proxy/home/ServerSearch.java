package dev.mpx.proxy.home;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Looks along PATH for the real palace server. mpx may stand there under the same name, more than once (an alias in
 * one directory, another installation in the next): every one of them is passed over. The native program looks by the
 * same rules (native/src/home/search.c).
 */
public final class ServerSearch {
    /** Property with the real path of the launcher, script or native program, that this process was started by. */
    public static final String LAUNCHER_PROPERTY = "mpx.launcher";
    /** Stands near the top of every launcher script of mpx, and somewhere in every native program of mpx. */
    private static final byte[] MARKER = "mpx-launcher-marker".getBytes(StandardCharsets.US_ASCII);
    private static final int MARKER_WITHIN = 1024;
    /** A native program of this size is not mpx. */
    private static final int PROGRAM_BELOW = 4 << 20;
    /** Beside the launcher's directory: the server that mpx was put ahead of when it was installed. */
    private static final String REMEMBERED = "../lib/server-path";

    private final Environment environment;

    public ServerSearch(Environment environment) {
        this.environment = environment;
    }

    /**
     * The first on PATH, else the one that was there when mpx was installed ahead of it.
     *
     * @throws HomeException if there is none
     */
    public Path realPalaceServer() {
        Optional<Path> found = palaceServer();
        if (found.isPresent()) {
            return found.get();
        }
        throw new HomeException("mpx found no mempalace-mcp on PATH to share (itself aside). Install MemPalace"
                + " (pip install mempalace), or name the server: mpx -- COMMAND ARGS…");
    }

    /** The same; empty if there is none. */
    Optional<Path> palaceServer() {
        Optional<Path> onPath = find(ServerCommand.PALACE_SERVER, true);
        return onPath.isPresent() ? onPath : remembered();
    }

    /** The first executable of that name on PATH. */
    public Optional<Path> find(String name) {
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

    private Optional<Path> remembered() {
        String launcher = System.getProperty(LAUNCHER_PROPERTY, "");
        Path file = Path.of(launcher).resolveSibling(REMEMBERED);
        if (launcher.isEmpty() || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String path = Files.readString(file).lines().findFirst().orElse("");
            Path server = Path.of(path);
            return path.startsWith("/") && Files.isRegularFile(server) && Files.isExecutable(server) && !isMpx(server)
                    ? Optional.of(server)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Whether running this file would run mpx: this installation by its real path, any other by the marker in it. */
    public boolean isMpx(Path file) {
        try {
            Path real = file.toRealPath();
            String launcher = System.getProperty(LAUNCHER_PROPERTY, "");
            return real.equals(Path.of(launcher)) || hasMarker(real);
        } catch (IOException notThere) {
            return false;
        }
    }

    private static boolean hasMarker(Path file) throws IOException {
        byte[] top;
        try (InputStream in = Files.newInputStream(file)) {
            top = in.readNBytes(MARKER_WITHIN);
        }
        return holdsMarker(top)
                || isNativeProgram(top) && Files.size(file) < PROGRAM_BELOW && holdsMarker(Files.readAllBytes(file));
    }

    private static boolean isNativeProgram(byte[] top) {
        int magic = top.length < 4 ? 0 : ByteBuffer.wrap(top).getInt();
        return switch (magic) {
            // ELF; Mach-O in 32 and 64 bits, of either byte order, and of several architectures at once
            case 0x7f454c46, 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe -> true;
            default -> false;
        };
    }

    private static boolean holdsMarker(byte[] bytes) {
        for (int at = 0; at + MARKER.length <= bytes.length; at++) {
            if (bytes[at] == MARKER[0] && Arrays.equals(bytes, at, at + MARKER.length, MARKER, 0, MARKER.length)) {
                return true;
            }
        }
        return false;
    }
}
