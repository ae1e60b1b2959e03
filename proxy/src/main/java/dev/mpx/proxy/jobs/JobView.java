package dev.mpx.proxy.jobs;

import dev.mpx.proxy.mux.Lending;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job as status tells of it.
 *
 * @param number 0 for one that was found
 * @param state {@code waiting}, {@code running}, {@code ended}, or {@code found}: of another daemon's, known by its locks
 * @param age since it was asked for; since it runs, or is known to; or how long it ran
 * @param status what it ended with; empty if it has not, or its borrower went without a word
 */
public record JobView(
        long number, String state, String command, String directory, OptionalLong pid, Duration age, int joined, Optional<Long> status) {
    static JobView found(Lending.Found found) {
        return new JobView(0, "found", found.what(), "", OptionalLong.empty(), found.age(), 0, Optional.empty());
    }
}
