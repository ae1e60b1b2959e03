package dev.mpx.proxy.mux;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * Time as deadlines count it: without the spans in which this process was stopped or the machine slept, and, beside
 * that, the time for which the child has been ready.
 */
final class PatientClock {
    private static final Logger LOG = LoggerFactory.getLogger(PatientClock.class);
    private static final long LATE_MILLIS = 1000;

    private final Scheduler scheduler;
    private long skipped;
    /** When a timer was last found to be late, in the scheduler's milliseconds. */
    private long lastLate = Long.MIN_VALUE;
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

    /**
     * Whether a timer fires so late that the process must have been stopped. Nothing that was to be read in that time
     * has been read, so no deadline counts it; what another timer was late for already is not skipped again.
     *
     * @param due when it should have fired, in the scheduler's milliseconds
     */
    boolean wasLate(long due) {
        long now = scheduler.now(TimeUnit.MILLISECONDS);
        if (now - due <= LATE_MILLIS) {
            return false;
        }
        long lost = now - Math.max(due, lastLate);
        lastLate = now;
        if (lost > 0) {
            LOG.warn("mpx was stopped for {} ms; deadlines are extended by as much", lost);
            skip(lost);
        }
        return true;
    }

    private void skip(long millis) {
        long readyTime = readyTime();
        skipped += millis;
        readyBefore = readyTime - (ready ? millis : 0);
        readySince = now();
    }
}
