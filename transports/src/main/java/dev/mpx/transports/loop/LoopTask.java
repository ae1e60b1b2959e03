package dev.mpx.transports.loop;

import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;

/** A task of the scheduler: at once, at a time, or again and again. */
final class LoopTask implements Runnable, Disposable {
    /** Due times count from here, so that they can be compared although {@code nanoTime} may overflow. */
    private static final long ORIGIN = System.nanoTime();
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final EventLoop loop;
    private final LoopWorker worker;
    private final Runnable task;
    private final long period;
    private final long sequence = SEQUENCE.incrementAndGet();
    private final boolean timed;
    private long due;
    private volatile boolean disposed;

    private LoopTask(EventLoop loop, LoopWorker worker, Runnable task, boolean timed, long due, long period) {
        this.loop = loop;
        this.worker = worker;
        this.task = task;
        this.timed = timed;
        this.due = due;
        this.period = period;
    }

    static LoopTask immediate(EventLoop loop, LoopWorker worker, Runnable task) {
        return new LoopTask(loop, worker, task, false, 0, 0);
    }

    /** @param period in nanoseconds, 0 for once */
    static LoopTask timer(EventLoop loop, LoopWorker worker, Runnable task, long delay, long period) {
        return new LoopTask(loop, worker, task, true, now() + Math.max(0, delay), period);
    }

    static long now() {
        return sinceOrigin(System.nanoTime());
    }

    static long sinceOrigin(long nanoTime) {
        return nanoTime - ORIGIN;
    }

    long due() {
        return due;
    }

    long sequence() {
        return sequence;
    }

    LoopWorker worker() {
        return worker;
    }

    @Override
    public void run() {
        if (isDisposed()) {
            return;
        }
        if (period == 0) {
            disposed = true;
            task.run();
            return;
        }
        boolean well = false;
        try {
            task.run();
            well = true;
        } finally {
            if (!well) {
                disposed = true;
            } else if (!isDisposed()) {
                // After a stop of the process the missed rounds are not made up for.
                due = Math.max(due + period, now());
                loop.timers().add(this);
            }
        }
    }

    @Override
    public void dispose() {
        if (disposed) {
            return;
        }
        disposed = true;
        if (!timed) {
            return;
        }
        if (loop.inLoop()) {
            loop.timers().remove(this);
        } else if (!loop.isClosed()) {
            loop.execute(() -> loop.timers().remove(this));
        }
    }

    @Override
    public boolean isDisposed() {
        return disposed || worker.isDisposed();
    }
}
