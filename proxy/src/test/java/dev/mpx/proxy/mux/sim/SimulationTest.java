package dev.mpx.proxy.mux.sim;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of seeded worlds, each checked on every step; see the package's description for how to rerun one. */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("mpx.sim.seeds", 3000);

    @Test
    @Timeout(600)
    void noSeedBreaksAnInvariant() {
        Long one = Long.getLong("mpx.sim.seed");
        if (one != null) {
            Seeds.run(one, Tap.HONEST, true);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            Seeds.run(seed, Tap.HONEST, false);
        }
    }
}
