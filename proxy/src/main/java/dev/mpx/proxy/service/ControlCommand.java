package dev.mpx.proxy.service;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.ServerSearch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The program by which the one who runs services is told what to do. Blocks. */
final class ControlCommand {
    /** A service that stops may take as long as the daemon's drain. */
    private static final Duration LIMIT = Duration.ofSeconds(150);

    /** What it said, both outputs together. */
    record Answer(int status, String text) {
        boolean isWell() {
            return status == 0;
        }
    }

    private final String name;
    private final List<String> first;
    private final Environment environment;

    /** @param first words before all others */
    ControlCommand(Environment environment, String name, String... first) {
        this.environment = environment;
        this.name = name;
        this.first = List.of(first);
    }

    Optional<Path> program() {
        return new ServerSearch(environment).find(name);
    }

    Answer ask(String... words) {
        Optional<Path> program = program();
        if (program.isEmpty()) {
            return new Answer(127, "there is no " + name + " on PATH");
        }
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        command.addAll(first);
        command.addAll(List.of(words));
        try {
            return run(command);
        } catch (IOException e) {
            return new Answer(126, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(126, "interrupted");
        }
    }

    private Answer run(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("mpx-", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment.variables());
            Process process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return new Answer(124, name + " has not answered for " + LIMIT.toSeconds() + " s");
            }
            return new Answer(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8).strip());
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** @throws IOException if it does not succeed, with what it said */
    void tell(String... words) throws IOException {
        Answer answer = ask(words);
        if (!answer.isWell()) {
            throw new IOException("\"" + name + " " + String.join(" ", first) + (first.isEmpty() ? "" : " ") + String.join(" ", words)
                    + "\" failed: " + (answer.text().isEmpty() ? "status " + answer.status() : answer.text()));
        }
    }
}
