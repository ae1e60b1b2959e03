package dev.mpx.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariant 6: when the child or whoever owns it ends, for any reason, the whole tree ends, and nothing else does. */
@EnabledIf(value = NativeProgram.IS_BUILT, disabledReason = NativeProgram.NOT_BUILT)
class GuardEndsTheTreeIT {
    private static final List<String> ALL = List.of("shell", "process", "child", "session", "orphan", "both");

    /** The machine may have other work. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Guard GUARD = Guard.locking();

    @TempDir
    Path directory;

    /** Red without tree_adopt_orphans (orphans survive), or when the guard leaves as soon as its child has ended. */
    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 3,3", "crash,139"})
    void theEndOfTheChildEndsItsTreeAndGivesTheStatus(String command, int status) throws Exception {
        try (Spawned guard = GUARD.startTree()) {
            assertThat(guard.living()).containsExactlyInAnyOrderElementsOf(ALL);
            guard.tell(command);
            assertThat(guard.await()).isEqualTo(status);
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red when the guard asks for WEXITSTATUS alone. */
    @Test
    void aChildEndedByASignalGivesTheStatusAShellWouldGive() throws Exception {
        try (Spawned guard = GUARD.start("/bin/sh", "-c", "kill -KILL $$")) {
            assertThat(guard.await()).isEqualTo(128 + 9);
        }
    }

    /** Red without the change from TERMINATING to KILLING. */
    @ParameterizedTest
    @ValueSource(strings = {"exit 0", "crash"})
    void whatDoesNotMindSigtermIsKilledAfterItsGrace(String command) throws Exception {
        try (Spawned guard = GUARD.startTree("--proof", "--deaf")) {
            guard.tell(command);
            guard.await();
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red without tree_terminate, or with a handler taken away: then the shell or nobody gets the signal. */
    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void aSignalToTheGuardEndsTheTreeAtOnce(String signal) throws Exception {
        try (Spawned guard = GUARD.withTerm(Guard.NEVER).startTree("--deaf")) {
            guard.signal(signal);
            assertThat(guard.await()).isEqualTo(128 + 15);
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red when SIGUSR1 is taken as the others are: then the grace goes by first. */
    @Test
    void sigusr1KillsTheTreeWithoutAnyGrace() throws Exception {
        try (Spawned guard = GUARD.withTerm(Guard.NEVER).startTree("--proof", "--deaf")) {
            guard.signal("USR1");
            assertThat(guard.await()).isEqualTo(128 + 9);
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red without the SIGCONT after SIGTERM. */
    @Test
    void aStoppedProcessHearsSigtermToo() throws Exception {
        try (Spawned guard = GUARD.withTerm(Guard.NEVER).startTree("--deaf")) {
            Pids.signal(guard.member("process"), "STOP");
            Pids.signal(guard.member("both"), "STOP");
            await().until(() -> Pids.state(guard.member("process")) == 'T');
            guard.signal("TERM");
            guard.await();
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red without the SIGKILL phase. */
    @Test
    void aStoppedProcessThatDoesNotMindSigtermIsKilled() throws Exception {
        try (Spawned guard = GUARD.startTree("--proof", "--deaf")) {
            guard.tell("stop");
            await().until(() -> Pids.state(guard.member("process")) == 'T');
            guard.signal("TERM");
            guard.await();
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red when a tree gets SIGKILL once only, or when orphans are looked for by process group. */
    @Test
    void aTreeThatKeepsForkingIsEnded() throws Exception {
        try (Spawned guard = GUARD.startTree("--proof", "--deaf")) {
            guard.tell("fork 200");
            assertThat(guard.line()).contains("forked");
            guard.tell("hop");
            guard.signal("TERM");
            guard.await();
            assertThat(guard.living()).isEmpty();
        }
    }

    /** Red without the watch over the parent; "leave" is an orderly exit, without a word to the guard. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "leave"})
    void theEndOfTheParentEndsTheTree(String way) throws Exception {
        try (Spawned spawner = Spawned.start(underSpawner(GUARD.overTree("--proof", "--deaf"))).awaitReady()) {
            endSpawner(spawner, way);
            await().atMost(PATIENCE).until(() -> spawner.living().isEmpty());
        }
    }

    /** Red when the guard keeps a copy of its child's stdin's other end, or signals before the grace is over. */
    @Test
    void aChildThatMindsEofIsLetEndByItself() throws Exception {
        Guard patient = GUARD.withEof(Guard.NEVER);
        try (Spawned spawner = Spawned.start(underSpawner(patient.overTree())).awaitReady()) {
            endSpawner(spawner, "KILL");
            await().atMost(PATIENCE).until(() -> spawner.living().isEmpty());
        }
    }

    /** Red without the watch over the parent. */
    @Test
    void aJvmThatIsKilledLeavesNothing() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> jvm = List.of(java, "-cp", classes(), "-XX:TieredStopAtLevel=1", Spawner.class.getName());
        String[] command = Spawned.joined(jvm, GUARD.overTree("--proof", "--deaf"));
        try (Spawned spawner = Spawned.start(command).awaitReady()) {
            assertThat(spawner.living()).contains("guard").containsAll(ALL);
            spawner.signal("KILL");
            await().atMost(PATIENCE).until(() -> spawner.living().isEmpty());
        }
    }

    /** Red without the second look at getppid in events_watch_parent. */
    @Test
    void aGuardWhoseParentIsGoneAlreadyStartsNothing() throws Exception {
        Path mark = directory.resolve("started");
        try (Spawned guard = GUARD.withParent(1).start("/usr/bin/touch", mark.toString())) {
            assertThat(guard.await()).isEqualTo(125);
            assertThat(guard.stderr()).startsWith("mpx-guard: its parent, pid 1, is gone");
            assertThat(mark).doesNotExist();
        }
    }

    /** The other half of the rule above. */
    @Test
    void aGuardWhoseParentIsTheOneNamedStarts() throws Exception {
        try (Spawned guard = GUARD.withParent(ProcessHandle.current().pid()).start("/bin/true")) {
            assertThat(guard.await()).isZero();
        }
    }

    /** Red without let_go_of_stdin_and_stdout. */
    @Test
    void theGuardHoldsNeitherStdinNorStdout() throws Exception {
        try (Spawned guard = GUARD.start("/bin/sh", "-c", "exec <&- >&-; exec sleep 1000")) {
            assertThat(guard.line()).as("the end of stdout").isEmpty();
            assertThat(guard.isAlive()).isTrue();
            assertThatThrownBy(() -> guard.tell("anybody there?")).isInstanceOf(IOException.class);
            guard.signal("USR1");
            guard.await();
        }
    }

    /** Red when anything is signalled by name, by group, or by a pid alone. */
    @Test
    void whatIsNotOfTheTreeIsLeftAlone() throws Exception {
        try (Spawned stranger = Spawned.start("/bin/sleep", "1000");
                Spawned other = GUARD.startTree("--deaf");
                Spawned guard = GUARD.startTree("--deaf")) {
            guard.signal("TERM");
            guard.await();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(other.living()).containsExactlyInAnyOrderElementsOf(ALL);
        }
    }

    /** Red without events_restore_signals: a guard ignores SIGPIPE and others, its child must not. */
    @Test
    void theChildStartsWithDefaultSignalsInASessionOfItsOwn() throws Exception {
        String script = "grep -E '^Sig(Blk|Ign)' /proc/self/status; ps -o sid= -p $$ | tr -d ' '; echo $$";
        try (Spawned guard = GUARD.start("/bin/bash", "-c", script)) {
            for (String set : List.of("SigBlk", "SigIgn")) {
                // 32 and 33 are the C library's own: it lets nobody change them.
                assertThat(guard.line()).get().asString().startsWith(set).matches(".*:\\s0{7}[01][08]0{7}");
            }
            assertThat(guard.line()).isEqualTo(guard.line());
        }
    }

    @Test
    void whatCannotBeStartedIsSaidAndGivesAShellsStatus() throws Exception {
        try (Spawned absent = GUARD.start("/nowhere/at/all");
                Spawned directoryInstead = GUARD.start("/tmp")) {
            assertThat(absent.await()).isEqualTo(127);
            assertThat(absent.stderr()).startsWith("mpx-guard: cannot run /nowhere/at/all: ").hasLineCount(1);
            assertThat(directoryInstead.await()).isEqualTo(126);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"guard", "guard --", "guard --lock", "guard --eof-ms x -- true", "guard true"})
    void aCommandLineThatMakesNoSenseIsRefused(String arguments) throws Exception {
        List<String> program = List.of(NativeProgram.program().toString());
        try (Spawned refused = Spawned.start(Spawned.joined(program, arguments.split(" ")))) {
            assertThat(refused.await()).isEqualTo(2);
            assertThat(refused.stderr()).startsWith("usage: mpx ");
        }
    }

    /** Its own pages, two thirds of which are the C library's. Red with a buffer of 32 KiB that is kept. */
    @Test
    void theGuardItselfHoldsAboutAHundredKiB() throws Exception {
        assumeFalse(NativeProgram.isSanitized(), "sanitizers need memory");
        try (Spawned guard = GUARD.startTree()) {
            String status = Files.readString(Path.of("/proc/" + guard.pid() + "/status"));
            String anonymous = status.lines().filter(line -> line.startsWith("RssAnon")).findFirst().orElseThrow();
            assertThat(Integer.parseInt(anonymous.replaceAll("\\D", ""))).isLessThan(128);
        }
    }

    /** Red without say_wedged, or when the guard gives up on them: SIGKILL is kept from them by a preloaded library. */
    @Test
    void aTreeThatSigkillDoesNotEndIsNamedAndWaitedForUnderItsLock() throws Exception {
        assumeFalse(NativeProgram.isSanitized(), "a preloaded library and sanitizers don't go together");
        Path lock = directory.resolve("child.lock");
        Map<String, String> deaf = Map.of("LD_PRELOAD", NativeProgram.fixture("deaf.so").toString());
        try (Spawned guard = Spawned.start(deaf, Guard.locking(lock).preloadable().overTree("--proof", "--deaf")).awaitReady()) {
            guard.signal("USR1");
            await().atMost(PATIENCE).until(() -> !guard.stderr().isEmpty());
            assertThat(guard.stderr()).matches("mpx-guard: wedged pid \\d+ \\(\\w, \\S+, \\w+\\)\n");
            assertThat(guard.isAlive()).isTrue();
            assertThat(Probe.of(lock)).isEqualTo("claim=held tree=held");
            for (String role : ALL) {
                Pids.signal(guard.member(role), "KILL");
            }
            assertThat(guard.await()).isEqualTo(128 + 9);
        }
    }

    private static String[] underSpawner(String... command) {
        return Spawned.joined(List.of(NativeProgram.fixture("spawner").toString()), command);
    }

    private static void endSpawner(Spawned spawner, String way) throws IOException, InterruptedException {
        assertThat(spawner.living()).contains("spawned").containsAll(ALL);
        if (way.equals("leave")) {
            spawner.tell(way);
        } else {
            spawner.signal(way);
        }
    }

    /** Of this class alone: what else is on the class path is not needed. */
    private static String classes() throws Exception {
        return Path.of(Spawner.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    }
}
