package dev.mpx.proxy.mux.sim;

import dev.mpx.proxy.mux.Limits;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.palace.PalaceProfile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What kind of world a seed makes. Probabilities are per cent.
 *
 * @param actions how often somebody does something of its own accord
 * @param pauseMillis at most this long between two actions
 * @param clients at most so many at once
 * @param longestAnswerMillis the child takes at most so long for a call
 * @param slowReaders clients that read slowly and have a small outbox
 * @param deaths of a hundred actions of the child, those by which it dies
 * @param failedStarts of a hundred starts
 * @param bulky messages that are some kilobytes long
 * @param memory the byte budget
 * @param revision what the server speaks
 * @param drainsEarly the daemon is told to stop in the middle of everything
 * @param suddenEnds the multiplexer hears of a link's end in the very call that causes it
 * @param lends borrowers come, too
 * @param faults what else goes wrong with the child and the clock
 */
record Plan(
        int actions,
        int pauseMillis,
        int clients,
        int longestAnswerMillis,
        int slowReaders,
        int deaths,
        int failedStarts,
        int bulky,
        long memory,
        Limits limits,
        ServerTraits traits,
        String revision,
        boolean drainsEarly,
        boolean suddenEnds,
        boolean lends,
        Faults faults) {

    /** Every so many seeds there are deadlines and worse faults; in the others almost everything is predicted exactly. */
    private static final int FAULTY = 2;

    static Plan of(long seed, RandomGenerator random) {
        boolean tight = random.nextInt(4) == 0;
        Limits limits = new Limits(
                random.nextInt(3) == 0 ? 3 : 64,
                tight ? 1024 : 1 << 20,
                tight ? 6 * 1024 : 16 << 20,
                random.nextInt(5) == 0 ? 2 : 64,
                1024,
                Duration.ofMillis(300),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3));
        ServerTraits traits = new ServerTraits(
                "sim",
                pick(random, 1, 1, 2, 4, 16),
                random.nextBoolean() ? Optional.empty() : Optional.of("{\"roots\":{},\"sampling\":{}}"),
                random.nextInt(4) == 0,
                Set.of(SimClient.READS),
                random.nextInt(4) == 0 ? List.of() : PalaceProfile.TRAITS.heldAnswers());
        return new Plan(
                pick(random, 30, 60, 120),
                pick(random, 2, 10, 40),
                1 + random.nextInt(5),
                pick(random, 3, 30, 200),
                pick(random, 0, 0, 20, 50),
                pick(random, 0, 0, 5, 15),
                pick(random, 0, 0, 20, 50),
                pick(random, 0, 5, 40),
                tight ? 12 * 1024 : 64 << 20,
                limits,
                traits,
                random.nextInt(4) == 0 ? "2025-03-26" : "2025-11-25",
                random.nextInt(10) == 0,
                random.nextInt(4) == 0,
                random.nextInt(3) == 0,
                seed % FAULTY == 0 ? Faults.of(random) : Faults.NONE);
    }

    private static int pick(RandomGenerator random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
