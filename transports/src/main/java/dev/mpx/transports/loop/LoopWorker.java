package dev.mpx.transports.loop;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.scheduler.Scheduler;

/** Some of the loop's tasks, that can be dropped together. All workers share the loop's thread, so each keeps its order. */
final class LoopWorker implements Scheduler.Worker {
    private final EventLoop loop;
    private volatile boolean disposed;
    private volatile boolean hasTimers;

    LoopWorker(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Disposable schedule(Runnable task) {
        refuseWhenOver();
        LoopTask made = LoopTask.immediate(loop, this, task);
        loop.execute(made);
        return made;
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return delay <= 0 ? schedule(task) : timer(task, unit.toNanos(delay), 0);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return timer(task, unit.toNanos(initialDelay), Math.max(1, unit.toNanos(period)));
    }

    @Override
    public void dispose() {
        if (disposed) {
            return;
        }
        disposed = true;
        if (!hasTimers) {
            return;
        }
        if (loop.inLoop()) {
            loop.timers().removeOf(this);
        } else if (!loop.isClosed()) {
            loop.execute(() -> loop.timers().removeOf(this));
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed;
    }

    private Disposable timer(Runnable task, long delayNanos, long periodNanos) {
        refuseWhenOver();
        hasTimers = true;
        LoopTask timer = LoopTask.timer(loop, this, task, delayNanos, periodNanos);
        if (loop.inLoop()) {
            loop.timers().add(timer);
        } else {
            loop.execute(() -> {
                if (!timer.isDisposed()) {
                    loop.timers().add(timer);
                }
            });
        }
        return timer;
    }

    private void refuseWhenOver() {
        if (disposed || loop.isClosed()) {
            throw Exceptions.failWithRejected();
        }
    }
}
