package dev.mpx.proxy.mux.sim;

import dev.mpx.proxy.mux.OneThread;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/** A scheduler whose clock jumps from task to task: one thread, tasks of the same millisecond in the order they were made. */
final class VirtualTime extends OneThread {
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long now;
    private long stopped;
    private long stops;
    private long lastStopEnd;
    private long lastStop;
    private long made;

    private static final class Task implements Comparable<Task>, Disposable {
        private final long at;
        private final long order;
        private final Runnable run;
        private boolean disposed;

        Task(long at, long order, Runnable run) {
            this.at = at;
            this.order = order;
            this.run = run;
        }

        @Override
        public int compareTo(Task other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
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

    /** Runs the next task; false if there is none. */
    boolean step() {
        for (Task next = tasks.poll(); next != null; next = tasks.poll()) {
            if (!next.disposed) {
                now = Math.max(now, next.at);
                next.disposed = true;
                next.run.run();
                return true;
            }
        }
        return false;
    }

    /** The process is stopped for so long: whatever falls due meanwhile runs late, after it. */
    void stop(long millis) {
        lastStop = now == lastStopEnd ? lastStop + millis : millis;
        now += millis;
        lastStopEnd = now;
        stopped += millis;
        stops++;
    }

    Stamp stamp() {
        return new Stamp(now - stopped, stops, stops > 0 && now == lastStopEnd ? lastStop : 0);
    }

    long millis() {
        return now;
    }

    void after(long millis, Runnable task) {
        schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.MILLISECONDS);
    }

    @Override
    public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Task made = new Task(now + Math.max(0, unit.toMillis(delay)), this.made++, task);
        tasks.add(made);
        return made;
    }

    @Override
    public long now(TimeUnit unit) {
        return unit.convert(now, TimeUnit.MILLISECONDS);
    }
}
