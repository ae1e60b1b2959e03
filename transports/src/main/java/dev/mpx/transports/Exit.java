package dev.mpx.transports;

import java.util.Optional;

/**
 * How a process ended.
 *
 * @param status its exit status, or 128 and the signal's number
 * @param refusal why the program was never started, as a plain sentence; empty if it was, or if nobody knows
 */
public record Exit(int status, Optional<String> refusal) {
    public Exit(int status) {
        this(status, Optional.empty());
    }
}
