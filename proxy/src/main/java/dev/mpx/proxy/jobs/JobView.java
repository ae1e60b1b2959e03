package dev.mpx.proxy.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job as status tells of it.
 *
 * @param state {@code waiting}, {@code running} or {@code ended}
 * @param age since it was asked for; since it runs; or how long it ran
 * @param status what it ended with; empty if it has not, or its borrower went without a word
 */
public record JobView(
        long number, String state, String command, String directory, OptionalLong pid, Duration age, int joined, Optional<Long> status) {}
