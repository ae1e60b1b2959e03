package dev.mpx.bench.drive;

import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.fixtures.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts the native driver.
 *
 * @param program where it is
 * @param log takes what it and the processes it starts say on standard error
 */
public record Driver(Path program, Path log) {
    /** The starts of one session after the other, in nanoseconds from before the process is made. */
    public record Starts(List<Long> initialize, List<Long> call) {}

    /** Opens sessions by this command and warms them up. */
    public Crowd open(List<String> command, Map<String, String> environment, Load load) {
        return new Crowd(this, start("load", command, environment, load));
    }

    /** Starts sessions by this command, one after the other. */
    public Starts starts(List<String> command, Map<String, String> environment, Load load) {
        Process process = start("starts", command, environment, load);
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw broken();
            }
            Json json = Json.parse(said);
            return new Starts(longs(json.at("initialize")), longs(json.at("call")));
        } catch (IOException e) {
            throw new BrokenBenchmark("the driver can't be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokenBenchmark("interrupted", e);
        }
    }

    private Process start(String what, List<String> command, Map<String, String> environment, Load load) {
        List<String> words = new ArrayList<>(List.of(program.toString(), what));
        words.addAll(load.words());
        words.add("--");
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.to(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new BrokenBenchmark("the driver can't be started", e);
        }
    }

    /** The driver's last word on why it ended. */
    BrokenBenchmark broken() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            String last = lines.stream().filter(line -> line.startsWith("driver: ")).reduce((a, b) -> b)
                    .orElse(lines.isEmpty() ? "the driver ended without a word" : lines.get(lines.size() - 1));
            return new BrokenBenchmark(last);
        } catch (IOException e) {
            return new BrokenBenchmark("the driver ended, and " + log + " can't be read", e);
        }
    }

    static List<Long> longs(Json array) {
        return array.elements().stream().map(Json::integer).toList();
    }
}
