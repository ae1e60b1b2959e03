package dev.mpx.proxy.mux;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has the data: the child, or a borrower. Borrowers and calls take turns in order of arrival: a borrower waits for the
 * calls that came before it, and calls that came later wait for it, so that neither starves the other.
 *
 * <p>Every method is called on the multiplexer's scheduler.
 */
public final class Lending {
    /**
     * How long a borrower waits for calls before it; then the child is ended in order, with what it is at. No call is cut short
     * that has time left: a mine by a tool has two hours, and to end it in the middle of a write is what harms a palace.
     */
    static final Duration DRAIN = Duration.ofHours(2);
    /** How long a call waits for a borrower before it is told so. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Logger LOG = LoggerFactory.getLogger(Lending.class);

    /** A borrower's place in the order, and its loan once that has come. */
    public final class Turn {
        private final String what;
        private final long arrival;
        private final boolean resumes;
        private final Consumer<Turn> onTurn;
        private Optional<Instant> since = Optional.empty();
        /** On the patient clock. */
        private long lentAt;

        private Turn(String what, long arrival, boolean resumes, Consumer<Turn> onTurn) {
            this.what = what;
            this.arrival = arrival;
            this.resumes = resumes;
            this.onTurn = onTurn;
        }

        /** Whether nobody is before it any more: the data are lent as soon as the child has ended. */
        public boolean hasCome() {
            return lent.filter(turn -> turn == this).isPresent();
        }

        /** The time of day at which the data were lent, for people; empty before that. */
        public Optional<Instant> since() {
            return since;
        }

        /** For how long they have been lent; empty before that. */
        public Optional<Duration> age() {
            return since.map(date -> Duration.ofMillis(clock.now() - lentAt));
        }

        /** Another one for what this was for, to be ended now: it comes before all that have arrived since. */
        public Turn again(String again, Consumer<Turn> then) {
            Turn turn = new Turn(again, arrival, false, then);
            Turn first = waiting.peekFirst();
            if (first != null && first.resumes) {
                waiting.removeFirst();
                waiting.addFirst(turn);
                waiting.addFirst(first);
            } else {
                waiting.addFirst(turn);
            }
            return turn;
        }

        /** The borrower does not want it any more, or gives it back. */
        public void end() {
            Lending.this.end(this);
        }

        /** It is not known whether the borrower still has it: before the child's start has told, nobody else's turn comes. */
        public void giveUp() {
            isUnsure |= hasCome();
            Lending.this.end(this);
        }
    }

    /**
     * A borrower that mpx knows of only by its locks.
     *
     * @param what its command and process, for people
     * @param age since it is known
     */
    public record Found(String what, Duration age) {}

    private final Child child;
    private final Calls calls;
    private final Supplier<Instant> date;
    private final String statusCommand;
    private final Runnable onBack;
    private final ArrayDeque<Turn> waiting = new ArrayDeque<>();
    private final PatientClock clock;
    private final PatientTimer drain;
    private final PatientTimer look;
    private Optional<Turn> drainsFor = Optional.empty();
    private Optional<Turn> lent = Optional.empty();
    /** A borrower that mpx knows of only by its locks. */
    private Optional<String> found = Optional.empty();
    /** Whether one that was given up, or that an earlier daemon lent them to, may have the data still. */
    private boolean isUnsure;
    /** From when on the data are known to be lent, on the patient clock. */
    private long lentSince;
    /** Whether no child has been ready since then: one borrower came after the other. */
    private boolean isSeries;

    /** @param onBack called when the child may be started again */
    Lending(Child child, Calls calls, PatientClock clock, Surroundings surroundings, String statusCommand, Runnable onBack) {
        this.child = child;
        this.calls = calls;
        this.clock = clock;
        this.drain = new PatientTimer(surroundings.scheduler(), clock);
        this.look = new PatientTimer(surroundings.scheduler(), clock);
        this.date = surroundings.date();
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
        Turn turn = new Turn(what, calls.nextArrival(), false, onTurn);
        waiting.addLast(turn);
        goOn();
        return turn;
    }

    /** For one who has the data already, from a daemon that is gone. */
    public Turn resume(String what, Consumer<Turn> onTurn) {
        Turn turn = new Turn(what, 0, true, onTurn);
        waiting.addFirst(turn);
        goOn();
        return turn;
    }

    /**
     * Who has the data although this daemon has not lent them. Nobody else's turn comes before that one has gone: the child's
     * starts tell.
     */
    public Optional<Found> found() {
        return found.map(what -> new Found(what, Duration.ofMillis(clock.now() - lentSince)));
    }

    /** Somebody may have the data of whom this daemon knows nothing: before the child's start has told, nobody's turn comes. */
    void suspect() {
        isUnsure = true;
    }

    /** Whether the child has to be started to see if anybody has the data. */
    boolean isHeldUp() {
        return isUnsure || found.isPresent();
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
        if (next == null || isHeldUp() && !next.resumes) {
            drainsForNobody();
        } else if (!calls.open().hasWorkBefore(next.arrival)) {
            lend(next);
        } else if (drainsFor.isEmpty() || drainsFor.get() != next) {
            drainsFor = Optional.of(next);
            drain.start(DRAIN, () -> lend(next));
        }
    }

    /** Called whenever a call was settled: to stop a timer costs something, even one that does not run. */
    private void drainsForNobody() {
        if (drainsFor.isPresent()) {
            drain.stop();
            drainsFor = Optional.empty();
        }
    }

    private void lend(Turn turn) {
        if (lent.isPresent() || waiting.peekFirst() != turn) {
            return;
        }
        drainsForNobody();
        waiting.removeFirst();
        lent = Optional.of(turn);
        child.lend();
    }

    /** The child is gone, and stays so. */
    void onLent() {
        lent.ifPresent(turn -> {
            LOG.info("lent to {}", turn.what);
            found = Optional.empty();
            isUnsure = false;
            turn.since = Optional.of(date.get().truncatedTo(ChronoUnit.SECONDS));
            turn.lentAt = clock.now();
            lentSince = isSeries ? lentSince : turn.lentAt;
            isSeries = true;
            lookLater();
            turn.onTurn.accept(turn);
        });
    }

    /** The locks are held by a borrower of a daemon that is gone. */
    void onFoundLent(String who) {
        if (found.isEmpty()) {
            LOG.info("found lent to {}", who);
            lentSince = isSeries ? lentSince : clock.now();
        }
        isUnsure = false;
        found = Optional.of(who);
        lookLater();
    }

    /** The child could start, or fails for another reason. */
    void onNotLent() {
        isSeries = false;
        isUnsure = false;
        found = Optional.empty();
    }

    private void end(Turn turn) {
        waiting.remove(turn);
        if (lent.filter(one -> one == turn).isPresent()) {
            LOG.info("given back by {}", turn.what);
            lent = Optional.empty();
            look.stop();
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
        look.start(LOOK, this::tellThoseWhoWait);
    }

    private void tellThoseWhoWait() {
        Optional<String> who = lent.flatMap(turn -> turn.since.map(since -> turn.what + ", since " + since)).or(() -> found);
        if (who.isPresent()) {
            calls.failures().failThoseThatWait(lentSince, clock.now(), PATIENCE, CallFaults.lent(who.get(), statusCommand));
            lookLater();
        }
    }
}
