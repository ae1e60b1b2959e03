package dev.mpx.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The guard of a job: it shares terminal and process group with the command, and waits for all that this leaves. */
@EnabledIf(value = NativeProgram.IS_BUILT, disabledReason = NativeProgram.NOT_BUILT)
class GuardJobIT {
    private static final List<String> LEFT = List.of("child", "session", "orphan", "both");
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    /** Up to its last digit; 32 and 33 are the C library's own. */
    private static final String SIG_IGN = "SigIgn:\\s0{7}[01][08]0{6}";
    private static final Guard GUARD = Guard.locking().ofJob(7);

    @TempDir
    Path directory;

    /** In a session of its own, so that a signal to the group reaches nobody else; the guard is its leader. */
    private static Spawned inItsOwnGroup(Guard guard, String... command) throws Exception {
        return Spawned.start(Spawned.joined(List.of("/usr/bin/setsid"), guard.command(command)));
    }

    private static void signalGroup(Spawned guard, String signal) throws Exception {
        assertThat(new ProcessBuilder("/bin/kill", "-s", signal, "--", "-" + guard.pid()).inheritIO().start().waitFor()).isZero();
    }

    /** Red with the setsid that a server's guard gives its child. */
    @Test
    void theCommandStaysInTheProcessGroupOfTheGuard() throws Exception {
        try (Spawned guard = inItsOwnGroup(GUARD, "/bin/sh", "-c", "ps -o pgid= -p $$ | tr -d ' '")) {
            assertThat(guard.line()).contains(Long.toString(guard.pid()));
            assertThat(guard.await()).isZero();
        }
    }

    /** Red when the guard leaves, or ends the rest, as soon as its child has ended. */
    @Test
    void allThatTheCommandLeavesIsWaitedForAndTheStatusIsTheCommands() throws Exception {
        try (Spawned guard = GUARD.startTree("--closing")) {
            guard.tell("exit 3");
            await().atMost(PATIENCE).until(() -> guard.living().size() == LEFT.size());
            assertThat(guard.living()).containsExactlyInAnyOrderElementsOf(LEFT);
            for (String role : LEFT) {
                assertThat(guard.isAlive()).as("while %s lives", role).isTrue();
                Pids.signal(guard.member(role), "KILL");
            }
            assertThat(guard.await()).isEqualTo(3);
        }
    }

    /** Red when SIGINT is nothing to a guard that stays: sh ends, the rest does not. */
    @Test
    void whatTheTerminalTellsTheGroupEndsTheWholeTree() throws Exception {
        Guard guarded = Guard.locking().ofJob(7).withTerm(Duration.ofMillis(300));
        try (Spawned guard = Spawned.start(Spawned.joined(List.of("/usr/bin/setsid"), guarded.overTree("--proof"))).awaitReady()) {
            signalGroup(guard, "INT");
            assertThat(guard.await()).isEqualTo(128 + 2);
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red when the guard takes SIGINT for SIGTERM: then nothing is tidied up. */
    @Test
    void anInterruptedCommandMayEndInItsOwnWay() throws Exception {
        String script = "trap 'sleep 0.3; echo tidy; exit 9' INT; echo ready; sleep 1000 & wait";
        try (Spawned guard = inItsOwnGroup(Guard.locking().ofJob(7).withTerm(Guard.NEVER), "/bin/sh", "-c", script)) {
            assertThat(guard.line()).contains("ready");
            signalGroup(guard, "INT");
            assertThat(guard.line()).contains("tidy");
            assertThat(guard.await()).isEqualTo(9);
        }
    }

    /** Red without the deadline of the interruption. */
    @Test
    void oneThatDoesNotMindIsEndedAllTheSame() throws Exception {
        try (Spawned guard = inItsOwnGroup(GUARD, "/bin/sh", "-c", "trap '' INT; echo ready; sleep 1000")) {
            assertThat(guard.line()).contains("ready");
            signalGroup(guard, "INT");
            assertThat(guard.await()).isEqualTo(128 + 15);
        }
    }

    /** Red when the guard keeps a copy of the command's stdout. */
    @Test
    void theGuardKeepsTheCommandsInputAndOutputForItAlone() throws Exception {
        try (Spawned guard = GUARD.start("/bin/sh", "-c", "read word; echo got $word; exec >&-; exec sleep 1000")) {
            guard.tell("this");
            assertThat(guard.line()).contains("got this");
            assertThat(guard.line()).as("the end of stdout").isEmpty();
            assertThat(guard.isAlive()).isTrue();
            guard.signal("USR1");
            guard.await();
        }
    }

    /** Red without the limit, and with one that a command which minds SIGTERM gives its own status to. */
    @Test
    void aTreeWhoseTimeIsOverIsEndedAndSaidSo() throws Exception {
        Guard brief = Guard.locking().ofJob(7, "--limit-ms", "1500");
        try (Spawned guard = brief.startTree("--proof", "--deaf")) {
            assertThat(guard.await()).isEqualTo(124);
            assertThat(guard.living()).isEmpty();
            assertThat(guard.stderr()).startsWith("mpx-guard: over: ");
        }
    }

    /** Red when what is left is waited for beyond the limit. */
    @Test
    void soIsWhatACommandLeftThatHasEndedLongBefore() throws Exception {
        Guard brief = Guard.locking().ofJob(7, "--limit-ms", "1500");
        try (Spawned guard = brief.start("/bin/sh", "-c", "setsid sleep 1000 >&- 2>&- & exit 0")) {
            assertThat(guard.await()).isEqualTo(124);
        }
    }

    /** Red without the watch over the parent. */
    @Test
    void whenTheBorrowerIsKilledTheTreeIsGoneAtOnce() throws Exception {
        String[] command = Spawned.joined(List.of(NativeProgram.fixture("spawner").toString()), GUARD.overTree("--deaf"));
        try (Spawned spawner = Spawned.start(command).awaitReady()) {
            assertThat(spawner.living()).contains("spawned").containsAll(LEFT);
            spawner.signal("KILL");
            await().atMost(Duration.ofSeconds(5)).until(() -> spawner.living().isEmpty());
        }
    }

    /** Red when a job that a second daemon lends to is refused while that of the first one still runs. */
    @Test
    void aJobWaitsForAnother() throws Exception {
        Path lock = directory.resolve("child.lock");
        try (Spawned first = Guard.locking(lock).ofJob(7).startTree();
                Spawned second = Guard.locking(lock).ofJob(8).start("/bin/echo", "second");
                Spawned third = Guard.locking(lock).ofJob(9).start("/bin/echo", "third")) {
            await().during(Duration.ofMillis(700)).until(() -> second.isAlive() && third.isAlive());
            third.signal("TERM");
            assertThat(third.await()).isNotZero();
            first.signal("USR1");
            assertThat(second.await()).as(second.stderr()).isZero();
            assertThat(second.line()).hasValue("second");
        }
    }

    /** Red when the holder's command line is not looked at, and when what stands behind its "--" counts as its options. */
    @Test
    void theNextGuardSaysThatTheLockIsLentAndToWhom() throws Exception {
        Path lock = directory.resolve("child.lock");
        Path other = directory.resolve("other.lock");
        try (Spawned job = Guard.locking(lock).ofJob(7).startTree("--deaf");
                Spawned server = Guard.locking(other).start("/bin/sh", "-c", "echo ready; sleep 1000", "guard --job 7");
                Spawned next = Guard.locking(lock).start("/bin/true");
                Spawned held = Guard.locking(other).start("/bin/true")) {
            server.line();
            assertThat(next.await()).isEqualTo(122);
            assertThat(next.stderr()).startsWith("mpx-guard: lent " + lock + " to pid " + job.pid() + " since ").contains("guard", "--job 7 ");
            assertThat(held.await()).isIn(120, 0);
            try (Spawned again = Guard.locking(other).start("/bin/true")) {
                assertThat(again.await()).isEqualTo(120);
            }
            assertThat(job.living()).containsAll(LEFT);
        }
    }

    /** Red when everything is set back to its default, as for a server. */
    @Test
    void whatNohupHasIgnoredStaysIgnored() throws Exception {
        String[] command = GUARD.command("/bin/sh", "-c", "grep SigIgn /proc/self/status; read word");
        try (Spawned guard = Spawned.start(Spawned.joined(List.of("/usr/bin/nohup"), command))) {
            assertThat(guard.line()).get().asString().matches(SIG_IGN + "1");
            guard.signal("HUP");
            guard.tell("on");
            assertThat(guard.await()).isZero();
        }
    }

    /** The other half: the command ignores what it would without the guard, whatever the guard itself ignores. */
    @Test
    void nothingElseIsIgnored() throws Exception {
        String[] command = {"/bin/grep", "SigIgn", "/proc/self/status"};
        try (Spawned plain = Spawned.start(command);
                Spawned guard = GUARD.start(command)) {
            assertThat(guard.line()).get().isEqualTo(plain.line().orElseThrow());
        }
    }
}
