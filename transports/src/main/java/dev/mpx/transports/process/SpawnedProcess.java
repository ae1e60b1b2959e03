package dev.mpx.transports.process;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Exit;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.Peer;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.Sending;
import dev.mpx.transports.flow.Inlet;
import dev.mpx.transports.flow.Outbox;
import dev.mpx.transports.socket.Loss;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A running process as a link. {@link #close} and {@link #abort} give up its pipes and nothing else, so that it
 * can finish what it is about; {@link #end} ends the process.
 */
final class SpawnedProcess implements ProcessLink {
    static final Duration FLUSH_PATIENCE = Duration.ofSeconds(3);
    /** What comes this long after the death of the process, or of its stdin, is from a descendant that holds the pipe. */
    static final Duration LAST_OUTPUT = Duration.ofSeconds(1);

    /** How often is looked whether the rest of the tree is gone. */
    private static final Duration TREE_LOOK = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(SpawnedProcess.class);

    private enum State { OPEN, CLOSING, CLOSED }

    /** What is made of its end before anybody hears of it; on the scheduler, once. */
    interface Verdict {
        /**
         * @param spoke whether one byte of output has come
         * @param byItself whether its output ended, or it died, before this side asked for its end
         */
        Exit of(Exit exit, boolean spoke, boolean byItself);
    }

    private final Process process;
    private final Peer peer;
    private final Scheduler scheduler;
    private final Inlet inlet;
    private final Outbox outbox;
    private final Stdio stdio;
    private final StderrTail stderr;
    private final TreeEnding ending;
    private final ProcessSpec spec;
    private final Verdict verdict;
    private final Sinks.One<Closed> closed = Sinks.unsafe().one();
    private final Sinks.One<Exit> exited = Sinks.unsafe().one();
    private State state = State.OPEN;
    /** This side ends the process: nothing is sent any more. */
    private boolean ended;
    private boolean stdinLost;
    /** One byte of output has come. */
    private boolean spoke;
    /** Its output ended, or it died, before this side asked for its end. */
    private boolean leftByItself;
    private boolean stderrEnded;
    /** Set once the process is dead. */
    private Optional<Exit> exit = Optional.empty();
    private boolean exitTold;
    private boolean waitsForTree;
    private Optional<Disposable> flushTimer = Optional.empty();

    /**
     * Takes over a process that was just started; on the scheduler.
     *
     * @param pid that of the program people know, which is not the process if that is a guard
     */
    SpawnedProcess(Process process, long pid, Stdio stdio, ProcessSpec spec, Verdict verdict, Scheduler scheduler,
            LinkLimits limits, ByteBudget budget, Consumer<String> log) {
        this.process = process;
        this.peer = new Peer("process", OptionalLong.of(pid), OptionalInt.empty());
        this.scheduler = scheduler;
        this.inlet = new Inlet(limits.lineBytes(), budget, new Demand());
        this.outbox = new Outbox(limits.outboxBytes(), budget);
        this.spec = spec;
        this.verdict = verdict;
        this.stdio = stdio;
        this.stderr = new StderrTail(process.getErrorStream(), log, () -> post(() -> {
            stderrEnded = true;
            settle();
        }));
        this.ending = new TreeEnding(process.toHandle(), spec.guarded(),
                () -> Wedged.latest(stderr.lastWords()).isPresent(), scheduler);
        stdio.start(outbox, new Streams());
        Daemons.start("mpx-stderr-" + process.pid(), stderr);
        process.onExit().thenAccept(dead -> post(() -> died(new Exit(dead.exitValue()))));
        LOG.debug("started {} as {}", spec.program(), pid);
    }

    @Override
    public long pid() {
        return peer.pid().orElseThrow();
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Flux<Line> lines() {
        return inlet;
    }

    @Override
    public long pending() {
        return outbox.pending();
    }

    @Override
    public List<String> lastWords() {
        return stderr.lastWords();
    }

    @Override
    public Optional<String> stuck() {
        return Wedged.latest(lastWords()).or(() -> ending.left().map(living -> Liveness.describe(living.pid())));
    }

    @Override
    public Mono<Closed> closed() {
        return closed.asMono();
    }

    @Override
    public Mono<Exit> exited() {
        return exited.asMono();
    }

    @Override
    public Sending send(Frame frame) {
        if (state != State.OPEN || ended || stdinLost) {
            return Outbox.dropped();
        }
        if (!outbox.accepts(frame)) {
            finish(Closed.Cause.SLOW, "its outbox ran over with " + outbox.pending() + " bytes unread");
            return Outbox.dropped();
        }
        Sending sending = outbox.add(frame);
        stdio.wake();
        return sending;
    }

    @Override
    public void close() {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        inlet.stop();
        stdio.stopOutput();
        stdio.endInput();
        flushTimer = Optional.of(scheduler.schedule(
                () -> finish(Closed.Cause.LOCAL, "closed with " + outbox.pending() + " bytes unread"),
                FLUSH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        if (stdinLost || exit.isPresent()) {
            finish(Closed.Cause.LOCAL, "closed");
        }
    }

    @Override
    public void abort() {
        finish(Closed.Cause.LOCAL, "aborted");
    }

    /** What has not begun to leave is forgotten; what has is completed before the end of input, so that no half line is. */
    @Override
    public Mono<Exit> end(Duration untilTerm, Duration untilKill) {
        if (exit.isEmpty()) {
            ended = true;
            outbox.dropUnbegun();
            // The descendants are looked for first: a process that obeys the end of input at once leaves nothing to follow.
            ending.end(untilTerm, untilKill, () -> post(stdio::endInput));
        }
        return exited();
    }

    private void flushed() {
        if (state == State.CLOSING) {
            finish(Closed.Cause.LOCAL, "closed");
        }
    }

    private void loseStdin(IOException e) {
        stdinLost = true;
        outbox.clear();
        if (state == State.CLOSING) {
            finish(Closed.Cause.LOCAL, "closed");
            return;
        }
        Closed.Cause cause = Loss.isPeers(e) ? Closed.Cause.PEER : Closed.Cause.FAILED;
        scheduler.schedule(() -> finish(cause, "its stdin can't be written to: " + e.getMessage()),
                LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
        settle();
    }

    private void died(Exit how) {
        exit = Optional.of(how);
        leftByItself |= !ended;
        ending.processDied();
        scheduler.schedule(this::tellExit, LAST_OUTPUT.toMillis(), TimeUnit.MILLISECONDS);
        settle();
    }

    /** Ends what has nothing left to wait for. */
    private void settle() {
        boolean outputDone = state == State.CLOSED || inlet.isFinished();
        if (exit.isPresent() && outputDone && stderrEnded) {
            tellExit();
        }
    }

    private void tellExit() {
        if (exitTold || waitsForTree) {
            return;
        }
        if (ended && !ending.isOver()) {
            // Whoever asked for the end may start the next one as soon as this is told: nothing of the tree may be left.
            waitsForTree = true;
            scheduler.schedule(() -> {
                waitsForTree = false;
                tellExit();
            }, TREE_LOOK.toMillis(), TimeUnit.MILLISECONDS);
            return;
        }
        exitTold = true;
        Exit how = spec.guarded() ? Guarded.explain(exit.orElseThrow(), lastWords(), spec) : exit.orElseThrow();
        finish(ended ? Closed.Cause.LOCAL : Closed.Cause.PEER, "it exited with status " + how.status());
        Exit judged = verdict.of(how, spoke, leftByItself);
        post(() -> exited.tryEmitValue(judged));
    }

    private void finish(Closed.Cause cause, String detail) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        flushTimer.ifPresent(Disposable::dispose);
        outbox.clear();
        inlet.stop();
        stdio.stopOutput();
        stdio.endInput();
        // Not from within a signal to the subscriber, nor from within a call that it made.
        post(() -> {
            inlet.terminate();
            closed.tryEmitValue(new Closed(cause, detail));
            settle();
        });
    }

    private void post(Runnable task) {
        try {
            scheduler.schedule(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the scheduler of process {} is gone", process.pid());
        }
    }

    private final class Demand implements Inlet.Source {
        @Override
        public void demanded() {
            stdio.want();
        }

        @Override
        public void finished() {
            settle();
        }
    }

    private final class Streams implements Stdio.Listener {
        @Override
        public boolean chunk(ByteBuffer chunk) {
            spoke = true;
            try {
                inlet.accept(chunk);
            } catch (OutOfMemoryError e) {
                finish(Closed.Cause.FAILED, "no memory for a line of more than " + inlet.growing() + " bytes");
            }
            return inlet.wantsMore();
        }

        @Override
        public void outputEnded() {
            leftByItself |= !ended;
            inlet.end();
        }

        @Override
        public void inputClosed() {
            flushed();
        }

        @Override
        public void inputLost(IOException why) {
            loseStdin(why);
        }
    }
}
