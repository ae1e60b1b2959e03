package dev.mpx.proxy.mux.sim;

import dev.mpx.proxy.mux.Timeouts;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * How badly the child and the clock behave in a world, and the deadlines that are set against it. Probabilities are
 * per cent.
 *
 * @param present whether this world has such faults at all; else calls have no deadlines in it
 * @param stalls of the child's actions, those by which it falls silent, for a while or for ever
 * @param ignored of the calls, those that are never answered
 * @param crashes of the answers, those at which the child dies: before, after, or in the middle of the line
 * @param idleExits of the child's actions while it holds nothing, those by which it ends with status 0
 * @param slowStarts of the starts, those that take about as long as mpx waits
 * @param slowEnds of the endings, those that take longer than any signal should; half of them for minutes
 * @param jumps of all actions, those in which the whole process is stopped for seconds
 * @param otherWriters of the child's actions, those by which another writer takes the data for a while
 */
record Faults(
        boolean present,
        Timeouts timeouts,
        int stalls,
        int ignored,
        int crashes,
        int idleExits,
        int slowStarts,
        int slowEnds,
        int jumps,
        int otherWriters) {
    private static final Duration INITIALIZE = Duration.ofSeconds(2);

    static final Faults NONE = new Faults(
            false,
            new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, INITIALIZE, Duration.ZERO, Map.of(), Map.of()),
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0);

    static Faults of(RandomGenerator random) {
        boolean slow = random.nextInt(5) == 0;
        // the slow ones outlast a child that can't be ended
        int request = slow ? 20_000 : pick(random, 80, 300, 1500);
        Timeouts timeouts = new Timeouts(
                Duration.ofMillis(request),
                Duration.ofMillis(random.nextInt(4) == 0 ? 0 : request * pick(random, 1, 2, 5)),
                Duration.ofMillis(random.nextInt(4) == 0 ? 0 : request * pick(random, 1, 3, 10)),
                INITIALIZE,
                Duration.ofMillis(slow ? 1000 : pick(random, 40, 200, 1000)),
                random.nextInt(3) == 0 ? Map.of("resources/subscribe", Duration.ofMillis(request * 2L)) : Map.of(),
                random.nextInt(3) == 0 ? Map.of("t", Duration.ofMillis(request * 3L)) : Map.of());
        return new Faults(
                true,
                timeouts,
                pick(random, 0, 10, 30),
                pick(random, 0, 3, 15),
                pick(random, 0, 3, 10),
                pick(random, 0, 5, 20),
                pick(random, 0, 20, 60),
                pick(random, 0, 15, 50),
                pick(random, 0, 3, 10),
                pick(random, 0, 5, 20));
    }

    private static int pick(RandomGenerator random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
