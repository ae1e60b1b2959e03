package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Looks at one thing. It has a thread of its own, is interrupted when its time is over, and changes nothing. */
interface Check {
    /** One or two words, as they stand before its line. */
    String name();

    /** After this long it counts as hung. */
    default Duration limit() {
        return Duration.ofSeconds(5);
    }

    /**
     * What it has found, best first a finding that says how it is; never empty.
     *
     * @throws IOException if it can't be looked at, which is a finding, too
     * @throws InterruptedException if its time is over
     */
    List<Finding> look(Patient patient) throws IOException, InterruptedException;
}
