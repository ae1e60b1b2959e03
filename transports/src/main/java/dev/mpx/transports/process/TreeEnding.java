package dev.mpx.transports.process;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Ends a process and those of its descendants that Java can find: SIGTERM when the first patience is over,
 * SIGKILL when the second is. Descendants are looked for when it begins and before each signal, and are remembered,
 * since they can't be found any more once their parent is gone. (One that left before is not found at all; a
 * native guard does that better.)
 *
 * <p>A guard is only sent SIGTERM: it ends its tree better than this can, and stays until nothing is left of it.
 *
 * <p>Used on the scheduler's thread; looking and signalling is done on another one.
 */
final class TreeEnding {
    /** How long SIGKILL may take before it is believed that nothing more can be done. */
    private static final Duration KILL_TAKES = Duration.ofSeconds(2);

    private enum Stage { NOT_ASKED, ASKED, TERM_SENT, KILL_SENT }

    private final ProcessHandle process;
    private final boolean guarded;
    private final Scheduler scheduler;
    /** Guarded by itself. */
    private final Set<ProcessHandle> known = new LinkedHashSet<>();
    private Stage stage = Stage.NOT_ASKED;
    private long termAt = Long.MAX_VALUE;
    private long killAt = Long.MAX_VALUE;
    private Optional<Disposable> timer = Optional.empty();

    TreeEnding(ProcessHandle process, boolean guarded, Scheduler scheduler) {
        this.process = process;
        this.guarded = guarded;
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
            });
        }
        if (stage == Stage.ASKED) {
            termAt = Math.min(termAt, now + untilTerm.toNanos());
            killAt = Math.min(killAt, termAt + untilKill.toNanos());
        } else {
            killAt = Math.min(killAt, now + untilKill.toNanos());
        }
        goOn();
    }

    /** The process is dead; what is left of its tree, if that was to end, need not wait for it any longer. */
    void processDied() {
        if (stage == Stage.ASKED) {
            killAt = now() + Math.max(0, killAt - termAt);
            termAt = now();
            goOn();
        }
    }

    /** Whether none of the processes that it knows of lives any more, or everything was tried. Quick. */
    boolean isOver() {
        if (stage == Stage.KILL_SENT && now() - killAt >= KILL_TAKES.toNanos()) {
            return true;
        }
        synchronized (known) {
            return known.stream().noneMatch(ProcessHandle::isAlive);
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
        if (guarded && kill) {
            return;
        }
        look().forEach(kill ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
