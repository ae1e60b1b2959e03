package dev.mpx.proxy.home;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which server the home's latest daemon shared: what a command means that names a home alone. In {@code server.json} of the home, which
 * outlives the daemon; {@code broker.json} does not.
 */
public record ServerRecord(List<String> command, Optional<Path> palace, Optional<Unit> unit) {
    public ServerRecord {
        command = List.copyOf(command);
    }

    /** Of a daemon that no service has started. */
    public ServerRecord(List<String> command, Optional<Path> palace) {
        this(command, palace, Optional.empty());
    }

    /** Empty where no daemon has been yet, or nobody can read what it left. */
    public static Optional<ServerRecord> of(Home home) {
        Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile()).filter(record -> !record.command().isEmpty());
        return broker.isPresent() ? broker.map(record -> new ServerRecord(record.command(), record.palace())) : read(home.serverRecord());
    }

    private static Optional<ServerRecord> read(Path file) {
        try {
            Optional<JsonValue> json = Files.isRegularFile(file) ? JsonValue.parse(Files.readAllBytes(file)) : Optional.empty();
            List<String> command = json.flatMap(all -> all.get("command")).map(JsonValue::elements).orElse(List.of()).stream()
                    .flatMap(word -> word.text().stream())
                    .toList();
            Optional<Path> palace = json.flatMap(all -> all.get("palace")).flatMap(JsonValue::text).map(Path::of);
            return command.isEmpty() ? Optional.empty() : Optional.of(new ServerRecord(command, palace));
        } catch (IOException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** That server. Where its palace's program is not there any more, as after another way of installing it, the one on PATH is meant. */
    public ServerCommand server(Environment environment) {
        ServerCommand recorded = new ServerCommand(command, palace.map(Palace::at));
        return palace.isPresent() ? recorded.withLivingProgram(environment) : recorded;
    }

    /** Leaves it to whoever comes. Blocks; does nothing where it says so already. */
    public void write(Home home) throws IOException {
        String words = command.stream().map(ServerRecord::quote).collect(Collectors.joining(", "));
        byte[] bytes = ("{\"command\": [" + words + "], \"palace\": " + palace.map(path -> quote(path.toString())).orElse("null")
                + unit.map(one -> ", \"unit\": " + quote(one.name())).orElse("") + "}\n")
                .getBytes(StandardCharsets.UTF_8);
        Path file = home.serverRecord();
        if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            WholeFile.write(file, bytes);
        }
    }

    /** Writes what the home's says, without its service. */
    static void withoutUnit(Home home) throws IOException {
        Optional<ServerRecord> left = read(home.serverRecord()); // which no unit is read from
        if (left.isPresent()) {
            left.get().write(home);
        }
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }
}
