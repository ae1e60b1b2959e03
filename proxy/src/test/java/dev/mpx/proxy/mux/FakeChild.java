package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.result;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Exit;
import dev.mpx.transports.ProcessLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** A server process played by the test. Unless told otherwise it answers {@code initialize} by itself, a moment later. */
public final class FakeChild extends FakeLink implements ProcessLink {
    /** A call of {@link #end}. */
    public record Ending(Duration untilTerm, Duration untilKill) {}

    static final long MOMENT_MILLIS = 1;

    private final Scheduler scheduler;
    private final long pid;
    private final Sinks.One<Exit> exited = Sinks.unsafe().one();
    private final ArrayDeque<Message.Request> requests = new ArrayDeque<>();
    private final ArrayDeque<Message.Request> pings = new ArrayDeque<>();
    private final List<Ending> endings = new ArrayList<>();
    private List<String> lastWords = List.of();
    private Optional<String> stuck = Optional.empty();
    private String greeting = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
            + "\"serverInfo\":{\"name\":\"palace\",\"version\":\"1\"}}";
    private boolean greets = true;
    private boolean dies = true;
    private Duration dying = Duration.ofMillis(5);
    private boolean dead;

    public FakeChild(Scheduler scheduler, long pid, ByteBudget budget, long outbox) {
        super(scheduler, "process", pid, budget, outbox);
        this.scheduler = scheduler;
        this.pid = pid;
    }

    /** mpx's own pings do not count among what it was sent; it answers them when told to. */
    @Override
    boolean isRecorded(String line) {
        if (!line.contains("\"method\":\"ping\"")) {
            return true;
        }
        pings.add((Message.Request) Message.read(Frame.of(line)));
        return false;
    }

    /** The pings it has not answered. */
    public List<Message.Request> pings() {
        return List.copyOf(pings);
    }

    /** Answers the pings that wait. */
    public FakeChild pong() {
        while (!pings.isEmpty()) {
            answer(pings.remove(), "{}");
        }
        return this;
    }

    // ---- how it behaves

    /** What it answers to {@code initialize}. */
    public FakeChild greetingWith(String resultJson) {
        greeting = resultJson;
        return this;
    }

    /** It does not answer {@code initialize}; the request stands first among {@link #next}. */
    public FakeChild notGreeting() {
        greets = false;
        return this;
    }

    /** It ends at once, as a guard does that finds its locks held by a job. */
    public FakeChild lentTo(String who) {
        greets = false;
        scheduler.schedule(() -> exit(new Exit(122, Optional.empty(), Optional.of(who))), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    /** How long it takes to die when it is ended. */
    public FakeChild dyingIn(Duration time) {
        dying = time;
        return this;
    }

    /** It does not die when it is ended. */
    public FakeChild immortal() {
        dies = false;
        return this;
    }

    /** What it has said on stderr. */
    public void says(String... lines) {
        lastWords = List.of(lines);
    }

    /** Who of its tree can't be ended. */
    public void stuckAs(String who) {
        stuck = Optional.of(who);
    }

    // ---- what it is asked

    @Override
    protected void onArrived(String line) {
        if (Message.read(Frame.of(line)) instanceof Message.Request request) {
            if (greets && request.method().equals("initialize")) {
                String answer = result(request.id(), greeting);
                scheduler.schedule(() -> type(answer), MOMENT_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                requests.add(request);
            }
        }
    }

    /** The next request it has been given and that was not taken here yet. */
    public Message.Request next() {
        if (requests.isEmpty()) {
            throw new NoSuchElementException("the child has not been asked anything more");
        }
        return requests.remove();
    }

    /** The requests not taken by {@link #next} yet, oldest first. */
    public List<Message.Request> waiting() {
        return List.copyOf(requests);
    }

    /** Answers a request with a result. */
    public void answer(Message.Request request, String resultJson) {
        type(result(request.id(), resultJson));
    }

    /** Takes the next request and answers it. */
    public void answerNext(String resultJson) {
        answer(next(), resultJson);
    }

    // ---- its life

    /** It ends. */
    public void exit(int status) {
        exit(new Exit(status));
    }

    private void exit(Exit exit) {
        if (!dead) {
            dead = true;
            hangUp();
            shut(new Closed(Closed.Cause.PEER, "ended"));
            exited.tryEmitValue(exit);
        }
    }

    public boolean isAlive() {
        return !dead;
    }

    /** Every call of {@link #end}, oldest first. */
    public List<Ending> endings() {
        return List.copyOf(endings);
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public List<String> lastWords() {
        return lastWords;
    }

    @Override
    public Optional<String> stuck() {
        return stuck;
    }

    @Override
    public Mono<Exit> exited() {
        return exited.asMono();
    }

    @Override
    public Mono<Exit> end(Duration untilTerm, Duration untilKill) {
        endings.add(new Ending(untilTerm, untilKill));
        if (dies) {
            int status = untilTerm.isZero() ? 143 : 0;
            scheduler.schedule(() -> exit(status), dying.toMillis(), TimeUnit.MILLISECONDS);
        }
        return exited();
    }
}
