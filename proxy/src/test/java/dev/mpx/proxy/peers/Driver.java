package dev.mpx.proxy.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process of {@code test-fixtures/peers/drivers}: it is told one step at a time, and answers each
 * with one line of JSON. What it and the servers below it say on stderr goes to a file.
 */
final class Driver implements AutoCloseable {

    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    private static final Duration EXIT_LIMIT = Duration.ofSeconds(15);

    private final JsonMapper json = new JsonMapper();
    private final Process process;
    private final Writer steps;
    private final BufferedReader answers;
    private final Path stderr;

    private Driver(Process process, Path stderr) {
        this.process = process;
        this.steps = process.outputWriter(UTF_8);
        this.answers = process.inputReader(UTF_8);
        this.stderr = stderr;
    }

    /** Starts a driver whose clients each start the given server command. */
    static Driver start(
            String script, int clients, List<String> server, Map<String, String> environment, Path directory)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Installation.node().toString(),
                Installation.driver(script).toString(),
                Integer.toString(clients)));
        command.addAll(server);
        Path stderr = Files.createTempFile(directory, "driver", ".stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(stderr.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Driver(builder.start(), stderr);
    }

    /** Does one step and gives what came of it; a step that fails or takes too long fails the test. */
    JsonNode step(String name, Map<String, ?> arguments) {
        try {
            return begin(name, arguments).get(STEP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("step " + name + " took over " + STEP_LIMIT + "; stderr:\n" + stderr(), e);
        } catch (ExecutionException e) {
            throw new AssertionError("step " + name + ": " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode step(String name) {
        return step(name, Map.of());
    }

    /** Begins a step; the next may only begin when this one is done. */
    CompletableFuture<JsonNode> begin(String name, Map<String, ?> arguments) {
        Map<String, Object> line = new LinkedHashMap<>(arguments);
        line.put("step", name);
        return CompletableFuture.supplyAsync(() -> exchange(json.writeValueAsString(line)));
    }

    private JsonNode exchange(String line) {
        try {
            steps.write(line + "\n");
            steps.flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new AssertionError("the driver has gone; stderr:\n" + stderr());
            }
            JsonNode node = json.readTree(answer);
            if (node.has("error")) {
                throw new AssertionError(node.get("error").asString() + "\nstderr:\n" + stderr());
            }
            return node.get("result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String stderr() {
        try {
            List<String> lines = Files.readAllLines(stderr);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends the driver as an agent ends: its clients close their servers first. */
    @Override
    public void close() {
        try {
            steps.close();
        } catch (IOException alreadyGone) {
            // Nothing left to tell it.
        }
        try {
            process.onExit().get(EXIT_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | InterruptedException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
