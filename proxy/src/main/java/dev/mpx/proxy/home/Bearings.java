package dev.mpx.proxy.home;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a person needs to go on who has met a daemon that is in the way: where it listens, its log, the service that keeps it, and the
 * commands that replace and end it. Stateless.
 */
public final class Bearings {
    private static final Pattern END = Pattern.compile("This ends it: (mpx stop.*?); this starts it anew as it is: ");

    private Bearings() {}

    /** Of the home's daemon, in sentences, by what it has left on record. Blocks for a moment. */
    public static String of(Home home) {
        Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile());
        // a relay has none
        Optional<String> commands = ServerRecord.of(home).map(served -> commands(Unit.restart(home), home.option()));
        return of(home, broker.flatMap(file -> file.endpoints().stream().findFirst()), Unit.of(home)) + commands.orElse("");
    }

    /**
     * Of a daemon that tells it itself. Does not block.
     *
     * @param option by which a command means its home
     */
    public static String of(Home home, Optional<String> endpoint, Optional<Unit> unit, String option) {
        return of(home, endpoint, unit) + commands(unit.map(Unit::restart).orElse("mpx restart" + option), option);
    }

    private static String of(Home home, Optional<String> endpoint, Optional<Unit> unit) {
        return endpoint.map(where -> "It listens at " + where + "; its log is ").orElse("Its log is ") + home.mpxLog() + "."
                + unit.map(one -> " The service " + one.name() + " keeps it.").orElse("");
    }

    /** The command that ends the daemon, in a text that holds these sentences of one; empty where it holds none. */
    public static Optional<String> end(String text) {
        return END.matcher(text).results().map(found -> found.group(1)).findFirst();
    }

    private static String commands(String restart, String option) {
        return " This ends it: mpx stop" + option + "; this starts it anew as it is: " + restart;
    }
}
