package dev.mpx.proxy.mux;

import dev.mpx.proxy.mux.SettledCall.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;

/**
 * What there is to count and measure of one tool's calls, or of one method's; plain values, safe to hand to any thread.
 *
 * @param tool empty for all methods but {@code tools/call}
 * @param endings how many ended in which way
 * @param total from arrival to answer, of calls whose clients waited for it
 * @param onChild the server's part of it, of those that it was given
 */
public record CallFigures(
        String method, String tool, Map<Ending, Long> endings, Distribution total, Distribution onChild) {
    public CallFigures {
        endings = Map.copyOf(endings);
    }

    /**
     * How durations are distributed.
     *
     * @param upTo how many are at most as long as each of {@link #BOUNDS}, within the precision of what was kept
     */
    public record Distribution(long count, Duration sum, List<Long> upTo) {
        /** From what mpx itself answers to what takes minutes; about three to a decade. */
        public static final List<Duration> BOUNDS = Stream.of(
                        100L, 250L, 500L, 1_000L, 2_500L, 5_000L, 10_000L, 25_000L, 50_000L, 100_000L, 250_000L, 500_000L,
                        1_000_000L, 2_500_000L, 5_000_000L, 10_000_000L, 30_000_000L, 60_000_000L, 300_000_000L)
                .map(micros -> Duration.ofNanos(micros * 1000))
                .toList();

        public Distribution {
            upTo = List.copyOf(upTo);
        }

        /** @param between how many are longer than the first and at most as long as the second */
        static Distribution of(long count, Duration sum, ToLongBiFunction<Duration, Duration> between) {
            java.util.ArrayList<Long> upTo = new java.util.ArrayList<>();
            Duration from = Duration.ofNanos(-1000);
            long counted = 0;
            for (Duration bound : BOUNDS) {
                counted += between.applyAsLong(from, bound);
                upTo.add(Math.min(counted, count));
                from = bound;
            }
            return new Distribution(count, sum, upTo);
        }
    }
}
