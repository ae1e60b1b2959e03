package dev.mpx.proxy.mux;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Who has the data: the child, or a borrower. Borrowers and calls take turns in order of arrival: a borrower waits for the
 * calls that came before it, and calls that came later wait for it, so that neither starves the other.
 *
 * <p>Every method is called on the multiplexer's scheduler.
 */
public final class Lending {
    /** How long a borrower waits for calls before it; then the child is ended in order, with what it is at. */
    static final Duration DRAIN = Duration.ofSeconds(60);
    /** How long a call waits for a borrower before it is told so. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(Lending.class);

    /** A borrower's place in the order, and its loan once that has come. */
    public final class Turn {
        private final String what;
        private final long arrival;
        private final Consumer<Turn> onTurn;
        private Optional<Instant> since = Optional.empty();
        /** By the scheduler's clock. */
        private long lentAt;

        private Turn(String what, long arrival, Consumer<Turn> onTurn) {
            this.what = what;
            this.arrival = arrival;
            this.onTurn = onTurn;
        }

        /** The time of day at which the data were lent, for people; empty before that. */
        public Optional<Instant> since() {
            return since;
        }

        /** For how long they have been lent; empty before that. */
        public Optional<Duration> age() {
            return since.map(date -> Duration.ofMillis(now() - lentAt));
        }

        /** The borrower does not want it any more, or gives it back. */
        public void end() {
            Lending.this.end(this);
        }
    }

    private final Child child;
    private final Calls calls;
    private final Scheduler scheduler;
    private final Supplier<Instant> date;
    private final String statusCommand;
    private final Runnable onBack;
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private final Disposable.Swap drain = Disposables.swap();
    private final Disposable.Swap look = Disposables.swap();
    private Optional<Turn> drainsFor = Optional.empty();
    private Optional<Turn> lent = Optional.empty();
    /** A borrower that mpx knows of only by its locks. */
    private Optional<String> found = Optional.empty();
    private long foundSince;

    /** @param onBack called when the child may be started again */
    Lending(Child child, Calls calls, Surroundings surroundings, String statusCommand, Runnable onBack) {
        this.child = child;
        this.calls = calls;
        scheduler = surroundings.scheduler();
        date = surroundings.date();
        this.statusCommand = statusCommand;
        this.onBack = onBack;
        calls.gate(this::gate);
    }

    /**
     * Asks for the data.
     *
     * @param what for people: the command they are lent to
     * @param onTurn called once, when they are: perhaps before this returns
     */
    public Turn ask(String what, Consumer<Turn> onTurn) {
        Turn turn = new Turn(what, calls.nextArrival(), onTurn);
        waiting.addLast(turn);
        goOn();
        return turn;
    }

    /** For one who has the data already, from a daemon that is gone. */
    public Turn resume(String what, Consumer<Turn> onTurn) {
        Turn turn = new Turn(what, 0, onTurn);
        waiting.addFirst(turn);
        goOn();
        return turn;
    }

    /** How many wait for their turn. */
    public int waiting() {
        return waiting.size();
    }

    /** Calls that arrived at this or later wait. */
    private long gate() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.peekFirst().arrival;
    }

    /** Looks whether somebody's turn has come; to be called whenever calls were settled. */
    void goOn() {
        if (lent.isPresent()) {
            return;
        }
        Turn next = waiting.peekFirst();
        if (next == null) {
            drain.update(Disposables.disposed());
            drainsFor = Optional.empty();
        } else if (!calls.hasWorkBefore(next.arrival)) {
            lend(next);
        } else if (drainsFor.isEmpty() || drainsFor.get() != next) {
            drainsFor = Optional.of(next);
            drain.update(scheduler.schedule(() -> lend(next), DRAIN.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void lend(Turn turn) {
        if (lent.isPresent() || waiting.peekFirst() != turn) {
            return;
        }
        drain.update(Disposables.disposed());
        drainsFor = Optional.empty();
        waiting.removeFirst();
        lent = Optional.of(turn);
        child.lend();
    }

    /** The child is gone, and stays so. */
    void onLent() {
        lent.ifPresent(turn -> {
            LOG.info("lent to {}", turn.what);
            found = Optional.empty();
            turn.since = Optional.of(date.get().truncatedTo(ChronoUnit.SECONDS));
            turn.lentAt = now();
            lookLater();
            turn.onTurn.accept(turn);
        });
    }

    /** The locks are held by a borrower of a daemon that is gone. */
    void onFoundLent(String who) {
        if (found.isEmpty()) {
            LOG.info("found lent to {}", who);
            foundSince = now();
        }
        found = Optional.of(who);
        lookLater();
    }

    /** The child could start, or fails for another reason. */
    void onNotLent() {
        found = Optional.empty();
    }

    private void end(Turn turn) {
        waiting.remove(turn);
        if (lent.filter(one -> one == turn).isPresent()) {
            LOG.info("given back by {}", turn.what);
            lent = Optional.empty();
            look.update(Disposables.disposed());
            child.takeBack();
            goOn();
            if (lent.isEmpty()) {
                onBack.run();
            }
        } else {
            goOn();
            calls.pump();
        }
    }

    private void lookLater() {
        look.update(scheduler.schedule(this::tellThoseWhoWait, LOOK.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void tellThoseWhoWait() {
        Optional<String> who = lent.flatMap(turn -> turn.since.map(since -> turn.what + ", since " + since)).or(() -> found);
        if (who.isPresent()) {
            long since = lent.map(turn -> turn.lentAt).orElse(foundSince);
            calls.failThoseThatWait(since, PATIENCE, CallFaults.lent(who.get(), statusCommand));
            lookLater();
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
