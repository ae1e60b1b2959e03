package dev.mpx.proxy.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What came of a program that was run to its end, as a person at a terminal does. */
record Run(int status, String stdout, String stderr) {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Runs a command of the packaged program. */
    static Run mpx(Map<String, String> environment, Path directory, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Installation.mpx().toString()));
        command.addAll(List.of(arguments));
        return program(environment, directory, command);
    }

    /** Runs any other program; over its limit it is ended and the test fails. */
    static Run program(Map<String, String> environment, Path directory, List<String> command)
            throws IOException, InterruptedException {
        Path stdout = Files.createTempFile(directory, "run", ".stdout");
        Path stderr = Files.createTempFile(directory, "run", ".stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " took over " + LIMIT + "; stderr:\n" + Files.readString(stderr));
        }
        return new Run(process.exitValue(), Files.readString(stdout, UTF_8), Files.readString(stderr, UTF_8));
    }
}
