package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.notification;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.ErrorCode;
import dev.mpx.transports.ByteBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** A multiplexer on a bench: time, child and clients are the test's. Nothing happens unless the test makes it. */
public final class Bench {
    static final String NEWEST = "2025-11-25";
    static final String EVERYTHING = "{\"sampling\":{},\"elicitation\":{},\"roots\":{}}";

    public final BenchTime time = new BenchTime();
    final ByteBudget budget;
    public final FakeLauncher launcher;
    public final Multiplexer mux;
    private long clients;

    /** How a bench is set up. */
    static final class Setup {
        private int window = 16;
        private Optional<String> declared = Optional.empty();
        private boolean stableLists;
        private Limits limits = Limits.DEFAULT;
        private long budget = 64 << 20;
        private Timeouts timeouts = Timeouts.DEFAULT;
        private Set<String> reads = Set.of();
        private List<HeldAnswer> held = List.of();
        private Map<String, LongPoll> polls = Map.of();
        private boolean flatSchemas;
        private Profiles profiles = Profiles.NONE;
        private Recycle recycle = Recycle.NEVER;
        private Supplier<Long> memory = () -> 0L;
        private CallObserver observer = CallObserver.NONE;
        private Control control = (peer, method, params) ->
                new Control.Reply.Refused(Fault.plain(ErrorCode.METHOD_NOT_FOUND, "no " + method));

        Setup window(int calls) {
            window = calls;
            return this;
        }

        Setup declaring(String capabilities) {
            declared = Optional.of(capabilities);
            return this;
        }

        Setup stableLists() {
            stableLists = true;
            return this;
        }

        Setup limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        Setup budget(long bytes) {
            budget = bytes;
            return this;
        }

        /** The shipped ones, but for calls on the child. */
        Setup request(Duration request) {
            Timeouts shipped = Timeouts.DEFAULT;
            return timeouts(new Timeouts(
                    request, shipped.max(), shipped.total(), shipped.initialize(), shipped.grace(), Map.of(), Map.of()));
        }

        /** The shipped ones, but for some tools. */
        Setup tools(Map<String, Duration> tools) {
            Timeouts shipped = Timeouts.DEFAULT;
            return timeouts(new Timeouts(
                    shipped.request(), shipped.max(), shipped.total(), shipped.initialize(), shipped.grace(), Map.of(), tools));
        }

        Setup timeouts(Timeouts timeouts) {
            this.timeouts = timeouts;
            return this;
        }

        Setup reads(String... tools) {
            reads = Set.of(tools);
            return this;
        }

        Setup held(HeldAnswer... forms) {
            held = List.of(forms);
            return this;
        }

        Setup polls(Map<String, LongPoll> capped) {
            polls = capped;
            return this;
        }

        Setup flatSchemas() {
            flatSchemas = true;
            return this;
        }

        Setup profiles(Profiles profiles) {
            this.profiles = profiles;
            return this;
        }

        Setup recycle(Recycle recycle, Supplier<Long> memory) {
            this.recycle = recycle;
            this.memory = memory;
            return this;
        }

        Setup control(Control answers) {
            control = answers;
            return this;
        }

        Setup observer(CallObserver one) {
            observer = one;
            return this;
        }

        Bench bench() {
            return new Bench(this);
        }
    }

    static Setup with() {
        return new Setup();
    }

    public Bench() {
        this(with());
    }

    private Bench(Setup setup) {
        budget = new ByteBudget(setup.budget);
        launcher = new FakeLauncher(time, budget);
        ServerTraits traits = new ServerTraits(
                "palace", setup.window, setup.declared, setup.stableLists, setup.reads, setup.held, setup.polls, setup.flatSchemas);
        mux = new Multiplexer(
                new Policy("0.1.0", traits, setup.limits, setup.timeouts, setup.recycle),
                new Surroundings(
                        time,
                        launcher,
                        budget,
                        setup.control,
                        pid -> Mono.just("pid " + pid + " (other writer), running since yesterday"),
                        setup.profiles,
                        pid -> Mono.just(setup.memory.get()),
                        new Random(1),
                        () -> Instant.ofEpochMilli(time.now(TimeUnit.MILLISECONDS)),
                        setup.observer));
    }

    /** Lets everything that is due within a moment happen. */
    public Bench settle() {
        return pass(Duration.ofMillis(10));
    }

    public Bench pass(Duration duration) {
        time.pass(duration);
        return this;
    }

    /** The process is stopped, or the machine sleeps, for that long. */
    Bench lose(Duration duration) {
        time.lose(duration);
        return this;
    }

    /** A client that has connected and said nothing. */
    FakeLink connect() {
        return connect(FakeLink.OUTBOX);
    }

    /** @param outbox the bound of what may wait for it, in bytes */
    FakeLink connect(long outbox) {
        FakeLink link = new FakeLink(time, "unix", 100 + clients++, budget, outbox);
        mux.accept(link);
        return link;
    }

    /** A client that has shaken hands and declared every capability. */
    public FakeLink client() {
        return client(NEWEST, EVERYTHING);
    }

    FakeLink client(String revision, String capabilities) {
        return shakeHands(connect(), revision, capabilities);
    }

    FakeLink shakeHands(FakeLink link, String revision, String capabilities) {
        link.type(initialize("\"hello\"", revision, capabilities));
        settle();
        assertThat(link.take()).singleElement().asString().startsWith("{\"jsonrpc\":\"2.0\",\"id\":\"hello\",\"result\":");
        link.type(notification("notifications/initialized", "{}"));
        return link;
    }

    /** The child of the moment, which must have been started. */
    FakeChild child() {
        List<FakeChild> children = launcher.children();
        return children.get(children.size() - 1);
    }

    long count(Counter counter) {
        return mux.snapshot().counters().get(counter);
    }

    /** Drains; the answer tells whether that is complete. */
    DrainWatch drain(Duration patience) {
        DrainWatch watch = new DrainWatch();
        Mono<Void> drained = mux.drain(patience);
        drained.subscribe(null, error -> {
            throw new AssertionError(error);
        }, () -> watch.complete = true);
        return watch;
    }

    static final class DrainWatch {
        private boolean complete;

        boolean isComplete() {
            return complete;
        }
    }
}
