package dev.mpx.proxy.home;

import dev.mpx.framing.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The service that starts a home's daemon: a unit of systemd's, or a label of launchd's. It says so by a variable in the daemon's
 * environment, which the daemon leaves in {@code broker.json} and {@code server.json}, so that advice can name it when the daemon is gone.
 *
 * @param name such as {@code mpx.service}
 */
public record Unit(String name) {
    /** By it a service tells the daemon its own name. */
    public static final String VARIABLE = "MPX_UNIT";

    private static final String SYSTEMD = ".service";

    /** That of the daemon which this process is; empty where no service has started it, or the variable makes no sense. */
    public static Optional<Unit> ofProcess(Environment environment) {
        return environment.get(VARIABLE).filter(Unit::isName).map(Unit::new);
    }

    /** That of the home's latest daemon. Blocks for a moment. */
    public static Optional<Unit> of(Home home) {
        Optional<Unit> living = read(home.brokerFile());
        return living.isPresent() ? living : read(home.serverRecord());
    }

    /**
     * Has the home's records name this one no more, since it is there no more: what a daemon left that has gone. A living daemon's own
     * record stays. Blocks for a moment.
     *
     * @throws IOException if they can't be written
     */
    public void forget(Home home) throws IOException {
        if (read(home.serverRecord()).filter(this::equals).isPresent()) {
            ServerRecord.withoutUnit(home);
        }
        Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile())
                .filter(left -> left.unit().filter(this::equals).isPresent() && left.livingDaemon().isEmpty());
        if (broker.isPresent()) {
            broker.get().withoutUnit().write(home.brokerFile());
        }
    }

    private static Optional<Unit> read(Path file) {
        try {
            return Files.isRegularFile(file)
                    ? JsonValue.parse(Files.readAllBytes(file)).flatMap(json -> json.get("unit")).flatMap(JsonValue::text)
                            .filter(Unit::isName).map(Unit::new)
                    : Optional.empty();
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    /** Nothing in it means anything to a shell: it becomes part of a command that people paste. */
    static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= 255 && text.charAt(0) != '-'
                && text.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "@_.:-".indexOf(c) >= 0));
    }

    /** The command that replaces the home's daemon: that of its service, or mpx's own, which shares what the home's record says. */
    public static String restart(Home home) {
        Optional<Unit> unit = of(home);
        return unit.isPresent() ? unit.get().restart() : "mpx restart --home " + ShellWords.quote(home.directory().toString());
    }

    /**
     * Where the home's daemon says what happens, for the middle of a sentence. What one of systemd's prints is in the journal alone;
     * what another one prints is in a file of its own, which is mostly empty.
     */
    public static String log(Home home) {
        return of(home).flatMap(Unit::journal).map(journal -> home.mpxLog() + " (and what it printed: " + journal + ")")
                .orElseGet(() -> (hasText(home.daemonLog()) || !hasText(home.mpxLog()) ? home.daemonLog() : home.mpxLog()).toString());
    }

    private static boolean hasText(Path file) {
        return file.toFile().length() > 0;
    }

    /** The command that shows what the service's daemon has printed; empty where the system keeps no such journal. */
    public Optional<String> journal() {
        return name.endsWith(SYSTEMD) ? Optional.of("journalctl --user -u " + name) : Optional.empty();
    }

    /** A sentence that names the service and its command; empty where there is none. */
    public static String hint(Home home) {
        Optional<Unit> unit = of(home);
        return unit.isPresent() ? " The service " + unit.get().name() + " keeps it; this starts it again: " + unit.get().restart() : "";
    }

    /** The command that ends the daemon and starts it again. */
    public String restart() {
        return name.endsWith(SYSTEMD) ? "systemctl --user restart " + name : "launchctl kickstart -k gui/" + Owner.uid() + "/" + name;
    }
}
