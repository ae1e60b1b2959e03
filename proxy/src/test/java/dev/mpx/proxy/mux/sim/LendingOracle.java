package dev.mpx.proxy.mux.sim;

import dev.mpx.proxy.mux.Lending;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rules of lending: what is lent is nobody else's, the order is that of arrival, and a call hears of it after ten
 * seconds and not before.
 */
final class LendingOracle {
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long DRAIN_MILLIS = 60_000;

    /** One who wants the data, has them, or had them. */
    static final class Borrower {
        final long arrival;
        Optional<Lending.Turn> turn = Optional.empty();
        boolean done;

        private Borrower(long arrival) {
            this.arrival = arrival;
        }
    }

    private final Oracle oracle;
    private final Supplier<Stamp> clock;
    private final ArrayDeque<Borrower> waiting = new ArrayDeque<>();
    private Optional<Borrower> lent = Optional.empty();
    private Stamp since;
    /** From when on the first of those who wait has been that. */
    private Stamp firstSince;
    private boolean childIsEnded;
    private long arrivals;

    LendingOracle(Oracle oracle, Supplier<Stamp> clock) {
        this.oracle = oracle;
        this.clock = clock;
    }

    long nextArrival() {
        return ++arrivals;
    }

    Borrower asked() {
        Borrower borrower = new Borrower(nextArrival());
        waiting.addLast(borrower);
        if (waiting.size() == 1) {
            firstSince = clock.get();
        }
        return borrower;
    }

    void given(Borrower borrower) {
        if (lent.isPresent()) {
            throw new Violation("lent to two at once");
        }
        if (waiting.peekFirst() != borrower) {
            throw new Violation("lent to one that came later than another who waits");
        }
        if (oracle.child.process().isPresent()) {
            throw new Violation("lent while the child lives");
        }
        waiting.removeFirst();
        lent = Optional.of(borrower);
        since = clock.get();
        firstSince = since;
        childIsEnded = false;
    }

    void ended(Borrower borrower) {
        borrower.done = true;
        if (waiting.peekFirst() == borrower || lent.isPresent()) {
            firstSince = clock.get();
        }
        waiting.remove(borrower);
        lent = lent.filter(other -> other != borrower);
        childIsEnded &= !waiting.isEmpty();
    }

    Iterable<Borrower> waiting() {
        return waiting.clone();
    }

    boolean isWanted() {
        return !waiting.isEmpty();
    }

    void started() {
        if (lent.isPresent()) {
            throw new Violation("started while the data are lent");
        }
    }

    /** The child is being ended in order: for the one who waits, if that has waited for calls long enough. */
    void childEnded() {
        childIsEnded = !waiting.isEmpty() && firstSince.atMost(clock.get()) >= DRAIN_MILLIS;
    }

    /** Whether a child that does not come up is no failure, as it was ended for a borrower. */
    boolean takes() {
        return !waiting.isEmpty() && (childIsEnded || oracle.clients.stream()
                .flatMap(client -> client.state.inFlight.values().stream())
                .noneMatch(ask -> ask.state == Ask.State.WAITING && ask.arrival < waiting.peekFirst().arrival));
    }

    void handedOver(Ask ask) {
        if (!waiting.isEmpty() && ask.arrival > waiting.peekFirst().arrival) {
            throw new Violation("sent to the child before a borrower that came earlier: " + ask);
        }
    }

    /** Whether a call that waits may be told who has the data. */
    boolean mayTell(Ask ask) {
        Stamp now = clock.get();
        return lent.isPresent() && since.atMost(now) >= PATIENCE_MILLIS && ask.askedAt.atMost(now) >= PATIENCE_MILLIS;
    }

    /** Whether it must have been told by now. */
    void check(Ask ask) {
        Stamp now = clock.get();
        if (lent.isPresent() && ask.state == Ask.State.WAITING
                && since.isOverdue(now, PATIENCE_MILLIS) && ask.askedAt.isOverdue(now, PATIENCE_MILLIS)) {
            throw new Violation("waits for a borrower too long: " + ask);
        }
    }
}
