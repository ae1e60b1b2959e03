package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Watches the deadlines of all open calls with one timer, and judges whether the child is stalled or only slow.
 *
 * <p>The timer ticks while any call is open. A tick that comes more than a second late means that the process was
 * stopped or the machine slept: then every answer is waiting unread, so the tick only moves the clock, and the next
 * one looks at deadlines.
 *
 * <p>The stall rule (DESIGN.md, "Expiry"): when a call on the child has passed its deadline, the child has the grace
 * to answer anything: a response to any call, or progress of one that has not expired. If it answers nothing it is
 * stalled. What mpx itself asks of it (lists, log levels, subscriptions) are calls in this sense. A ping is none: it
 * says that the child reads, not that it works; its answer counts only as long as the child has room for further calls,
 * since nobody else may have a call on it just then. (A serial child can't answer it before the call; a child without
 * room helps nobody.)
 */
final class Deadlines {
    private static final long LONGEST_GHOST_MILLIS = 300_000;
    private static final long LONGEST_TICK_MILLIS = 250;
    private static final long SHORTEST_TICK_MILLIS = 10;

    /** What is judged, and what becomes of it. */
    interface Bench {
        /** Calls that have not been handed over. */
        List<Call> waiting();

        /** Calls on the child, abandoned ones too. */
        List<Call> onChild();

        boolean hasRoom();

        /** The call waited too long for its turn. */
        void expireWaiting(Call call);

        /** The call was on the child too long. */
        void expireOnChild(Call call);

        /** The child answers nobody. */
        void stalled();
    }

    /** A doubt about the child, raised by an expired call. */
    private record Doubt(long until, long answersThen, long pongsThen) {}

    private final Timeouts timeouts;
    private final PatientClock clock;
    private final Scheduler scheduler;
    private final Bench bench;
    private final long tickMillis;
    private final Disposable.Swap timer = Disposables.swap();
    private final List<Doubt> doubts = new ArrayList<>();
    private boolean ticking;
    private long due;
    private long answers;
    private long pongs;
    /** Answers of earlier children. */
    private long answersBefore;

    Deadlines(Timeouts timeouts, PatientClock clock, Scheduler scheduler, Bench bench) {
        this.timeouts = timeouts;
        this.clock = clock;
        this.scheduler = scheduler;
        this.bench = bench;
        long shortest = Math.min(Timeouts.millis(timeouts.request()), Timeouts.millis(timeouts.grace()));
        this.tickMillis = Math.max(SHORTEST_TICK_MILLIS, Math.min(LONGEST_TICK_MILLIS, shortest / 8));
    }

    /** A call has come, so there is something to watch. */
    void onSubmitted(Call call) {
        long now = clock.now();
        call.submittedAt = now;
        call.queuedReady = clock.readyTime(now);
        call.waitsUntil = now + timeouts.waiting(call);
        if (!ticking) {
            ticking = true;
            arm();
        }
    }

    void onHandedOver(Call call) {
        long now = clock.now();
        call.handedOverAt = now;
        call.handedOverReady = clock.readyTime(now);
        if (call.refusals > 0) {
            // whatever another writer does, the call ends by the deadline of its first hand-over
            return;
        }
        call.mustEndBy = now + timeouts.onChildAtMost(call);
        call.expiresAt = Math.min(now + timeouts.onChild(call), call.mustEndBy);
    }

    /** The child has died with a call that will be asked of the next one: the time on it was no waiting. */
    void onAskedAgain(Call call) {
        call.waitsUntil += clock.now() - call.handedOverAt;
        call.queuedReady += clock.readyTime() - call.handedOverReady;
    }

    /** The child reports progress of a call. */
    void onProgress(Call call) {
        if (!call.expired) {
            answers++;
            call.expiresAt = Math.min(clock.now() + timeouts.onChild(call), call.mustEndBy);
        }
    }

    /** The child has answered some call, or something that mpx itself has asked. */
    void onAnswer() {
        answers++;
    }

    void onPong() {
        pongs++;
    }

    /** A new child is owed no doubts about the old one. */
    void onChildGone() {
        doubts.clear();
        answersBefore = answers;
    }

    /** Whether this child has answered anything since it was greeted. */
    boolean childHasAnswered() {
        return answers > answersBefore;
    }

    /** When an abandoned call that the child never answers is forgotten, on the scheduler's clock. */
    long forgetAt() {
        return scheduler.now(TimeUnit.MILLISECONDS) + Math.min(Timeouts.millis(timeouts.total()), LONGEST_GHOST_MILLIS);
    }

    /** Whether a call that may be tried once more still has time for it. */
    boolean hasTimeLeft(Call call, long millis) {
        return clock.now() + millis < call.expiresAt;
    }

    /** The time a call on the child has left; empty if it has no deadline, or that has passed. */
    Optional<Duration> left(Call call) {
        long left = call.expiresAt - clock.now();
        boolean isNone = call.expired || left < 0 || left >= Timeouts.millis(Duration.ZERO) / 2;
        return isNone ? Optional.empty() : Optional.of(Duration.ofMillis(left));
    }

    private void arm() {
        due = scheduler.now(TimeUnit.MILLISECONDS) + tickMillis;
        timer.update(scheduler.schedule(this::tick, tickMillis, TimeUnit.MILLISECONDS));
    }

    private void tick() {
        try {
            if (!clock.wasLate(due)) {
                expireWaiting();
                expireOnChild();
                settleDoubts();
            }
        } finally {
            ticking = !bench.waiting().isEmpty() || !bench.onChild().isEmpty() || !doubts.isEmpty();
            if (ticking) {
                arm();
            }
        }
    }

    private void expireWaiting() {
        long now = clock.now();
        long ready = clock.readyTime();
        for (Call call : bench.waiting()) {
            if (call.state == Call.State.DONE) {
                continue;
            }
            boolean over =
                    call.refusals > 0 ? now >= call.expiresAt : ready - call.queuedReady >= timeouts.inQueue();
            if (over || now >= call.waitsUntil) {
                bench.expireWaiting(call);
            }
        }
    }

    private void expireOnChild() {
        long now = clock.now();
        for (Call call : bench.onChild()) {
            if (now >= call.expiresAt) {
                call.expired = true;
                call.expiresAt = now + timeouts.onChild(call);
                call.mustEndBy = Math.max(call.mustEndBy, call.expiresAt);
                doubt(now);
                bench.expireOnChild(call);
            }
        }
    }

    private void doubt(long now) {
        if (!timeouts.grace().isZero()) {
            doubts.add(new Doubt(now + timeouts.grace().toMillis(), answers, pongs));
        }
    }

    private void settleDoubts() {
        long now = clock.now();
        boolean stalled = false;
        for (Doubt doubt : List.copyOf(doubts)) {
            if (now >= doubt.until()) {
                doubts.remove(doubt);
                stalled |= answers == doubt.answersThen() && (pongs == doubt.pongsThen() || !bench.hasRoom());
            }
        }
        if (stalled) {
            doubts.clear();
            bench.stalled();
        }
    }

    void stop() {
        timer.dispose();
    }
}
