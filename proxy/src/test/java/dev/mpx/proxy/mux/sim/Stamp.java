package dev.mpx.proxy.mux.sim;

/**
 * A moment, for spans as mpx may count them: it leaves out the time in which its process was stopped, but can't tell
 * exactly how long that was.
 *
 * @param patient milliseconds without any stop
 * @param stops how often the process had been stopped
 * @param unnoticed milliseconds of a stop that has ended just now, so that mpx may not know of it and count them
 *     after this moment; deadlines are then longer by as much
 */
record Stamp(long patient, long stops, long unnoticed) {
    /** What one stop adds at most, since mpx counts the time up to the tick that was due. */
    private static final long UNSEEN = 260;

    /** Long enough for mpx to look at its clock once, plus what every stop since then costs it. */
    private static final long TICKS = 600;

    /** The least that has passed. */
    long atLeast(Stamp now) {
        return now.patient - patient;
    }

    /** The most that may have passed by mpx's clock. */
    long atMost(Stamp now) {
        return now.patient - patient + UNSEEN * (now.stops - stops);
    }

    /** Whether that much has passed for sure, and mpx has had the time to see it. */
    boolean isOverdue(Stamp now, long millis) {
        return atLeast(now) > millis + unnoticed + TICKS * (1 + now.stops - stops);
    }
}
