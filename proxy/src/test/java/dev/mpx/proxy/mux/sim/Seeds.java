package dev.mpx.proxy.mux.sim;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs worlds, one after another, and says which seed breaks one. */
final class Seeds {
    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger MULTIPLEXER = Logger.getLogger("dev.mpx.proxy.mux");

    private Seeds() {}

    /** @throws AssertionError naming the seed, the step and the last events, if an invariant does not hold */
    static void run(long seed, Tap tap, boolean loud) {
        MULTIPLEXER.setLevel(Level.OFF);
        World world = new World(seed, tap, loud);
        try {
            world.run();
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "seed " + seed + ", step " + world.trace().steps() + ": " + broken.getMessage()
                            + "\nRun it alone with -Dmpx.sim.seed=" + seed + ". Its last events:\n" + world.trace(),
                    broken);
        }
    }

    /** The first of so many seeds that breaks an invariant. */
    static Optional<AssertionError> firstBroken(int seeds, Supplier<Tap> taps) {
        for (long seed = 1; seed <= seeds; seed++) {
            try {
                run(seed, taps.get(), false);
            } catch (AssertionError broken) {
                return Optional.of(broken);
            }
        }
        return Optional.empty();
    }
}
