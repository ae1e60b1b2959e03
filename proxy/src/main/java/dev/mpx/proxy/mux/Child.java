package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
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
import java.util.random.RandomGenerator;
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
        /** The process is being ended. */
        STOPPING;

        /** The word for it in status lines. */
        String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** What the rest of the multiplexer wants to hear of the child. */
    interface Listener {
        /** The handshake is done. */
        void onReady(Handshake handshake);

        void onMessage(Message message);

        /** A process that had been ready is gone; its link is closed. */
        void onGone(Optional<Fault.ChildState> who, List<String> lastWords);

        /** It can't be started; the cause is a plain sentence. */
        void onUnavailable(String cause, List<String> lastWords);

        /** A line that was too long to keep. */
        void onTooLong(OversizedLine line);

        /** Whether the child's next line may be read. */
        boolean mayReadOn();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Child.class);
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private final Launcher launcher;
    private final Greeting greeting;
    private final Limits limits;
    private final Scheduler scheduler;
    private final Counters counters;
    private final Backoff backoff;
    private final Listener listener;
    private final Disposable.Swap timer = Disposables.swap();
    private final Sinks.Empty<Void> finished = Sinks.empty();

    private State state = State.STOPPED;
    private Optional<ProcessLink> link = Optional.empty();
    private Optional<Intake> intake = Optional.empty();
    private Optional<Handshake> handshake = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private RpcId greetingId = RpcId.of("");
    private long starts;
    private long readySince;
    private boolean retired;

    Child(
            Launcher launcher,
            Greeting greeting,
            Limits limits,
            Scheduler scheduler,
            RandomGenerator random,
            Counters counters,
            Listener listener) {
        this.launcher = launcher;
        this.greeting = greeting;
        this.limits = limits;
        this.scheduler = scheduler;
        this.backoff = new Backoff(random);
        this.counters = counters;
        this.listener = listener;
    }

    private void enter(State next) {
        LOG.debug("child: {} -> {}", state, next);
        state = next;
    }

    @Override
    public void need() {
        if (state != State.STOPPED || retired) {
            return;
        }
        Duration delay = backoff.delay();
        if (delay.isZero()) {
            start();
        } else {
            enter(State.BACKING_OFF);
            timer.update(scheduler.schedule(this::start, delay.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void start() {
        enter(State.STARTING);
        starts++;
        counters.count(Counter.CHILD_STARTS);
        failure = Optional.empty();
        launcher.launch().subscribe(this::greet, this::onLaunchFailed);
    }

    private void onLaunchFailed(Throwable error) {
        LOG.warn("the server can't be started: {}", error.toString());
        failure = Optional.of(String.valueOf(error.getMessage()));
        onDead(List.of());
    }

    private void greet(ProcessLink process) {
        link = Optional.of(process);
        Intake lines = new Intake(this::onLine, listener::mayReadOn, () -> onOutputEnded(process));
        intake = Optional.of(lines);
        process.exited().subscribe(exit -> onExit(process, exit), error -> LOG.error("waiting for the server", error));
        process.closed().subscribe(closed -> onClosed(process, closed), error -> LOG.error("server's link", error));
        process.lines().subscribe(lines);
        if (retired) {
            end(limits.stop());
            return;
        }
        LOG.info("server started, pid {}", process.pid());
        greetingId = RpcId.of("mpx-initialize-" + starts);
        process.send(greeting.frame(greetingId));
        timer.update(scheduler.schedule(this::onSilent, limits.initialize().toMillis(), TimeUnit.MILLISECONDS));
    }

    private void onSilent() {
        giveUp("The server did not answer initialize within " + limits.initialize().toSeconds() + " s.");
    }

    /** The process is of no use; it is ended, and the start has failed. */
    private void giveUp(String cause) {
        LOG.warn("{}", cause);
        failure = Optional.of(cause);
        end(Duration.ZERO);
    }

    private void end(Duration patience) {
        enter(State.STOPPING);
        timer.update(Disposables.disposed());
        link.ifPresent(process -> process.end(patience, limits.kill()).subscribe(exit -> {}, error -> LOG.error("end", error)));
    }

    private void onLine(Line line) {
        if (line instanceof OversizedLine oversized) {
            listener.onTooLong(oversized);
        } else if (line instanceof Frame frame) {
            Message message = Message.read(frame);
            if (message instanceof Message.Response response && response.id().equals(greetingId) && handshake.isEmpty()) {
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
        timer.update(Disposables.disposed());
        enter(State.READY);
        readySince = now();
        send(Notices.INITIALIZED);
        listener.onReady(handshake.get());
    }

    /** It can answer nothing any more; it may still have something to finish. */
    private void onOutputEnded(ProcessLink process) {
        if (link.filter(l -> l == process).isPresent() && state != State.STOPPING) {
            end(limits.stop());
        }
    }

    /** The pipes are closed. A process that lives on without them serves nobody. */
    private void onClosed(ProcessLink process, Closed closed) {
        if (link.filter(l -> l == process).isPresent() && state != State.STOPPING) {
            LOG.info("the server closed its pipes: {}", closed);
            end(Duration.ZERO);
        }
    }

    private void onExit(ProcessLink process, Exit exit) {
        LOG.info("server pid {} ended with status {}", process.pid(), exit.status());
        if (failure.isEmpty()) {
            failure = Optional.of("The server ended with status " + exit.status() + " before it answered initialize.");
        }
        onDead(process.lastWords());
    }

    private void onDead(List<String> lastWords) {
        timer.update(Disposables.disposed());
        boolean wasReady = handshake.isPresent();
        Optional<Fault.ChildState> who = state();
        link = Optional.empty();
        intake = Optional.empty();
        handshake = Optional.empty();
        enter(State.STOPPED);
        if (wasReady && now() - readySince >= HEALTHY.toMillis()) {
            backoff.reset();
        }
        if (retired) {
            finished.tryEmitEmpty();
        } else {
            backoff.failed();
            counters.count(Counter.CHILD_DEATHS);
        }
        if (wasReady) {
            listener.onGone(who, lastWords);
        } else {
            listener.onUnavailable(failure.orElse("The server could not be started."), lastWords);
        }
    }

    /** Ends the child for good: no other is started. Completes when no process is left. */
    Mono<Void> retire() {
        retired = true;
        if (link.isPresent()) {
            end(limits.stop());
        } else if (state == State.STOPPED || state == State.BACKING_OFF) {
            timer.update(Disposables.disposed());
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
        return link.map(process -> process.send(frame)).orElse(Unsent.SENDING);
    }

    /** Bytes it has been sent and has not read. */
    long pending() {
        return link.map(ProcessLink::pending).orElse(0L);
    }

    /** Its next lines may be read again. */
    void resume() {
        intake.ifPresent(Intake::resume);
    }

    /** Whether no process is there or on its way. */
    boolean idle() {
        return state == State.STOPPED || state == State.BACKING_OFF;
    }

    State lifeState() {
        return state;
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
