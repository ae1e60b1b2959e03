package dev.mpx.transports.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Ends a process and those of its descendants that Java can find: SIGTERM when the first patience is over,
 * SIGKILL when the second is. Descendants are looked for when it begins and before each signal, and are remembered,
 * since they can't be found any more once their parent is gone. (One that left before is not found at all; a
 * native guard does that better.)
 *
 * <p>A guard is woken if it was stopped, and sent SIGTERM: it ends its tree better than this can, and stays until
 * nothing is left of it, or says what it is that can't be ended. One that does neither in its time is itself what
 * hangs: it gets SIGKILL, the kernel ends its child with it, and what else is left holds the locks until the next guard ends it.
 *
 * <p>Used on the scheduler's thread; looking and signalling is done on another one.
 */
final class TreeEnding {
    /** A guard's own time between SIGTERM and SIGKILL ({@code --term-ms}, native/README.md). */
    private static final Duration GUARD_TERM = Duration.ofSeconds(3);
    /** When a guard has said what can't be ended, 10 s after its SIGKILL; and a moment for a busy machine. */
    private static final Duration GUARD_SPEAKS = Duration.ofMillis(10_500);

    private enum Stage { NOT_ASKED, ASKED, TERM_SENT, KILL_SENT }

    private final ProcessHandle process;
    private final boolean guarded;
    private final BooleanSupplier saysWedged;
    private final Scheduler scheduler;
    /** Guarded by itself. */
    private final Set<ProcessHandle> known = new LinkedHashSet<>();
    private Stage stage = Stage.NOT_ASKED;
    private long termAt = Long.MAX_VALUE;
    private long killAt = Long.MAX_VALUE;
    private Optional<Disposable> timer = Optional.empty();

    /**
     * @param guarded whether the process is a guard
     * @param saysWedged whether it has said that something of its tree can't be ended; any thread
     */
    TreeEnding(ProcessHandle process, boolean guarded, BooleanSupplier saysWedged, Scheduler scheduler) {
        this.process = process;
        this.guarded = guarded;
        this.saysWedged = saysWedged;
        this.scheduler = scheduler;
    }

    /**
     * Begins, or shortens what is left.
     *
     * @param looked told, on another thread, when the descendants have been looked for the first time
     */
    void end(Duration untilTerm, Duration untilKill, Runnable looked) {
        long now = now();
        if (stage == Stage.NOT_ASKED) {
            stage = Stage.ASKED;
            Daemons.start("mpx-tree-" + process.pid(), () -> {
                look();
                looked.run();
                wakeGuard();
            });
        }
        if (stage == Stage.ASKED) {
            termAt = Math.min(termAt, now + untilTerm.toNanos());
            killAt = Math.min(killAt, termAt + untilKill(untilKill).toNanos());
        } else if (!guarded) {
            killAt = Math.min(killAt, now + untilKill.toNanos());
        }
        goOn();
    }

    private Duration untilKill(Duration asked) {
        if (!guarded) {
            return asked;
        }
        return (asked.compareTo(GUARD_TERM) > 0 ? asked : GUARD_TERM).plus(GUARD_SPEAKS);
    }

    /** The process is dead; what is left of its tree, if that was to end, need not wait for it any longer. */
    void processDied() {
        if (stage == Stage.ASKED) {
            killAt = now() + Math.max(0, killAt - termAt);
            termAt = now();
            goOn();
        }
    }

    /** Whether none of the processes that it knows of lives any more. Quick. */
    boolean isOver() {
        return left().isEmpty();
    }

    /** The first of those that it knows of and that still live. Quick. */
    Optional<ProcessHandle> left() {
        synchronized (known) {
            return known.stream().filter(Liveness::isLiving).findFirst();
        }
    }

    private void goOn() {
        timer.ifPresent(Disposable::dispose);
        timer = Optional.empty();
        long now = now();
        if (stage == Stage.ASKED && now >= termAt) {
            stage = Stage.TERM_SENT;
            Daemons.start("mpx-term-" + process.pid(), () -> signal(false));
        }
        if (stage == Stage.TERM_SENT && now >= killAt) {
            stage = Stage.KILL_SENT;
            Daemons.start("mpx-kill-" + process.pid(), () -> signal(true));
        }
        long next = stage == Stage.ASKED ? termAt : killAt;
        if (stage != Stage.KILL_SENT && !scheduler.isDisposed()) {
            timer = Optional.of(scheduler.schedule(this::goOn, next - now, TimeUnit.NANOSECONDS));
        }
    }

    private Set<ProcessHandle> look() {
        synchronized (known) {
            known.add(process);
            if (guarded) {
                return Set.copyOf(known);
            }
            Set.copyOf(known).forEach(one -> one.descendants().forEach(known::add));
            return Set.copyOf(known);
        }
    }

    private void signal(boolean kill) {
        // A handle knows when its process began, so a pid that was used again is not hit. This sends the
        // signal only; Process.destroy would close the streams too, which may block.
        if (guarded && kill && saysWedged.getAsBoolean()) {
            return; // it does its work, and holds the locks over what is left
        }
        look().forEach(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
        wakeGuard();
    }

    /** One that was stopped would see neither the end of its child nor a signal. */
    private void wakeGuard() {
        if (guarded) {
            Liveness.wakeIfStopped(process);
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
