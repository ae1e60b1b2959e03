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
 * @param guests where guests reach it: from its own machine ({@code guest.sock}) and, as its settings say, from others
 * @param token what a client that comes by TCP has to show, where it may
 * @param palace the palace it serves, if it is one
 * @param command the child's command line
 * @param process the daemon's process as the system knows it; empty in a file of an mpx that did not tell
 * @param child the child's process, where no guard answers for it
 * @param unit the service that started the daemon
 */
public record BrokerFile(
        String version,
        long pid,
        Instant startTime,
        String bootId,
        List<String> endpoints,
        List<String> guests,
        Optional<String> token,
        Optional<Path> palace,
        List<String> command,
        Optional<ProcessIdentity> process,
        Optional<ProcessIdentity> child,
        Optional<Unit> unit) {
    private static final long LARGEST = 1 << 20;

    /** Of a daemon that does not say which process it is. */
    public BrokerFile(String version, long pid, Instant startTime, String bootId, List<String> endpoints, Optional<Path> palace,
            List<String> command, Optional<ProcessIdentity> child) {
        this(version, pid, startTime, bootId, endpoints, List.of(), Optional.empty(), palace, command, Optional.empty(), child);
    }

    /** Of a daemon that no service has started. */
    public BrokerFile(String version, long pid, Instant startTime, String bootId, List<String> endpoints, List<String> guests,
            Optional<String> token,
            Optional<Path> palace, List<String> command, Optional<ProcessIdentity> process, Optional<ProcessIdentity> child) {
        this(version, pid, startTime, bootId, endpoints, guests, token, palace, command, process, child, Optional.empty());
    }

    public BrokerFile {
        endpoints = List.copyOf(endpoints);
        guests = List.copyOf(guests);
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
                texts(json.get("guests")),
                text(json, "token"),
                palace.isPresent() ? Optional.of(Path.of(palace.get())) : Optional.empty(),
                texts(json.get("command")),
                identity(json),
                json.get("child").isPresent() ? identity(json.get("child").get()) : Optional.empty(),
                text(json, "unit").filter(Unit::isName).map(Unit::new)));
    }

    private static Optional<ProcessIdentity> identity(JsonValue json) {
        Optional<JsonValue> number = json.get("pid");
        Optional<Long> pid = number.isPresent() ? number.get().integer() : Optional.empty();
        Optional<String> start = text(json, "start");
        return pid.isPresent() && start.isPresent() ? Optional.of(new ProcessIdentity(pid.get(), start.get())) : Optional.empty();
    }

    /** The daemon's process, if it still lives and this is the kernel that it was started on. */
    public Optional<ProcessIdentity> livingDaemon() {
        return process.isPresent() ? living(process.get()) : Optional.empty();
    }

    /** The child's process, likewise. */
    public Optional<ProcessIdentity> livingChild() {
        return child.isPresent() ? living(child.get()) : Optional.empty();
    }

    private Optional<ProcessIdentity> living(ProcessIdentity one) {
        return bootId.equals(BootId.current()) && one.isLiving() ? Optional.of(one) : Optional.empty();
    }

    /** The same with another child. */
    public BrokerFile with(Optional<ProcessIdentity> other) {
        return new BrokerFile(version, pid, startTime, bootId, endpoints, guests, token, palace, command, process, other, unit);
    }

    /** What is left of it when the daemon has gone in order: how others would reach the next one. */
    public BrokerFile ofOneThatLeft(List<String> advertised) {
        return new BrokerFile(version, pid, startTime, bootId, endpoints, advertised, Optional.empty(), palace, command, Optional.empty(),
                Optional.empty(), unit);
    }

    /** The same, of one that no service keeps any more. */
    BrokerFile withoutUnit() {
        return new BrokerFile(version, pid, startTime, bootId, endpoints, guests, token, palace, command, process, child,
                Optional.empty());
    }

    /** Takes the file away, unless another daemon has written it since: its home may have been removed and made anew. */
    public void remove(Path file) throws IOException {
        if (!isAnothers(file)) {
            Files.deleteIfExists(file);
        }
    }

    /** Puts another text in this one's place, likewise. */
    public void replaceBy(BrokerFile other, Path file) throws IOException {
        if (!isAnothers(file)) {
            other.write(file);
        }
    }

    private boolean isAnothers(Path file) {
        Optional<BrokerFile> there = read(file);
        return there.isPresent() && (there.get().pid != pid || !there.get().startTime.equals(startTime));
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
                + ",\n \"guests\": " + array(guests)
                + (token.isPresent() ? ",\n \"token\": " + quote(token.get()) : "")
                + ",\n \"palace\": " + (palace.isPresent() ? quote(palace.get().toString()) : "null")
                + ",\n \"command\": " + array(command)
                + (process.isPresent() ? ",\n \"start\": " + quote(process.get().start()) : "")
                + (unit.isPresent() ? ",\n \"unit\": " + quote(unit.get().name()) : "")
                + (child.isPresent()
                        ? ",\n \"child\": {\"pid\": " + child.get().pid() + ", \"start\": " + quote(child.get().start()) + "}"
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
