package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code /proc} tells of other processes; of one that is gone, or is another user's, nothing. Reads block, but not for long. */
public final class ProcFiles {
    private static final Path PROC = Path.of("/proc");

    private ProcFiles() {}

    /** Its words. */
    public static List<String> commandLine(long pid) {
        return texts(pid, "cmdline");
    }

    /** As it was started with. */
    public static Map<String, String> variables(long pid) {
        Map<String, String> variables = new HashMap<>();
        for (String entry : texts(pid, "environ")) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                variables.putIfAbsent(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return variables;
    }

    /** The root where it is not to be told. */
    public static Path workingDirectory(long pid) {
        try {
            return Files.readSymbolicLink(PROC.resolve(Long.toString(pid)).resolve("cwd"));
        } catch (IOException | RuntimeException gone) {
            return Path.of("/");
        }
    }

    private static List<String> texts(long pid, String file) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file));
            int end = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
            return end <= 0 ? List.of() : List.of(new String(bytes, 0, end, StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException | RuntimeException gone) {
            return List.of();
        }
    }
}
