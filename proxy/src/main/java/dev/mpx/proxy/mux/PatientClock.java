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
    /** When the child last became ready and ceased to be, in the scheduler's milliseconds. */
    private long readyFrom;

    private long readyUntil;
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
        return readyTime(now());
    }

    /** The same up to that moment of this clock. */
    long readyTime(long now) {
        return readyBefore + (ready ? now - readySince : 0);
    }

    void childIsReady(boolean now) {
        readyBefore = readyTime();
        readySince = now();
        if (now != ready) {
            long at = scheduler.now(TimeUnit.MILLISECONDS);
            readyFrom = now ? at : readyFrom;
            readyUntil = at;
        }
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
        long from = Math.max(due, lastLate);
        long lost = now - from;
        lastLate = now;
        if (lost > 0) {
            LOG.warn("mpx was stopped for {} ms; deadlines are extended by as much", lost);
            skip(from, now);
        }
        return true;
    }

    /** The child may have died in that span, which may be heard of before the span itself is noticed. */
    private void skip(long from, long to) {
        long countedAsReady = Math.max(0, (ready ? to : readyUntil) - Math.max(from, readyFrom));
        readyBefore = readyTime() - countedAsReady;
        skipped += to - from;
        readySince = now();
    }
}
