package dev.mpx.proxy.whole;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What came of a command that was run to its end. */
public record Run(int status, String stdout, String stderr) {
    /** Runs it with nothing on its input; over the limit it is ended and the test fails. */
    public static Run of(List<String> command, Map<String, String> environment, Path directory)
            throws IOException, InterruptedException {
        Path stdout = Files.createTempFile(directory, "run", ".out");
        Path stderr = Files.createTempFile(directory, "run", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(UserHome.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " took over " + UserHome.PATIENCE + ": " + Files.readString(stderr));
        }
        return new Run(process.exitValue(), read(stdout), read(stderr));
    }

    private static String read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Files.delete(file);
        return text;
    }
}
