package dev.mpx.transports;

import java.util.Optional;

/**
 * How a process ended.
 *
 * @param status its exit status, or 128 and the signal's number
 * @param refusal why the program was never started, as a plain sentence; empty if it was, or if nobody knows
 * @param borrower who has borrowed what the program needs, if that is why: it may be tried again soon
 * @param again whether how it was started may be why it ended before it said anything: the next start is another one, to be tried at once
 */
public record Exit(int status, Optional<String> refusal, Optional<String> borrower, boolean again) {
    public Exit(int status) {
        this(status, Optional.empty());
    }

    public Exit(int status, Optional<String> refusal) {
        this(status, refusal, Optional.empty());
    }

    public Exit(int status, Optional<String> refusal, Optional<String> borrower) {
        this(status, refusal, borrower, false);
    }

    /** The same, to be tried again at once. */
    public Exit toBeTriedAgain() {
        return new Exit(status, refusal, borrower, true);
    }
}
