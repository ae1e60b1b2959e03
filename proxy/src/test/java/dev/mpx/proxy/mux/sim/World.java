package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.proxy.mux.Control;
import dev.mpx.proxy.mux.Lending;
import dev.mpx.proxy.mux.Multiplexer;
import dev.mpx.proxy.mux.Policy;
import dev.mpx.proxy.mux.Profiles;
import dev.mpx.proxy.mux.Recycle;
import dev.mpx.proxy.mux.Residue;
import dev.mpx.proxy.mux.Surroundings;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.ProcessLink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** One run: clients, a child that comes and goes, a multiplexer between them, and an oracle that watches. */
final class World {
    static final String STATUS = "{\"well\":true}";
    static final List<String> URIS = List.of("mem:a", "mem:b", "mem:b/part", "mem:");
    private static final long MOST_STEPS = 200_000;

    final Plan plan;
    final SplittableRandom random;
    final List<String> tasks = new ArrayList<>();
    private final VirtualTime time = new VirtualTime();
    private final Trace trace;
    private final Tap tap;
    private final ByteBudget budget;
    private final Oracle oracle;
    private final Multiplexer multiplexer;
    private Optional<SimChild> child = Optional.empty();
    private Optional<SimProcess> process = Optional.empty();
    private Optional<SimProcess> latest = Optional.empty();
    private long pids;
    private final Set<String> seen = new TreeSet<>();
    private Optional<Throwable> broken = Optional.empty();
    private long otherWriter;
    private long otherWriterUntil;
    private boolean calm;
    private boolean drained;

    /** @param keptEvents how many events a failure shows */
    World(long seed, Tap tap, int keptEvents) {
        random = new SplittableRandom(seed);
        plan = Plan.of(seed, random.split());
        this.tap = tap;
        trace = new Trace(time, keptEvents);
        budget = new ByteBudget(plan.memory());
        oracle = new Oracle(plan.limits(), budget, plan.traits(), plan.faults().timeouts(), time);
        Control control = (peer, method, params) -> new Control.Reply.Result(STATUS.getBytes(StandardCharsets.UTF_8));
        multiplexer = new Multiplexer(
                new Policy(
                        "0",
                        tap.traits(plan.traits()),
                        plan.limits(),
                        tap.timeouts(plan.faults().timeouts()),
                        Recycle.NEVER),
                new Surroundings(
                        time,
                        this::launch,
                        budget,
                        control,
                        pid -> Mono.just("pid " + pid),
                        Profiles.NONE,
                        pid -> Mono.empty(),
                        random.split()));
    }

    // ---- the run

    /** @throws Violation if an invariant does not hold */
    void run() {
        for (int i = 1 + random.nextInt(plan.clients()); i > 0; i--) {
            newClient();
        }
        scheduleActions();
        settle();
        // whatever the child has done, and even if it is silent still
        oracle.checkAnswered();
        calm = true;
        child.filter(c -> process.isPresent()).ifPresent(SimChild::goOn);
        oracle.clients.forEach(SimClient::becomeWilling);
        settle();
        if (!plan.drainsEarly()) {
            oracle.checkQuiet();
            oracle.clients.stream().filter(c -> c.link.isOpen()).forEach(SimClient::leave);
            settle();
            oracle.clients.stream().filter(c -> c.link.isOpen()).forEach(c -> c.link.hangUp());
            settle();
            oracle.checkQuiet();
            checkNothingIsLeft();
            drain();
            settle();
        }
        if (!drained || process.isPresent()) {
            throw new Violation("not drained");
        }
    }

    private void scheduleActions() {
        long at = 0;
        for (int i = 0; i < plan.actions(); i++) {
            at += random.nextInt(plan.pauseMillis());
            time.after(at, this::act);
        }
        if (plan.drainsEarly()) {
            time.after(random.nextLong(at + 1), this::drain);
        }
    }

    private void act() {
        if (plan.faults().present() && happens(plan.faults().jumps())) {
            long millis = 1500 + random.nextInt(20_000);
            trace.event("stopped", millis + " ms");
            seen.add("time jumped");
            time.stop(millis);
        }
        List<SimClient> here = oracle.clients.stream().filter(c -> c.link.isOpen()).toList();
        if (plan.lends() && !oracle.draining && random.nextInt(12) == 0) {
            borrow();
        } else if (random.nextInt(4) == 0) {
            child.filter(c -> process.isPresent()).ifPresent(SimChild::act);
        } else if (here.size() < plan.clients() && random.nextInt(6) == 0) {
            newClient();
        } else if (!here.isEmpty()) {
            here.get(random.nextInt(here.size())).act();
        }
    }

    /** Somebody wants the data, for a moment or for longer than calls wait, and may lose patience. */
    private void borrow() {
        LendingOracle.Borrower borrower = oracle.lending.asked();
        trace.event("borrow", borrower.arrival);
        seen.add("borrowed");
        Lending.Turn turn = multiplexer.lending().ask("job " + borrower.arrival, given -> {
            trace.event("lent", borrower.arrival);
            watching(() -> oracle.lending.given(borrower));
            long millis = random.nextInt(4) == 0 ? random.nextInt(25_000) : random.nextInt(500);
            time.after(millis, () -> giveBack(borrower, given));
        });
        borrower.turn = Optional.of(turn);
        if (random.nextInt(5) == 0) {
            time.after(random.nextInt(500), () -> giveBack(borrower, turn));
        }
        check();
    }

    private void giveBack(LendingOracle.Borrower borrower, Lending.Turn turn) {
        if (!borrower.done) {
            trace.event("back", borrower.arrival);
            oracle.lending.ended(borrower);
            turn.end();
            check();
        }
    }

    private void drain() {
        trace.event("drain", "");
        for (LendingOracle.Borrower borrower : oracle.lending.waiting()) {
            giveBack(borrower, borrower.turn.orElseThrow());
        }
        watching(() -> oracle.draining());
        multiplexer.drain(Duration.ofMillis(random.nextInt(300))).subscribe(v -> {}, e -> {}, () -> drained = true);
        check();
    }

    /** Runs until nothing is left to happen, and looks at everything after every step. */
    private void settle() {
        while (true) {
            trace.step();
            if (!time.step()) {
                return;
            }
            check();
            if (trace.steps() > MOST_STEPS) {
                throw new Violation("it never comes to rest");
            }
        }
    }

    /**
     * Something was wrong in the middle of a step. It is told at the step's end, since an exception thrown through
     * the multiplexer may be caught there, and would change what it does next.
     */
    void broken(Throwable how) {
        if (broken.isEmpty()) {
            broken = Optional.of(how);
        }
    }

    private void watching(Runnable judge) {
        try {
            judge.run();
        } catch (Violation violation) {
            broken(violation);
        }
    }

    private void check() {
        if (broken.isPresent()) {
            throw broken.get() instanceof Violation violation
                    ? violation
                    : new AssertionError("the multiplexer failed: " + broken.get(), broken.get());
        }
        oracle.check();
    }

    private void checkNothingIsLeft() {
        Residue.of(multiplexer).forEach((what, count) -> {
            if (count != 0) {
                throw new Violation("everybody has left and all is answered, but of " + what + " there are " + count);
            }
        });
        if (budget.held() != 0) {
            throw new Violation(budget.held() + " bytes are never given back");
        }
    }

    /** Whether something that happens so many times in a hundred, and never once all is calm, happens now. */
    boolean happens(int perCent) {
        return perCent > 0 && !calm && random.nextInt(100) < perCent;
    }

    /** Another process takes the server's data for a while, longer than any deadline at times. */
    void anotherWriterComes() {
        seen.add("another writer");
        otherWriter = 5000 + random.nextInt(3);
        otherWriterUntil = time.millis() + (random.nextInt(4) == 0 ? 60_000 : 10 + random.nextInt(3000));
    }

    /** Who holds the data now, so that the server can write nothing. */
    OptionalLong otherWriter() {
        return !calm && time.millis() < otherWriterUntil ? OptionalLong.of(otherWriter) : OptionalLong.empty();
    }

    void after(long millis, Runnable task) {
        time.after(millis, task);
    }

    Optional<SimClient> anotherThan(SimClient one) {
        List<SimClient> others = oracle.clients.stream().filter(c -> c != one && c.link.isOpen()).toList();
        return others.isEmpty() ? Optional.empty() : Optional.of(others.get(random.nextInt(others.size())));
    }

    /** What kinds of things have happened, by name. */
    Set<String> seen() {
        return seen;
    }

    private static String name(Object meaning) {
        return meaning instanceof ClientSaid.Request request
                ? request.ask().method
                : meaning.getClass().getName().replaceAll(".*[.]", "");
    }

    /** The last events, for whoever reads a failure. */
    Trace trace() {
        return trace;
    }

    // ---- clients

    private void newClient() {
        boolean slow = random.nextInt(100) < plan.slowReaders();
        LongSupplier delay = () -> slow && !calm ? random.nextInt(300) : random.nextInt(3);
        String name = "c" + (oracle.clients.size() + 1);
        SimLink<ClientSaid> link = new SimLink<>(time, budget, slow ? 8 * 1024 : 1 << 20, delay, name);
        SimClient client = new SimClient(name, link, this);
        link.wiring = new ClientWiring(client);
        link.sudden = plan.suddenEnds();
        oracle.clients.add(client);
        trace.event("new", client + (slow ? ", a slow reader" : ""));
        multiplexer.accept(link);
        client.act();
    }

    private final class ClientWiring implements Wiring<ClientSaid> {
        private final SimClient client;

        ClientWiring(SimClient client) {
            this.client = client;
        }

        @Override
        public void read(Parcel<ClientSaid> parcel, Consumer<Line> reader) {
            trace.event(client + " ->", parcel.line());
            seen.add(name(parcel.meaning()));
            watching(() -> oracle.clientSaid(client, parcel.meaning(), Optional.empty()));
            tap.fromClient(client, parcel.line(), reader);
        }

        @Override
        public void sending(Frame frame, Consumer<Frame> outbox) {
            tap.toClient(client, frame, outbox);
        }

        @Override
        public void sent(Out out) {
            trace.event(client + " <-", out.frame);
            Oracle.json(out.frame.toString()).flatMap(m -> m.at("error", "code")).ifPresent(c -> seen.add("error " + c));
            Oracle.json(out.frame.toString())
                    .flatMap(m -> m.at("error", "data", "mpx", "reason"))
                    .ifPresent(reason -> seen.add("reason " + reason));
            watching(() -> oracle.toClient(client, out));
        }

        @Override
        public void begun(Out out) {}

        @Override
        public void withdrawn(Out out) {
            broken(new Violation("taken back from a client: " + out.frame));
        }

        @Override
        public void received(Out out) {
            client.onFrame(out.frame);
        }

        @Override
        public void ended() {
            trace.event(client + " ends", "");
            seen.add("half-closed");
        }

        @Override
        public void closed(Closed closed) {
            trace.event(client + " left", closed.cause());
            seen.add("left " + closed.cause());
            watching(() -> oracle.clientLeft(client));
        }
    }

    // ---- the child

    private Mono<ProcessLink> launch() {
        return Mono.create(sink -> time.after(random.nextInt(20), () -> {
            if (random.nextInt(100) < plan.failedStarts() / 2) {
                trace.event("no start", "");
                seen.add("no start");
                watching(() -> oracle.child.launchFailed());
                sink.error(new IllegalStateException("no such program"));
            } else {
                sink.success(start());
            }
        }));
    }

    private SimProcess start() {
        LongSupplier delay = () -> random.nextInt(3);
        latest.filter(old -> !old.isDead()).ifPresent(old -> broken(new Violation("started while " + old + " lives")));
        SimProcess started = new SimProcess(time, budget, ++pids, delay, new ProcessWatch());
        latest = Optional.of(started);
        SimChild inhabitant = new SimChild(started, this);
        started.inhabit(inhabitant);
        started.wiring = new ChildWiring(started, inhabitant);
        trace.event("start", started);
        watching(() -> oracle.lending.started());
        watching(() -> oracle.child.started(started));
        process = Optional.of(started);
        child = Optional.of(inhabitant);
        return started;
    }

    private final class ProcessWatch implements SimProcess.Custody {
        @Override
        public boolean ending(SimProcess ended, Duration untilTerm, Duration untilKill) {
            trace.event("end", ended + ", SIGTERM after " + untilTerm.toMillis() + " ms");
            boolean serving = oracle.child.isServing();
            if (serving && untilTerm.isZero()) {
                seen.add("stall killed");
            }
            watching(() -> oracle.deadlines.ended(serving, untilTerm, untilKill));
            if (!untilTerm.isZero()) {
                oracle.lending.childEnded();
                oracle.child.ended();
            }
            return tap.takesEndingForDead();
        }

        @Override
        public void exited(SimProcess ended) {
            World.this.exited(ended);
        }
    }

    private void exited(SimProcess ended) {
        trace.event("exit", ended);
        seen.addAll(oracle.seen);
        seen.add(oracle.child.isWelcome() ? "died" : "died in the handshake");
        process = Optional.empty();
        watching(() -> oracle.child.gone());
    }

    private final class ChildWiring implements Wiring<ChildSaid> {
        private final SimProcess link;
        private final SimChild inhabitant;

        ChildWiring(SimProcess link, SimChild inhabitant) {
            this.link = link;
            this.inhabitant = inhabitant;
        }

        @Override
        public void read(Parcel<ChildSaid> parcel, Consumer<Line> reader) {
            trace.event("child ->", parcel.line());
            seen.add(name(parcel.meaning()));
            watching(() -> oracle.childSaid(parcel.meaning()));
            tap.fromChild(parcel.line(), reader);
        }

        @Override
        public void sending(Frame frame, Consumer<Frame> outbox) {
            tap.toChild(frame, outbox);
        }

        @Override
        public void sent(Out out) {
            trace.event("child <-", out.frame);
            watching(() -> oracle.toChild(link, out));
        }

        @Override
        public void begun(Out out) {
            watching(() -> out.ask.ifPresent(Ask::begins));
        }

        @Override
        public void withdrawn(Out out) {
            seen.add("taken back unsent");
            watching(() -> out.ask.ifPresent(oracle.calls::withdrawn));
        }

        @Override
        public void received(Out out) {
            watching(() -> inhabitant.onFrame(out.frame));
        }

        @Override
        public void ended() {}

        @Override
        public void closed(Closed closed) {
            trace.event("child closed", closed.cause());
            link.givenUp();
        }
    }
}
