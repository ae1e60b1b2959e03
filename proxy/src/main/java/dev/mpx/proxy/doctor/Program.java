package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program of somebody else's that was run to its end.
 *
 * @param status its exit status; empty if it did not end in time
 * @param stdout what it wrote there
 * @param stderr and there
 */
record Program(Optional<Integer> status, String stdout, String stderr) {
    /**
     * Its output goes by way of files: one that leaves somebody behind with its pipes open holds up nobody.
     *
     * @throws IOException if it can't be started
     */
    static Program run(List<String> command, Map<String, String> variables, Duration limit) throws IOException, InterruptedException {
        Path out = Files.createTempFile("mpx-doctor", ".out");
        Path err = Files.createTempFile("mpx-doctor", ".err");
        Process process = null;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().putAll(variables);
            process = builder.start();
            boolean isDone = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new Program(isDone ? Optional.of(process.exitValue()) : Optional.empty(), text(out), text(err));
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    boolean isWell() {
        return status.isPresent() && status.get() == 0;
    }

    /** Its last words, for a sentence. */
    String complaint() {
        if (status.isEmpty()) {
            return "it did not end in time";
        }
        List<String> lines = stderr.strip().lines().toList();
        return lines.isEmpty() ? "it ended with status " + status.get()
                : String.join(" ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
    }

    /** The first of that name on PATH. */
    static Optional<Path> find(String name, String path) {
        for (String directory : path.split(":")) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (directory.startsWith("/") && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
