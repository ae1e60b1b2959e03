package dev.mpx.proxy.mux;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Replaces a child that is old, used or fat enough, at a moment when nobody uses it. */
final class Recycling {
    private static final Logger LOG = LoggerFactory.getLogger(Recycling.class);
    private static final long LOOK_MILLIS = 1000;

    private final Recycle recycle;
    private final Child child;
    private final Calls calls;
    private final ServerTasks tasks;
    private final TreeMemory memory;
    private final Scheduler scheduler;
    private final Disposable.Swap timer = Disposables.swap();
    private long answered;

    Recycling(Recycle recycle, Child child, Calls calls, ServerTasks tasks, TreeMemory memory, Scheduler scheduler) {
        this.recycle = recycle;
        this.child = child;
        this.calls = calls;
        this.tasks = tasks;
        this.memory = memory;
        this.scheduler = scheduler;
    }

    void onReady() {
        answered = 0;
        if (!recycle.isOff()) {
            timer.update(scheduler.schedulePeriodically(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    void onGone() {
        timer.update(Disposables.disposed());
    }

    void onAnswer() {
        answered++;
    }

    private void look() {
        if (!isIdle()) {
            return;
        }
        boolean old = !recycle.age().isZero()
                && child.readyFor().filter(age -> age.compareTo(recycle.age()) >= 0).isPresent();
        if (old) {
            replace("it is older than " + recycle.age().toSeconds() + " s");
        } else if (recycle.calls() > 0 && answered >= recycle.calls()) {
            replace("it has answered " + answered + " calls");
        } else if (recycle.memoryBytes() > 0) {
            child.state().ifPresent(state -> memory.resident(state.pid()).subscribe(
                    bytes -> onMeasured(state.pid(), bytes), unknown -> LOG.debug("measuring the server's memory", unknown)));
        }
    }

    private boolean isIdle() {
        return calls.open().isIdle() && !tasks.areRunning();
    }

    private void onMeasured(long pid, long bytes) {
        boolean stillThere = child.state().filter(state -> state.pid() == pid).isPresent();
        if (stillThere && bytes >= recycle.memoryBytes() && isIdle()) {
            replace("its processes hold " + (bytes >> 20) + " MiB");
        }
    }

    private void replace(String why) {
        LOG.info("the idle server is replaced by a fresh one: {}", why);
        child.recycle();
    }
}
