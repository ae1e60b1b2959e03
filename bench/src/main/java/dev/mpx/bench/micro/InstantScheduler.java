package dev.mpx.bench.micro;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/** Runs tasks when it is told to, on the caller's thread. Its time stands still: what is to happen later never does. */
final class InstantScheduler implements Scheduler {
    private final ArrayDeque<Runnable> due = new ArrayDeque<>();

    void runDue() {
        for (Runnable task = due.poll(); task != null; task = due.poll()) {
            task.run();
        }
    }

    @Override
    public Disposable schedule(Runnable task) {
        due.add(task);
        return Disposables.single();
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return delay > 0 ? Disposables.single() : schedule(task);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return Disposables.single();
    }

    @Override
    public long now(TimeUnit unit) {
        return 0;
    }

    @Override
    public Worker createWorker() {
        return new Worker() {
            @Override
            public Disposable schedule(Runnable task) {
                return InstantScheduler.this.schedule(task);
            }

            @Override
            public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
                return InstantScheduler.this.schedule(task, delay, unit);
            }

            @Override
            public void dispose() {}
        };
    }
}
