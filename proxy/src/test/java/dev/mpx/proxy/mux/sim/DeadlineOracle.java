package dev.mpx.proxy.mux.sim;

import dev.mpx.proxy.mux.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The rules of time: nothing expires early, nothing is left beyond its bound, a child that answers nobody is killed,
 * and no other child is.
 */
final class DeadlineOracle {
    /** After SIGKILL, with the guard's say; then a tree that is still there is taken for one that can't be ended. */
    private static final long WEDGED_MILLIS = 12_000;

    private static final long NEVER = Long.MAX_VALUE / 4;

    private record Doubt(Stamp since, long answersThen, long pongsThen) {}

    private final Oracle oracle;
    private final Timeouts timeouts;
    private final Supplier<Stamp> clock;
    private final List<Doubt> doubts = new ArrayList<>();
    private final List<Ask> given = new ArrayList<>();
    private Stamp lastAnswer;
    private Stamp lastPong;
    private Stamp lastEnd;
    private long earliestWedge = NEVER;
    private long latestWedge = NEVER;
    private Stamp firstEnd;
    private long answers;
    private long pongs;

    DeadlineOracle(Oracle oracle, Timeouts timeouts, Supplier<Stamp> clock) {
        this.oracle = oracle;
        this.timeouts = timeouts;
        this.clock = clock;
        forgetChild();
    }

    private void forgetChild() {
        doubts.clear();
        given.clear();
        lastAnswer = new Stamp(-NEVER, 0, 0);
        lastPong = lastAnswer;
        earliestWedge = NEVER;
        latestWedge = NEVER;
    }

    // ---- what happens

    void asked(Ask ask) {
        ask.askedAt = clock.get();
    }

    /** However often another writer keeps a call out, its time is that since it was first handed over. */
    void handedOver(Ask ask) {
        if (!ask.wasRefused()) {
            ask.givenAt = clock.get();
            ask.aliveAt = ask.givenAt;
        }
        given.add(ask);
    }

    void refused(Ask ask, long holder) {
        ask.refuse(holder, clock.get());
    }

    void askedAfterRefusal(Ask ask) {
        ask.askedAfterRefusal(clock.get());
    }

    void progressed(Ask ask) {
        ask.aliveAt = clock.get();
        answered();
    }

    void answered() {
        answers++;
        lastAnswer = clock.get();
    }

    void pong() {
        pongs++;
        lastPong = clock.get();
    }

    /** A client was told that its call on the child has passed its deadline. */
    void expired() {
        doubts.add(new Doubt(clock.get(), answers, pongs));
    }

    /** A call that was on the dead child waits again; the time there was no waiting. */
    void askedAgain(Ask ask) {
        ask.excusedMillis += ask.givenAt.atLeast(clock.get());
    }

    /** The multiplexer ends the child. */
    void ended(boolean wasServing, Duration untilTerm, Duration untilKill) {
        Stamp now = clock.get();
        if (wasServing && untilTerm.isZero() && !mayBeStalled(now)) {
            throw new Violation("a child that still answers is killed");
        }
        long wedge = untilTerm.plus(untilKill).toMillis() + WEDGED_MILLIS;
        if (earliestWedge == NEVER) {
            firstEnd = now;
            earliestWedge = wedge;
        }
        lastEnd = now;
        latestWedge = wedge;
    }

    void childGone() {
        forgetChild();
    }

    // ---- what may be

    private boolean mayBeStalled(Stamp now) {
        long grace = timeouts.grace().toMillis();
        boolean silent = lastAnswer.atMost(now) >= grace
                && (lastPong.atMost(now) >= grace || !oracle.child.hasRoom());
        return silent && given.stream().anyMatch(ask -> ask.givenAt.atMost(now) >= shortest(ask) + grace);
    }

    /** Whether a call on the child may have passed its deadline. */
    boolean mayExpireOnChild(Ask ask) {
        Stamp now = clock.get();
        return ask.aliveAt.atMost(now) >= request(ask) || ask.givenAt.atMost(now) >= longest(ask);
    }

    boolean mayExpireWaiting(Ask ask) {
        return ask.askedAt.atMost(clock.get()) >= Math.min(millis(timeouts.request()), waiting(ask));
    }

    /** Whether there is no time left to ask again a call that another writer keeps out. */
    boolean mayGiveUp(Ask ask) {
        Stamp now = clock.get();
        long pause = ask.pauseMillis(now);
        return ask.aliveAt.atMost(now) + pause >= request(ask)
                || ask.givenAt.atMost(now) + pause >= longest(ask)
                || ask.askedAt.atMost(now) >= waiting(ask);
    }

    /** Whether mpx may have given up hope that the old process ends. */
    boolean mayBeWedged() {
        return earliestWedge != NEVER && firstEnd.atMost(clock.get()) >= earliestWedge;
    }

    /** When an abandoned call that has no place any more is forgotten, after that many milliseconds. */
    long ghostMillis() {
        return Math.min(millis(timeouts.total()), 300_000);
    }

    private long request(Ask ask) {
        Duration own = ask.method.equals("tools/call") ? timeouts.tools().get(ask.target) : null;
        return millis(own != null ? own : timeouts.methods().getOrDefault(ask.method, timeouts.request()));
    }

    private long longest(Ask ask) {
        return Math.max(millis(timeouts.max()), request(ask));
    }

    private long shortest(Ask ask) {
        return Math.min(request(ask), longest(ask));
    }

    private long waiting(Ask ask) {
        return Math.max(millis(timeouts.total()), request(ask) == NEVER ? 0 : request(ask));
    }

    private static long millis(Duration duration) {
        return duration.isZero() ? NEVER : duration.toMillis();
    }

    // ---- what must be

    void check() {
        Stamp now = clock.get();
        boolean surelyWedged = latestWedge != NEVER && lastEnd.isOverdue(now, latestWedge);
        for (SimClient client : oracle.clients) {
            for (Ask ask : client.state.inFlight.values()) {
                check(ask, now, surelyWedged);
                oracle.lending.check(ask);
            }
        }
        if (latestWedge == NEVER && oracle.child.isServing()) {
            doubts.stream().filter(doubt -> isConfirmed(doubt, now)).findFirst().ifPresent(doubt -> {
                throw new Violation("the child has answered nobody since " + doubt.since() + " and is not killed");
            });
        }
    }

    private void check(Ask ask, Stamp now, boolean surelyWedged) {
        if (surelyWedged) {
            throw new Violation("waits for a child that can't be ended: " + ask);
        }
        if (ask.state == Ask.State.ON_CHILD || ask.state == Ask.State.WAITING && ask.wasRefused()) {
            if (ask.aliveAt.isOverdue(now, request(ask)) || ask.givenAt.isOverdue(now, longest(ask))) {
                throw new Violation("on the child, or kept out, beyond its deadline: " + ask);
            }
        } else if (ask.state == Ask.State.WAITING && ask.askedAt.isOverdue(now, waiting(ask) + ask.excusedMillis)) {
            throw new Violation("waits beyond its deadline: " + ask);
        }
    }

    private boolean isConfirmed(Doubt doubt, Stamp now) {
        return answers == doubt.answersThen()
                && pongs == doubt.pongsThen()
                && doubt.since().isOverdue(now, timeouts.grace().toMillis());
    }
}
