package dev.mpx.proxy.mux.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of seeded worlds, each checked on every step; see the package's description for how to rerun one. */
class SimulationTest {
    /** The rarest things happen once in a thousand worlds. */
    private static final int ENOUGH = 3000;

    private static final int SEEDS = Integer.getInteger("mpx.sim.seeds", ENOUGH);

    // red when Calls.mayBeAskedAgain is true for every call (the write-once rule), from seed 8 on; when
    // Deadlines.settleDoubts never calls stalled() (the stall check), from seed 6 on; when HeldCalls.keeps asks again at
    // once, without end, or for reads; when a refused write is answered and asked again
    @Test
    @Timeout(600)
    void noSeedBreaksAnInvariant() {
        Long one = Long.getLong("mpx.sim.seed");
        if (one != null) {
            System.out.println(Seeds.runAndTell(one).trace());
            return;
        }
        Set<String> seen = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            seen.addAll(Seeds.run(seed, Tap.HONEST).seen());
        }
        if (SEEDS >= ENOUGH) {
            assertEveryKindOfThing(seen);
        }
    }

    @Test
    @Timeout(60)
    void aSeedTellsTheSameStoryEveryTime() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(Seeds.runAndTell(seed).trace()).hasToString(Seeds.runAndTell(seed).trace().toString());
        }
    }

    /** A simulation in which nothing happens breaks nothing. */
    private static void assertEveryKindOfThing(Set<String> seen) {
        for (Class<?> said : ClientSaid.class.getPermittedSubclasses()) {
            if (said != ClientSaid.Request.class) {
                assertThat(seen).contains("ClientSaid$" + said.getSimpleName());
            }
        }
        for (Class<?> said : ChildSaid.class.getPermittedSubclasses()) {
            assertThat(seen).contains("ChildSaid$" + said.getSimpleName());
        }
        assertThat(seen)
                .contains("tools/call", "tools/list", "resources/subscribe", "resources/unsubscribe", "logging/setLevel")
                .contains("tasks/get", "tasks/result", "tasks/cancel", "tasks/list", "ping", "server/discover")
                .contains("error -32600", "error -32601", "error -32602", "error -32700")
                .contains("error -32011", "error -32012", "error -32013", "error -32014", "error -32016")
                .contains("left PEER", "left LOCAL", "left SLOW", "half-closed")
                .contains("died", "died in the handshake", "no start", "taken back unsent")
                .contains("error -32010", "error -32015", "asked again", "place given up", "time jumped")
                .contains("stopped", "mute", "stall killed", "idle exit", "crash 0", "crash 1", "crash 2")
                .contains("reason \"timeout\"", "reason \"queue-timeout\"", "reason \"server-not-reading\"")
                .contains("borrowed", "reason \"lent\"")
                .contains("another writer", "asked again after a refusal", "reason \"held-by-another-writer\"")
                .contains("reason \"child-died\"", "reason \"child-wedged\"", "reason \"child-unavailable\"");
    }
}
