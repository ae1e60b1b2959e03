package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/**
 * The time on a bench. It passes when the test says so, each task at its due moment; or it is lost, as when the process
 * is stopped or the machine sleeps: then nothing runs, and afterwards whatever has become due runs late.
 *
 * <p>What a task throws is thrown at the test, not dropped as Reactor's own virtual time does.
 */
public final class BenchTime extends OneThread {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now;
    private long made;

    private final class Task implements Comparable<Task>, Disposable {
        private long due;
        private final long order = made++;
        private final Runnable body;
        private final long period;
        private boolean disposed;

        Task(Runnable body, long delay, long period) {
            this.body = body;
            this.due = now + Math.max(0, delay);
            this.period = period;
            tasks.add(this);
        }

        void run() {
            if (!disposed) {
                body.run();
                if (period > 0) {
                    due = now + period;
                    tasks.add(this);
                } else {
                    disposed = true;
                }
            }
        }

        @Override
        public int compareTo(Task other) {
            return due != other.due ? Long.compare(due, other.due) : Long.compare(order, other.order);
        }

        @Override
        public void dispose() {
            disposed = true;
        }

        @Override
        public boolean isDisposed() {
            return disposed;
        }
    }

    /** Time passes, and everything happens when it is due. */
    void pass(Duration duration) {
        long end = now + duration.toMillis();
        while (!tasks.isEmpty() && tasks.peek().due <= end) {
            Task next = tasks.remove();
            now = Math.max(now, next.due);
            next.run();
        }
        now = end;
    }

    /** Time is lost; then what has become due runs, all of it late, and what that makes due does not run yet. */
    void lose(Duration duration) {
        now += duration.toMillis();
        List<Task> late = new ArrayList<>();
        while (!tasks.isEmpty() && tasks.peek().due <= now) {
            late.add(tasks.remove());
        }
        late.forEach(Task::run);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return new Task(task, 0, 0);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        return new Task(task, unit.toMillis(delay), 0);
    }

    @Override
    public Disposable schedulePeriodically(Runnable task, long initialDelay, long period, TimeUnit unit) {
        return new Task(task, unit.toMillis(initialDelay), unit.toMillis(period));
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now, TimeUnit.MILLISECONDS);
    }
}
