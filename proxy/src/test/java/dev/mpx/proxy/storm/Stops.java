package dev.mpx.proxy.storm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When the daemon was stopped: nobody can be asked to answer then. Thread-safe. */
final class Stops {
    private record Stop(long from, long to) {}

    private final List<Stop> all = new ArrayList<>();
    private long since;
    private boolean stopped;

    synchronized void begin() {
        stopped = true;
        since = System.nanoTime();
    }

    synchronized void end() {
        stopped = false;
        all.add(new Stop(since, System.nanoTime()));
    }

    /** For how long between these two moments of {@code System.nanoTime}. */
    synchronized Duration between(long from, long to) {
        long nanos = stopped ? Math.max(0, to - Math.max(from, since)) : 0;
        for (Stop stop : all) {
            nanos += Math.max(0, Math.min(to, stop.to) - Math.max(from, stop.from));
        }
        return Duration.ofNanos(nanos);
    }
}
