package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** One thing that is to happen after some time as {@link PatientClock} counts it. Starting it anew forgets the old one. */
final class PatientTimer {
    private static final long STEP_MILLIS = 250;

    private final Scheduler scheduler;
    private final PatientClock clock;
    private final Disposable.Swap step = Disposables.swap();

    PatientTimer(Scheduler scheduler, PatientClock clock) {
        this.scheduler = scheduler;
        this.clock = clock;
    }

    void start(Duration after, Runnable what) {
        await(clock.now() + after.toMillis(), what);
    }

    void stop() {
        step.update(Disposables.disposed());
    }

    private void await(long end, Runnable what) {
        stepOn(Math.max(0, Math.min(STEP_MILLIS, end - clock.now())), end, what);
    }

    /** In small steps: only a step that is late tells how much time was lost, and what came in it is read before the next. */
    private void stepOn(long wait, long end, Runnable what) {
        long due = scheduler.now(TimeUnit.MILLISECONDS) + wait;
        step.update(scheduler.schedule(() -> onStep(due, end, what), wait, TimeUnit.MILLISECONDS));
    }

    private void onStep(long due, long end, Runnable what) {
        if (clock.wasLate(due)) {
            stepOn(STEP_MILLIS, end, what);
        } else if (clock.now() >= end) {
            what.run();
        } else {
            await(end, what);
        }
    }
}
