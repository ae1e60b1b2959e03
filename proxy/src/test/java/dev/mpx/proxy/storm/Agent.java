package dev.mpx.proxy.storm;

import dev.mpx.fixtures.client.ConnectionLostException;
import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.fixtures.json.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One client: it starts a shim, writes one numbered fact after the other, and starts a new shim when the old one has
 * ended or, unless it is patient, says that its daemon is gone. Every wait is held against its bound. {@link #step} is called by one thread.
 */
final class Agent {
    /** Starting a daemon may take 30 s by itself, and one that is stopped is given 10 s to answer. */
    private static final Duration OPENING_BOUND = Duration.ofSeconds(45);
    /** Beyond every bound: it hangs. */
    private static final Duration HANG = Duration.ofSeconds(120);
    /** More than the pipe to the server holds. */
    private static final String BALLAST = "x".repeat(300_000);
    /** What a shim says that has lost its daemon. */
    private static final Set<String> LOST = Set.of("daemon-gone", "no-daemon");

    private final String name;
    private final Supplier<McpClientBuilder> shim;
    private final Duration bound;
    private final Ledger ledger;
    private final Figures figures;
    private final Stops stops;
    private final AtomicBoolean large = new AtomicBoolean();
    private volatile Optional<McpClient> session = Optional.empty();
    private volatile boolean shimKilled;
    private volatile int acknowledged;
    private boolean isPatient;
    private int number;

    /**
     * @param shim what it starts
     * @param bound within which each of its calls is answered, but for the time of the stops
     */
    Agent(String name, Supplier<McpClientBuilder> shim, Duration bound, Ledger ledger, Figures figures, Stops stops) {
        this.name = name;
        this.shim = shim;
        this.bound = bound;
        this.ledger = ledger;
        this.figures = figures;
        this.stops = stops;
    }

    /** It stays with its shim when that has lost its daemon, since the session goes on; else it starts a new one. */
    Agent patient() {
        isPatient = true;
        return this;
    }

    int acknowledgements() {
        return acknowledged;
    }

    /** Its next write is one that a server's pipe can't hold. */
    void writeLarge() {
        large.set(true);
    }

    /** SIGKILL to its shim; false if it has none just now. */
    boolean killShim() {
        Optional<McpClient> victim = session;
        if (victim.isPresent()) {
            shimKilled = true;
            victim.get().kill();
        }
        return victim.isPresent();
    }

    /** Opens a session, or writes one fact. */
    void step() {
        try {
            if (session.isEmpty()) {
                open();
            } else {
                write(session.get());
            }
        } catch (RuntimeException | AssertionError e) {
            figures.violation(name + ": " + e);
            close();
        }
    }

    private void open() {
        shimKilled = false;
        long start = System.nanoTime();
        McpClient client = shim.get().timeout(HANG).open();
        session = Optional.of(client);
        try {
            JsonResponse answer = client.initialize();
            Duration took = took(start, OPENING_BOUND, "initialize");
            if (answer.isError()) {
                figures.error("initialize " + answer.errorCode().orElse(0));
                close();
            } else {
                figures.opened(took);
            }
        } catch (ConnectionLostException e) {
            lost("initialize", e);
        }
    }

    private void write(McpClient client) {
        String fact = name + "-" + ++number;
        Json arguments = Json.object("subject", fact, "predicate", "written_by", "object", name);
        String meta = large.getAndSet(false) ? ",\"_meta\":{\"ballast\":\"" + BALLAST + "\"}" : "";
        ledger.enter(fact, Ledger.Fate.OPEN);
        long start = System.nanoTime();
        try {
            JsonResponse answer = client.call("tools/call",
                    "{\"name\":\"mempalace_kg_add\",\"arguments\":" + arguments.raw() + meta + "}")
                    .get(HANG.toSeconds(), TimeUnit.SECONDS);
            figures.waited(took(start, bound, fact + ", answered " + brief(answer)));
            judge(fact, answer);
        } catch (TimeoutException e) {
            figures.violation(fact + " had no answer after " + HANG);
            close();
        } catch (ExecutionException e) {
            ledger.enter(fact, Ledger.Fate.UNKNOWN);
            lost(fact, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void judge(String fact, JsonResponse answer) {
        if (!answer.isError()) {
            boolean done = answer.textAsJson().at("success").isTrue();
            ledger.enter(fact, done ? Ledger.Fate.ACKNOWLEDGED : Ledger.Fate.UNKNOWN);
            if (done) {
                acknowledged++; // by one thread at a time
                figures.acknowledged();
            } else {
                figures.error(answer.text());
            }
            return;
        }
        String outcome = answer.errorData("mpx", "outcome").map(Json::text).orElse("");
        String reason = answer.errorData("mpx", "reason").map(Json::text).orElse("");
        ledger.enter(fact, outcome.equals("not-sent") ? Ledger.Fate.NOT_SENT : Ledger.Fate.UNKNOWN);
        figures.error(answer.errorCode().orElse(0) + " " + reason + " " + outcome);
        if (!outcome.equals("not-sent") && !outcome.equals("unknown")) {
            figures.violation(fact + " got an error that does not say whether it was written: " + answer);
        }
        if (LOST.contains(reason) && !isPatient) {
            close();
        }
    }

    private static String brief(JsonResponse answer) {
        return answer.isError() ? answer.toString() : "well";
    }

    private Duration took(long start, Duration allowed, String what) {
        long end = System.nanoTime();
        Duration took = Duration.ofNanos(end - start).minus(stops.between(start, end));
        if (took.compareTo(allowed) > 0) {
            figures.violation(what + " took " + took + ", more than " + allowed);
        }
        return took;
    }

    /** Only who is killed may end without an answer. */
    private void lost(String what, Throwable cause) {
        figures.error("shim killed");
        if (!shimKilled) {
            figures.violation(what + ": the shim ended without an answer: " + cause);
        }
        close();
    }

    /** Ends the session, if there is one; what came that nobody waited for goes against the rules. */
    void close() {
        session.ifPresent(client -> {
            client.nextLine(Duration.ZERO).ifPresent(line -> figures.violation(name + " got what it did not ask for: " + line));
            client.close();
        });
        session = Optional.empty();
    }
}
