package dev.mpx.proxy.doctor;

import java.io.IOException;

/**
 * A cure without risk: it can be taken at any time, whoever runs, and loses nothing.
 *
 * @param promise what it does, as {@code take away what others may do}
 * @param step blocks, but not for long
 */
record Fix(String promise, Step step) {
    /** What is done. */
    @FunctionalInterface
    interface Step {
        /** @return what was done, as a sentence for a person */
        String take() throws IOException;
    }
}
