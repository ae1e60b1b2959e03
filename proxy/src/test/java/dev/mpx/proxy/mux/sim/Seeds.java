package dev.mpx.proxy.mux.sim;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import reactor.core.publisher.Hooks;

/** Runs worlds, one after another, and says which seed breaks one. */
final class Seeds {
    /** Held, since a logger that nobody holds forgets its level. */
    private static final Logger MULTIPLEXER = Logger.getLogger("dev.mpx.proxy.mux");

    private Seeds() {}

    /** @throws AssertionError naming the seed, the step and the last events, if an invariant does not hold */
    static World run(long seed, Tap tap) {
        return run(seed, tap, Trace.LAST);
    }

    /** Runs a seed and keeps its events. */
    static World runAndTell(long seed) {
        return run(seed, Tap.HONEST, Integer.MAX_VALUE);
    }

    private static World run(long seed, Tap tap, int keptEvents) {
        World world = new World(seed, tap, keptEvents);
        Handler errors = new Errors(world);
        MULTIPLEXER.setUseParentHandlers(false);
        MULTIPLEXER.setLevel(Level.SEVERE);
        MULTIPLEXER.addHandler(errors);
        Hooks.onErrorDropped(world::broken);
        try {
            world.run();
            return world;
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(
                    "seed " + seed + ", step " + world.trace().steps() + ": " + broken.getMessage()
                            + "\nRun it alone with -Dmpx.sim.seed=" + seed + ". Its last events:\n" + world.trace(),
                    broken);
        } finally {
            Hooks.resetOnErrorDropped();
            MULTIPLEXER.removeHandler(errors);
            MULTIPLEXER.setLevel(null);
            MULTIPLEXER.setUseParentHandlers(true);
        }
    }

    /** An error that the multiplexer logs is one that nothing was done about. */
    private static final class Errors extends Handler {
        private final World world;

        Errors(World world) {
            this.world = world;
        }

        @Override
        public void publish(LogRecord entry) {
            world.broken(entry.getThrown() != null ? entry.getThrown() : new Violation(entry.getMessage()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    /** The first of so many seeds that breaks an invariant. */
    static Optional<AssertionError> firstBroken(int seeds, Supplier<Tap> taps) {
        for (long seed = 1; seed <= seeds; seed++) {
            try {
                run(seed, taps.get());
            } catch (AssertionError broken) {
                return Optional.of(broken);
            }
        }
        return Optional.empty();
    }
}
