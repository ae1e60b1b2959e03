package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.LineReader;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Exit;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.Sending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * The one child: started when needed, greeted by mpx itself, seen dead before another is started. At most one
 * process exists at any time; the state changes in {@link #enter} alone.
 */
final class Child implements Calls.Port {
    /** Where the child is in its life; DESIGN.md, "The child". */
    enum State {
        /** No process, and none is wanted yet. */
        STOPPED,
        /** No process; the next start waits for the backoff to pass. */
        BACKING_OFF,
        /** A process is being started, or has not finished the handshake. */
        STARTING,
        READY,
        /** No process, and none is started: somebody else has its data for a while. */
        LENT,
        /** It answers nobody any more; its tree is being ended. */
        STALLED,
        /** The process is being ended. */
        STOPPING,
        /**
         * Its tree can't be ended, or its start neither succeeds nor fails: something hangs in the kernel. Until it is
         * known to be gone there is no other child.
         */
        WEDGED;

        /** The word for it in status lines. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** What the rest of the multiplexer wants to hear of the child. */
    interface Listener {
        /** The handshake is done; {@link Child#onFirstLists} is awaited. */
        void onReady(Handshake handshake);

        /** Its first lists are overdue. Whether it may stay all the same, because it answers other things. */
        boolean mayGoOnWithoutFirstLists();

        void onMessage(Message message);

        /** A process that had been ready is gone; its link is closed. */
        void onGone(Optional<Fault.ChildState> who, List<String> lastWords);

        /** No process is left, and none is started before {@link Child#takeBack}. */
        void onLent();

        /** It can't be started, as a borrower has its data of whom mpx knew nothing; the sentence says who. It tries again soon. */
        void onFoundLent(String who);

        /** One that was not ready yet was ended for a borrower who has given up since: those who wait need another. */
        void onLoanWithdrawn();

        /** It can't be started; the cause is a plain sentence. */
        void onUnavailable(String cause, List<String> lastWords);

        /** Its process hangs and can't be ended; nothing that was asked of it will be answered. The cause is a plain sentence. */
        void onWedged(String cause, List<String> lastWords);

        /** A line that was too long to keep. */
        void onTooLong(OversizedLine line);

        /** Whether the child's next line may be read. */
        boolean mayReadOn();

        /** Whether nobody waits for anything of the child. */
        boolean isIdle();
    }

    /** How the latest process ended, for people. */
    private record Ended(String why, long at, boolean orderly) {}

    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    /**
     * After SIGKILL: 10 s (DESIGN.md, "The child"), in which a guard has its say; one in which a guard that has said nothing
     * is killed; and one in which that is seen.
     */
    private static final Duration WEDGED_AFTER = Duration.ofSeconds(12);
    private static final Duration HEALTHY = Duration.ofMinutes(1);
    /** How soon to try again when a borrower has the data that mpx knew nothing of. */
    private static final Duration LENT_PAUSE = Duration.ofSeconds(1);

    private final Launcher launcher;
    private final Greeting greeting;
    private final Limits limits;
    private final Timeouts timeouts;
    private final PatientClock clock;
    private final Scheduler scheduler;
    private final Counters counters;
    private final Backoff backoff;
    private final Listener listener;
    private final LineReader reader = new LineReader();
    private final Disposable.Swap backingOff = Disposables.swap();
    private final PatientTimer timer;
    private final Sinks.Empty<Void> finished = Sinks.empty();

    private State state = State.STOPPED;
    private Optional<ProcessLink> link = Optional.empty();
    private Optional<Intake> intake = Optional.empty();
    private Optional<Handshake> handshake = Optional.empty();
    private Optional<String> failure = Optional.empty();
    /** Of the latest start that is over; kept while the next one is on its way. */
    private Optional<String> startFailure = Optional.empty();
    private Optional<Ended> ended = Optional.empty();
    /** When the next start is due, while it has to wait. */
    private long startsAt;
    private RpcId greetingId = RpcId.of("");
    private long starts;
    private long readySince;
    private boolean retired;
    private boolean endedWell;
    private boolean recycled;
    /** As soon as no process is left, none is started until it is taken back. */
    private boolean lends;
    /** Who has the data, if that is why the start failed. */
    private Optional<String> borrower = Optional.empty();
    /** The start failed, perhaps because of how it was done: the next one is another, and nobody is told of this one. */
    private boolean isToBeTriedAgain;
    /** It is tried to start it, and up to now a borrower had its data. */
    private boolean isKeptOut;
    /** It began to leave by itself while nobody used it. */
    private boolean leavesIdle;
    /** It is ready, and has given its first lists or never will. */
    private boolean complete;
    /** It was ready once, and yet its start has failed. */
    private boolean incomplete;

    Child(
            Greeting greeting,
            Policy policy,
            PatientClock clock,
            Surroundings surroundings,
            Counters counters,
            Listener listener) {
        this.launcher = surroundings.launcher();
        this.greeting = greeting;
        this.limits = policy.limits();
        this.timeouts = policy.timeouts();
        this.clock = clock;
        this.scheduler = surroundings.scheduler();
        this.timer = new PatientTimer(scheduler, clock);
        this.backoff = new Backoff(surroundings.random());
        this.counters = counters;
        this.listener = listener;
    }

    private void enter(State next) {
        LOG.debug("child: {} -> {}", state, next);
        state = next;
        complete &= next == State.READY;
        isKeptOut &= next == State.BACKING_OFF || next == State.STARTING;
        clock.childIsReady(complete);
    }

    @Override
    public void need() {
        if (state == State.WEDGED) {
            listener.onUnavailable(whyWedged(), lastWords());
        }
        if (state != State.STOPPED || retired) {
            return;
        }
        Duration delay = backoff.delay();
        if (delay.isZero()) {
            start();
        } else {
            LOG.info("the server is not started again before {} ms have passed", delay.toMillis());
            startIn(delay);
        }
    }

    private void startIn(Duration delay) {
        enter(State.BACKING_OFF);
        startsAt = now() + delay.toMillis();
        backingOff.update(scheduler.schedule(this::start, delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Ends the process if there is one, in order, and starts no other: {@link Listener#onLent} is called when none is left. */
    void lend() {
        if (retired) {
            return;
        }
        lends = true;
        switch (state) {
            case STOPPED, BACKING_OFF -> {
                backingOff.update(Disposables.disposed());
                enter(State.LENT);
                listener.onLent();
            }
            case STARTING, READY -> {
                // a process that is still on its way is ended when it comes
                if (link.isPresent()) {
                    recycled = true;
                    end(State.STOPPING, limits.stop());
                }
            }
            default -> {
                // it is being ended, or can't be
            }
        }
    }

    /** It may be started again. */
    void takeBack() {
        lends = false;
        if (state == State.LENT) {
            enter(State.STOPPED);
        }
    }

    private void start() {
        enter(State.STARTING);
        starts++;
        counters.count(Counter.CHILD_STARTS);
        failure = Optional.empty();
        if (!timeouts.initialize().isZero()) {
            timer.start(timeouts.initialize(), this::onOverdue);
        }
        Mono.defer(launcher::launch)
                .switchIfEmpty(Mono.error(() -> new IllegalStateException("its launcher gave no process")))
                .subscribe(this::greet, this::onLaunchFailed);
    }

    private void onLaunchFailed(Throwable error) {
        LOG.warn("the server can't be started: {}", error.toString());
        failure = Optional.of(String.valueOf(error.getMessage()));
        onDead(failure.get(), List.of());
    }

    private void greet(ProcessLink process) {
        link = Optional.of(process);
        Intake lines = new Intake(this::onLine, listener::mayReadOn, () -> onOutputEnded(process));
        intake = Optional.of(lines);
        process.exited().subscribe(exit -> onExit(process, exit), error -> LOG.error("waiting for the server", error));
        process.closed().subscribe(closed -> onClosed(process, closed), error -> LOG.error("server's link", error));
        process.lines().subscribe(lines);
        if (state == State.WEDGED) {
            LOG.warn("server pid {} has come too late and is ended", process.pid());
            end(State.STOPPING, Duration.ZERO);
            return;
        }
        if (retired || lends) {
            recycled = true;
            end(State.STOPPING, limits.stop());
            return;
        }
        LOG.info("server started, pid {}", process.pid());
        greetingId = RpcId.of("mpx-initialize-" + starts);
        send(greeting.frame(greetingId));
    }

    /** The time for the start, the handshake and the first lists is over. */
    private void onOverdue() {
        String limit = " within " + timeouts.initialize().toSeconds() + " s.";
        if (state == State.STARTING && link.isEmpty()) {
            failure = Optional.of("The server's process could not be started" + limit);
            startFailure = failure;
            onWedged();
        } else if (state == State.STARTING) {
            giveUp("The server did not answer initialize" + limit);
        } else if (listener.mayGoOnWithoutFirstLists()) {
            LOG.warn("the server did not give all of its first lists{} mpx goes on without them", limit);
            onFirstLists();
        } else {
            incomplete = true;
            giveUp("The server did not give its first lists" + limit);
        }
    }

    /** The child has given its first lists: only now its start is over. */
    void onFirstLists() {
        if (state == State.READY && !complete) {
            timer.stop();
            complete = true;
            clock.childIsReady(true);
        }
    }

    /** The process is of no use; it is ended, and the start has failed. */
    private void giveUp(String cause) {
        LOG.warn("{}", cause);
        failure = Optional.of(cause);
        end(State.STOPPING, Duration.ZERO);
    }

    /** The child answers nobody: its tree is killed, and when it is seen dead another is started. */
    void kill() {
        if (state == State.READY) {
            LOG.warn("the server answers nobody any more; killing pid {}", link.map(ProcessLink::pid).orElse(-1L));
            counters.count(Counter.CHILD_STALLS);
            end(State.STALLED, Duration.ZERO);
        }
    }

    /** Ends an idle child, so that the next call gets a fresh one. */
    void recycle() {
        if (state == State.READY) {
            recycled = true;
            end(State.STOPPING, limits.stop());
        }
    }

    private void end(State as, Duration patience) {
        enter(as);
        timer.start(patience.plus(limits.kill()).plus(WEDGED_AFTER), this::onWedged);
        link.ifPresent(process -> process.end(patience, limits.kill()).subscribe(exit -> {}, error -> LOG.error("end", error)));
    }

    private void onWedged() {
        enter(State.WEDGED);
        String cause = whyWedged();
        LOG.warn("{} It said: {}", cause, lastWords());
        listener.onWedged(cause, lastWords());
    }

    private String whyWedged() {
        String stuck = link.flatMap(ProcessLink::stuck).map(who -> ": " + who).orElse("");
        return link.map(process -> "Its old process tree (pid " + process.pid()
                        + ") could not be ended even by SIGKILL, as when a file system hangs" + stuck + ". Another one is not"
                        + " started before it is gone, so your data is safe. Bring that file system back, or restart the machine.")
                .orElseGet(() -> failure.orElse("") + " Another one is not started before it is known what became of it.");
    }

    private List<String> lastWords() {
        return link.map(ProcessLink::lastWords).orElse(List.of());
    }

    private void onLine(Line line) {
        counters.count(Counter.BYTES_FROM_SERVER, line);
        if (line instanceof OversizedLine oversized) {
            listener.onTooLong(oversized);
        } else if (line instanceof Frame frame) {
            Message message = reader.read(frame);
            if (handshake.isEmpty() && message instanceof Message.Response response && response.id().equals(greetingId)) {
                onGreeted(response);
            } else {
                listener.onMessage(message);
            }
        }
    }

    private void onGreeted(Message.Response response) {
        if (state != State.STARTING) {
            return;
        }
        handshake = Handshake.of(response);
        if (handshake.isEmpty()) {
            giveUp("The server refused initialize: " + response.frame().excerpt(200));
            return;
        }
        enter(State.READY);
        startFailure = Optional.empty();
        readySince = now();
        send(Notices.INITIALIZED);
        listener.onReady(handshake.get());
    }

    /** It can answer nothing any more; it may still have something to finish. */
    private void onOutputEnded(ProcessLink process) {
        if (link.filter(l -> l == process).isPresent() && (state == State.STARTING || state == State.READY)) {
            leavesIdle = state == State.READY && listener.isIdle();
            end(State.STOPPING, limits.stop());
        }
    }

    /** The pipes are closed. A process that lives on without them serves nobody. */
    private void onClosed(ProcessLink process, Closed closed) {
        if (link.filter(l -> l == process).isPresent() && (state == State.STARTING || state == State.READY)) {
            LOG.info("the server closed its pipes: {}", closed);
            leavesIdle = state == State.READY && listener.isIdle();
            end(State.STOPPING, Duration.ZERO);
        }
    }

    private void onExit(ProcessLink process, Exit exit) {
        LOG.info("server pid {} ended with status {}", process.pid(), exit.status());
        // some servers leave by themselves when nobody has used them for long
        boolean idle = leavesIdle || state == State.READY && listener.isIdle();
        endedWell |= recycled || exit.status() == 0 && idle;
        String why = state == State.STALLED ? "it answered nobody and was killed"
                : recycled ? "it was ended in order"
                : handshake.isPresent() && !incomplete ? "it ended with status " + exit.status()
                : failure.or(exit::refusal).orElse("it ended with status " + exit.status() + " before it answered initialize");
        isToBeTriedAgain = exit.again() && handshake.isEmpty() && failure.isEmpty() && !recycled && !lends && !retired;
        if (failure.isEmpty()) {
            borrower = exit.borrower();
            failure = Optional.of(exit.refusal().orElse(
                    "The server ended with status " + exit.status() + " before it answered initialize."));
        }
        onDead(why, process.lastWords());
    }

    private void onDead(String why, List<String> lastWords) {
        timer.stop();
        ended = Optional.of(new Ended(why, now(), endedWell || retired || borrower.isPresent()));
        boolean wasReady = handshake.isPresent();
        Optional<Fault.ChildState> who = state();
        link = Optional.empty();
        intake = Optional.empty();
        handshake = Optional.empty();
        boolean becomesLent = lends && !retired;
        enter(becomesLent ? State.LENT : State.STOPPED);
        if (wasReady && !incomplete && now() - readySince >= HEALTHY.toMillis()) {
            backoff.reset();
        }
        if (retired) {
            finished.tryEmitEmpty();
        } else if (!endedWell && borrower.isEmpty() && !isToBeTriedAgain) {
            backoff.failed();
            counters.count(Counter.CHILD_DEATHS);
        }
        boolean wasMeantToEnd = recycled && !retired;
        endedWell = false;
        recycled = false;
        leavesIdle = false;
        Optional<String> foundLent = borrower;
        borrower = Optional.empty();
        boolean again = isToBeTriedAgain;
        isToBeTriedAgain = false;
        if (again) {
            start();
            return;
        }
        if (becomesLent && !wasReady) {
            incomplete = false;
        } else if (foundLent.isPresent() && !retired) {
            waitForBorrower(foundLent.get());
        } else if (wasMeantToEnd && !wasReady) {
            listener.onLoanWithdrawn();
        } else if (!wasReady || incomplete) {
            // before the rest: what waits must not start the next one
            incomplete = false;
            String cause = failure.orElse("The server could not be started.");
            startFailure = Optional.of(cause);
            listener.onUnavailable(cause, lastWords);
        }
        if (wasReady) {
            listener.onGone(who, lastWords);
        }
        if (becomesLent && lends) {
            listener.onLent();
        }
    }

    private void waitForBorrower(String who) {
        startIn(LENT_PAUSE);
        isKeptOut = true;
        listener.onFoundLent(who);
    }

    /** Ends the child for good: no other is started. Completes when no process is left. */
    Mono<Void> retire() {
        retired = true;
        if (link.isPresent()) {
            end(State.STOPPING, limits.stop());
        } else if (state == State.STOPPED || state == State.BACKING_OFF || state == State.LENT) {
            backingOff.update(Disposables.disposed());
            enter(State.STOPPED);
            finished.tryEmitEmpty();
        }
        return finished.asMono();
    }

    @Override
    public boolean ready() {
        return state == State.READY;
    }

    @Override
    public Sending send(Frame frame) {
        if (link.isEmpty()) {
            return Sending.NEVER;
        }
        counters.count(Counter.BYTES_TO_SERVER, frame);
        return link.get().send(frame);
    }

    @Override
    public long pending() {
        return link.map(ProcessLink::pending).orElse(0L);
    }

    /** Its next lines may be read again. */
    void resume() {
        intake.ifPresent(Intake::resume);
    }

    /** Whether no process is there or on its way. */
    boolean idle() {
        return state == State.STOPPED || state == State.BACKING_OFF || state == State.LENT;
    }

    State lifeState() {
        return isKeptOut ? State.LENT : state;
    }

    Optional<Handshake> handshake() {
        return handshake;
    }

    Greeting greeting() {
        return greeting;
    }

    @Override
    public Optional<Fault.ChildState> state() {
        return link.map(process -> new Fault.ChildState(process.pid(), restarts()));
    }

    /** Why the latest start failed; empty if it did not. */
    Optional<String> startFailure() {
        return startFailure;
    }

    Optional<Snapshot.LastEnd> lastEnd() {
        return ended.map(end -> new Snapshot.LastEnd(end.why, Duration.ofMillis(now() - end.at), end.orderly));
    }

    /** Until the next start, where that has to wait. */
    Optional<Duration> retryIn() {
        return state == State.BACKING_OFF ? Optional.of(Duration.ofMillis(Math.max(0, startsAt - now()))) : Optional.empty();
    }

    /** Whether it is being ended as it should be. */
    boolean leaves() {
        return state == State.STOPPING && (recycled || retired || leavesIdle);
    }

    long restarts() {
        return Math.max(0, starts - 1);
    }

    Optional<Duration> readyFor() {
        return handshake.map(h -> Duration.ofMillis(now() - readySince));
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
