package dev.mpx.transports.loop;

import java.util.Comparator;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The loop's timers by due time. Used on the loop's thread. A cancelled one is taken out at once. */
final class Timers {
    private final TreeSet<LoopTask> queue = new TreeSet<>(
            Comparator.comparingLong(LoopTask::due).thenComparingLong(LoopTask::sequence));

    void add(LoopTask timer) {
        queue.add(timer);
    }

    void remove(LoopTask timer) {
        queue.remove(timer);
    }

    void removeOf(LoopWorker worker) {
        queue.removeIf(timer -> timer.worker() == worker);
    }

    int size() {
        return queue.size();
    }

    void clear() {
        queue.clear();
    }

    /** Milliseconds until the next is due, rounded up so that nothing is early; -1 if there is none. */
    long millisToNext(long nanoTime) {
        if (queue.isEmpty()) {
            return -1;
        }
        long nanos = queue.first().due() - LoopTask.sinceOrigin(nanoTime);
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
    }

    /** Takes out those that are due, at most so many, and has each run. */
    void due(long nanoTime, int most, Consumer<Runnable> runner) {
        long now = LoopTask.sinceOrigin(nanoTime);
        for (int i = 0; i < most && !queue.isEmpty() && queue.first().due() <= now; i++) {
            runner.accept(queue.pollFirst());
        }
    }
}
