package dev.mpx.proxy.home;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code broker.json}: what a daemon says of itself to whoever looks for it. What it says may be out of date; only the
 * socket's answer counts.
 *
 * @param version of the mpx that wrote it
 * @param pid the daemon's
 * @param startTime when the daemon started
 * @param bootId of the kernel it runs on
 * @param endpoints where it listens, in the form {@link Endpoint#parse} reads; a reader skips those it does not know
 * @param palace the palace it serves, if it is one
 * @param command the child's command line
 * @param child the child's process, where no guard answers for it
 */
public record BrokerFile(
        String version,
        long pid,
        Instant startTime,
        String bootId,
        List<String> endpoints,
        Optional<Path> palace,
        List<String> command,
        Optional<Child> child) {
    /** A process that is told from a later one with the same pid by when it started. */
    public record Child(long pid, Instant startTime) {}

    private static final long LARGEST = 1 << 20;

    public BrokerFile {
        endpoints = List.copyOf(endpoints);
        command = List.copyOf(command);
    }

    /** What stands in the file; empty if there is none, or nothing that makes sense. */
    public static Optional<BrokerFile> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return Optional.empty();
            }
            Optional<JsonValue> json = JsonValue.parse(Files.readAllBytes(file));
            return json.isPresent() ? of(json.get()) : Optional.empty();
        } catch (IOException | DateTimeException | IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<BrokerFile> of(JsonValue json) {
        Optional<JsonValue> number = json.get("pid");
        Optional<Long> pid = number.isPresent() ? number.get().integer() : Optional.empty();
        List<String> endpoints = texts(json.get("endpoints"));
        if (pid.isEmpty() || endpoints.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> startTime = text(json, "startTime");
        Optional<String> palace = text(json, "palace");
        return Optional.of(new BrokerFile(
                text(json, "version").orElse("unknown"),
                pid.get(),
                startTime.isPresent() ? Instant.parse(startTime.get()) : Instant.EPOCH,
                text(json, "bootId").orElse(BootId.UNKNOWN),
                endpoints,
                palace.isPresent() ? Optional.of(Path.of(palace.get())) : Optional.empty(),
                texts(json.get("command")),
                child(json)));
    }

    private static Optional<Child> child(JsonValue json) {
        Optional<JsonValue> child = json.get("child");
        Optional<Long> pid = child.isPresent() ? child.get().get("pid").flatMap(JsonValue::integer) : Optional.empty();
        Optional<String> start = child.isPresent() ? text(child.get(), "startTime") : Optional.empty();
        return pid.isPresent() && start.isPresent()
                ? Optional.of(new Child(pid.get(), Instant.parse(start.get())))
                : Optional.empty();
    }

    /** The same with another child. */
    public BrokerFile with(Optional<Child> other) {
        return new BrokerFile(version, pid, startTime, bootId, endpoints, palace, command, other);
    }

    private static Optional<String> text(JsonValue json, String name) {
        Optional<JsonValue> value = json.get(name);
        return value.isPresent() ? value.get().text() : Optional.empty();
    }

    private static List<String> texts(Optional<JsonValue> array) {
        List<String> texts = new ArrayList<>();
        if (array.isPresent()) {
            for (JsonValue element : array.get().elements()) {
                Optional<String> text = element.text();
                if (text.isPresent()) {
                    texts.add(text.get());
                }
            }
        }
        return texts;
    }

    /** Puts this into the file in one step, readable by this user alone. */
    public void write(Path file) throws IOException {
        WholeFile.write(file, toJson().getBytes(StandardCharsets.UTF_8));
    }

    private String toJson() {
        return "{\"version\": " + quote(version)
                + ",\n \"pid\": " + pid
                + ",\n \"startTime\": " + quote(startTime.toString())
                + ",\n \"bootId\": " + quote(bootId)
                + ",\n \"endpoints\": " + array(endpoints)
                + ",\n \"palace\": " + (palace.isPresent() ? quote(palace.get().toString()) : "null")
                + ",\n \"command\": " + array(command)
                + (child.isPresent()
                        ? ",\n \"child\": {\"pid\": " + child.get().pid() + ", \"startTime\": "
                                + quote(child.get().startTime().toString()) + "}"
                        : "")
                + "}\n";
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }

    private static String array(List<String> texts) {
        StringBuilder json = new StringBuilder("[");
        for (String text : texts) {
            json.append(json.length() > 1 ? ", " : "").append(quote(text));
        }
        return json.append(']').toString();
    }
}
