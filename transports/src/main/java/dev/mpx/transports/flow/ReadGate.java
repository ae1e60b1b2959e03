package dev.mpx.transports.flow;

import dev.mpx.transports.ByteBudget;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Who may read from its peer when memory is short.
 *
 * <p>While the budget lasts, everybody. When it is spent, a reader whose unfinished line is small goes on, so
 * that ordinary traffic never stops; those with a large one pause. Since a hundred half lines could then hold
 * all memory and wait for each other for ever, one of them at a time, the largest, has the privilege to go on
 * until its line is complete. It loses the privilege when its line has not grown for {@link #IDLE}, and nobody
 * gets it while most of the memory is held by others than growing lines: those get less by themselves, and to
 * complete yet another line meanwhile would only add to them.
 *
 * <p>A paused reader is never blamed: only one that has nothing to read is, and is told to give up when it has had
 * a large line unfinished without moving for {@link #STALLED} while memory is short.
 *
 * <p>Used on the scheduler's single thread.
 */
public final class ReadGate {
    /** A privileged line must grow this often. */
    static final Duration IDLE = Duration.ofSeconds(1);
    /** A large line must move this often while memory is short. */
    static final Duration STALLED = Duration.ofSeconds(60);
    /** How often is looked again whether the privilege can be given. */
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration TICK = Duration.ofMillis(500);

    /** One who reads. */
    public interface Reader {
        /** Bytes of the line that is growing. */
        long growing();

        /** Whether it would read if it might: someone asks for its lines. */
        boolean wantsMore();

        /** It may ask again. */
        void resume();

        /** It held memory for too long without moving. */
        void giveUp(String detail);
    }

    private final ByteBudget budget;
    private final Scheduler scheduler;
    private final Set<Seat> large = new LinkedHashSet<>();
    private final AtomicBoolean reliefQueued = new AtomicBoolean();
    private final Disposable relief;
    private Optional<Seat> privileged = Optional.empty();
    private Optional<Disposable> timer = Optional.empty();
    private Duration timerDelay = TICK;

    public ReadGate(ByteBudget budget, Scheduler scheduler) {
        this.budget = budget;
        this.scheduler = scheduler;
        this.relief = budget.onRelief(this::queueRelief);
    }

    /** A place for one reader. */
    public Seat enter(Reader reader) {
        return new Seat(reader);
    }

    /** Ends the listening to the budget. */
    public void close() {
        relief.dispose();
        stopTimer();
    }

    private void queueRelief() {
        if (!scheduler.isDisposed() && reliefQueued.compareAndSet(false, true)) {
            scheduler.schedule(this::relieved);
        }
    }

    private void relieved() {
        reliefQueued.set(false);
        if (budget.spent()) {
            return;
        }
        privileged = Optional.empty();
        for (Seat seat : List.copyOf(large)) {
            seat.letIn();
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    /** Gives the privilege to the largest that has something to read, if it is free and that can help. */
    private void elect() {
        if (privileged.isPresent() || !budget.spent() || othersHoldMost()) {
            return;
        }
        Optional<Seat> next = large.stream()
                .filter(seat -> seat.waiting && seat.reader.wantsMore())
                .max(Comparator.comparingLong(seat -> seat.reader.growing()));
        privileged = next;
        next.ifPresent(seat -> {
            seat.movedAt = now();
            seat.letIn();
        });
    }

    private boolean othersHoldMost() {
        long growing = large.stream().mapToLong(seat -> seat.reader.growing()).sum();
        return budget.held() - growing > budget.limit() / 2;
    }

    private void look() {
        timer = Optional.empty();
        long now = now();
        if (budget.spent()) {
            passOnIdlePrivilege(now);
            for (Seat seat : List.copyOf(large)) {
                seat.checkStalled(now);
            }
            elect();
        } else {
            relieved();
        }
        keepLooking();
    }

    private void passOnIdlePrivilege(long now) {
        if (privileged.isPresent() && now - privileged.get().movedAt >= IDLE.toNanos()) {
            privileged = Optional.empty();
        }
    }

    private void keepLooking() {
        if (large.isEmpty()) {
            stopTimer();
            return;
        }
        boolean someoneWaits = privileged.isEmpty() && large.stream().anyMatch(seat -> seat.waiting);
        Duration delay = someoneWaits ? LOOK : TICK;
        if (timer.isPresent() && delay.compareTo(timerDelay) >= 0) {
            return;
        }
        stopTimer();
        timerDelay = delay;
        timer = Optional.of(scheduler.schedule(this::look, delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void stopTimer() {
        timer.ifPresent(Disposable::dispose);
        timer = Optional.empty();
    }

    /** One reader's place. */
    public final class Seat {
        private final Reader reader;
        /** It had something to read and was not let. */
        private boolean waiting;
        private long movedAt;

        private Seat(Reader reader) {
            this.reader = reader;
        }

        /** To be asked when there is something to read. If false: pause until {@link Reader#resume}. */
        public boolean mayRead() {
            if (reader.growing() <= Inlet.SMALL || !budget.spent() || isPrivileged()) {
                return true;
            }
            large.add(this);
            if (!waiting) {
                waiting = true;
                movedAt = now();
            }
            elect();
            if (isPrivileged()) {
                return true;
            }
            keepLooking();
            return false;
        }

        /** To be told after each read. */
        public void moved() {
            if (reader.growing() > Inlet.SMALL) {
                movedAt = now();
                if (large.add(this)) {
                    keepLooking();
                }
            } else if (large.remove(this)) {
                makeRoom();
            }
        }

        /** The reader is gone. */
        public void leave() {
            if (large.remove(this)) {
                makeRoom();
            }
        }

        private void makeRoom() {
            waiting = false;
            if (isPrivileged()) {
                privileged = Optional.empty();
                elect();
            }
            keepLooking();
        }

        private boolean isPrivileged() {
            return privileged.isPresent() && privileged.get() == this;
        }

        private void letIn() {
            if (waiting) {
                waiting = false;
                reader.resume();
            }
        }

        private void checkStalled(long now) {
            if (waiting || !reader.wantsMore()) {
                movedAt = now;
            } else if (now - movedAt >= STALLED.toNanos()) {
                reader.giveUp("its unfinished line of " + reader.growing() + " bytes did not move for "
                        + STALLED.toSeconds() + " s while memory was short");
            }
        }
    }
}
