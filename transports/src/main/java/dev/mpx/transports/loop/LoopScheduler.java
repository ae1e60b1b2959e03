package dev.mpx.transports.loop;

import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** The loop as Reactor sees it. */
final class LoopScheduler implements Scheduler {
    private final EventLoop loop;
    private final LoopWorker own;

    LoopScheduler(EventLoop loop) {
        this.loop = loop;
        this.own = new LoopWorker(loop);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return own.schedule(task);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return own.schedule(task, delay, unit);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return own.schedulePeriodically(task, initialDelay, period, unit);
    }

    @Override
    public Worker createWorker() {
        return new LoopWorker(loop);
    }

    /** Monotonic: it does not jump when somebody sets the clock. Comparable only with itself. */
    @Override
    public long now(TimeUnit unit) {
        return unit.convert(LoopTask.now(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void dispose() {
        loop.close();
    }

    @Override
    public boolean isDisposed() {
        return loop.isClosed();
    }
}
