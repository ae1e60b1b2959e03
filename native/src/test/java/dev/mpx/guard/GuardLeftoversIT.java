package dev.mpx.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 1 when a guard itself is killed: what it leaves holds its lock, and the next guard ends that first. */
@EnabledIf(value = NativeProgram.IS_BUILT, disabledReason = NativeProgram.NOT_BUILT)
class GuardLeftoversIT {
    @TempDir
    Path directory;

    private Path lock;
    private Path census;

    @BeforeEach
    void anEmptyCensus() throws Exception {
        lock = directory.resolve("child.lock");
        census = Files.createDirectory(directory.resolve("census"));
    }

    private Spawned treeUnder(Guard guard, String... flags) throws Exception {
        return guard.startTree(Spawned.joined(List.of("--census", census.toString(), "--deaf"), flags));
    }

    private static void killGuardOf(Spawned tree) throws Exception {
        tree.signal("KILL");
        tree.await();
        await().until(() -> !tree.living().contains("shell"));
    }

    /** Red without PDEATHSIG (the child lives on), or with the tree's descriptor closed on exec (the lock is free). */
    @Test
    void aGuardThatIsKilledTakesItsChildWithItAndTheRestHoldsTheLock() throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock))) {
            killGuardOf(tree);
            assertThat(tree.living()).containsExactlyInAnyOrder("process", "child", "session", "orphan", "both");
            for (String role : tree.living()) {
                assertThat(Probe.of(lock)).as("before %s ends", role).isEqualTo("claim=free tree=held");
                Pids.signal(tree.member(role), "KILL");
                await().until(() -> !tree.living().contains(role));
            }
            await().until(() -> Probe.of(lock).equals("claim=free tree=free"));
        }
    }

    /** Red when leftovers_end gives up at once, or when neither descriptors nor environments are looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"--deaf", "--proof"})
    void theNextGuardEndsLeftoversBeforeItStartsAChild(String flag) throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock), flag)) {
            killGuardOf(tree);
            assertThat(tree.living()).isNotEmpty();
            try (Spawned next = treeUnder(Guard.locking(lock))) {
                assertThat(next.breaches()).isEmpty();
                assertThat(tree.living()).isEmpty();
                assertThat(next.living()).hasSize(6);
            }
        }
    }

    /** Red without holders_by_environment: programs started by Python or Java don't hold the lock. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leftoversThatHaveClosedTheLockAreEndedToo(boolean noneHoldsIt) throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock), "--closing")) {
            killGuardOf(tree);
            if (noneHoldsIt) {
                Pids.signal(tree.member("process"), "KILL");
                await().until(() -> Probe.of(lock).equals("claim=free tree=free"));
            }
            assertThat(tree.living()).contains("child", "session", "orphan", "both");
            try (Spawned next = treeUnder(Guard.locking(lock))) {
                assertThat(next.breaches()).isEmpty();
                assertThat(tree.living()).isEmpty();
            }
        }
    }

    /** Red when leftovers are ended by one guard at a time only by luck, that is without the claim. */
    @Test
    void ofSeveralGuardsThatFindLeftoversOneStartsAChild() throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock), "--proof")) {
            killGuardOf(tree);
            try (Spawned one = Spawned.start(Guard.locking(lock).overTree());
                    Spawned two = Spawned.start(Guard.locking(lock).overTree());
                    Spawned three = Spawned.start(Guard.locking(lock).overTree())) {
                List<Spawned> rivals = List.of(one, two, three);
                await().until(() -> rivals.stream().filter(Spawned::isAlive).count() == 1);
                Spawned winner = rivals.stream().filter(Spawned::isAlive).findFirst().orElseThrow();
                assertThat(winner.awaitReady().living()).hasSize(6);
                assertThat(tree.living()).isEmpty();
                for (Spawned rival : rivals) {
                    if (rival != winner) {
                        assertThat(rival.await()).isEqualTo(120);
                    }
                }
            }
        }
    }

    /** Red when holders are told by having the file open. */
    @Test
    void whoMerelyHasTheLockFileOpenIsSpared() throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock));
                Spawned reader = Spawned.start(NativeProgram.fixture("probe").toString(), "--open", lock.toString())
                        .awaitReady()) {
            killGuardOf(tree);
            try (Spawned next = treeUnder(Guard.locking(lock))) {
                assertThat(tree.living()).isEmpty();
                assertThat(reader.isAlive()).isTrue();
                assertThat(next.living()).hasSize(6);
            }
        }
    }

    /** Red when an own ancestor that was started in the old tree is taken for a leftover. */
    @Test
    void aGuardStartedFromWithinAnOldTreeSparesWhoeverStartedIt() throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock))) {
            killGuardOf(tree);
            String mark = "|" + key(tree.member("orphan")) + "|";
            Map<String, String> inherited = Map.of("MPX_GUARDED", mark);
            String[] spawner = Spawned.joined(
                    List.of(NativeProgram.fixture("spawner").toString()), Guard.locking(lock).overTree());
            try (Spawned next = Spawned.start(inherited, spawner).awaitReady()) {
                assertThat(next.isAlive()).isTrue();
                assertThat(tree.living()).isEmpty();
            }
        }
    }

    /** Red when a guard that SIGKILL can't help goes on, or waits for ever. */
    @Test
    void leftoversThatSigkillDoesNotEndAreNamedAndNoChildIsStarted() throws Exception {
        assumeFalse(NativeProgram.isSanitized(), "a preloaded library and sanitizers don't go together");
        Map<String, String> deaf = Map.of("LD_PRELOAD", NativeProgram.fixture("deaf.so").toString());
        try (Spawned tree = treeUnder(Guard.locking(lock), "--proof")) {
            killGuardOf(tree);
            try (Spawned next = Spawned.start(deaf, Guard.locking(lock).preloadable().command("/bin/echo", "second"))) {
                assertThat(next.await()).isEqualTo(121);
                assertThat(next.stderr()).matches("mpx-guard: wedged pid \\d+ \\(\\w, \\S+, \\w+\\)\n");
                assertThat(next.line()).isEmpty();
                assertThat(tree.living()).isNotEmpty();
            }
        }
    }

    /** Red when a guard that hunts leftovers does not hear a signal. */
    @Test
    void aGuardThatEndsLeftoversCanBeEnded() throws Exception {
        try (Spawned tree = treeUnder(Guard.locking(lock), "--proof")) {
            killGuardOf(tree);
            try (Spawned next = Guard.locking(lock).withTerm(Guard.NEVER).start("/bin/echo", "second")) {
                await().atMost(Duration.ofSeconds(30)).until(() -> Probe.of(lock).startsWith("claim=held"));
                next.signal("TERM");
                assertThat(next.await()).isEqualTo(128 + 15);
                assertThat(next.line()).isEmpty();
            }
        }
    }

    private static String key(long pid) throws Exception {
        String environment = Files.readString(Path.of("/proc/" + pid + "/environ"));
        int start = environment.indexOf("MPX_GUARDED=|") + "MPX_GUARDED=|".length();
        return environment.substring(start, environment.indexOf('|', start));
    }
}
