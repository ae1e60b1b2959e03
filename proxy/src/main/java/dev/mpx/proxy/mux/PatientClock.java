package dev.mpx.proxy.mux;

import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * Time as deadlines count it: without the spans in which this process was stopped or the machine slept, and, beside
 * that, the time for which the child has been ready.
 */
final class PatientClock {
    private final Scheduler scheduler;
    private long skipped;
    private long readyBefore;
    private long readySince;
    private boolean ready;

    PatientClock(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Milliseconds; only differences mean anything. */
    long now() {
        return scheduler.now(TimeUnit.MILLISECONDS) - skipped;
    }

    /** Milliseconds for which the child has been ready, altogether. */
    long readyTime() {
        return readyBefore + (ready ? now() - readySince : 0);
    }

    void childIsReady(boolean now) {
        readyBefore = readyTime();
        readySince = now();
        ready = now;
    }

    /** A timer was this late: nothing that was to be read in that time has been read, so no deadline counts it. */
    void skip(long millis) {
        long readyTime = readyTime();
        skipped += millis;
        readyBefore = readyTime - (ready ? millis : 0);
        readySince = now();
    }
}
