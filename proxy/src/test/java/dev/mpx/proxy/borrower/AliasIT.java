package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** mpx in the place of {@code mempalace}, the real one being a script that says what it was told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AliasIT {
    @TempDir
    Path directory;

    private Path user;
    private Path home;
    private Path real;
    private Path alias;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        home = user.resolve(".mempalace");
        real = write("mempalace", "echo \"$0\" \"$@\" with \"$(cat)\"; exit 7");
        write("mempalace-mcp", "exit 1");
        Path names = Files.createDirectories(user.resolve("alias"));
        alias = Files.createSymbolicLink(names.resolve("mempalace"), ShimProgram.LAUNCHER.toRealPath());
    }

    private Path write(String name, String script) throws IOException {
        Path file = Files.createDirectories(user.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private Job mempalace(Map<String, String> variables, String... words) throws IOException {
        return mempalace(List.of(), variables, words);
    }

    private Job mempalace(List<String> before, Map<String, String> variables, String... words) throws IOException {
        Map<String, String> all = new HashMap<>(variables);
        all.putIfAbsent("PATH", alias.getParent() + ":" + real.getParent() + ":/usr/bin:/bin");
        List<String> command = new ArrayList<>(before);
        command.add(alias.toString());
        command.addAll(List.of(words));
        Job job = Job.start(user, all, command);
        try {
            job.say("input");
            job.endInput();
        } catch (IOException hasEnded) {
            // without reading it
        }
        return job;
    }

    private Job mempalace(String... words) throws IOException {
        return mempalace(Map.of(), words);
    }

    private void wentStraight(Job job, String words) throws Exception {
        assertThat(job.lines()).containsExactly((real + " " + words).stripTrailing() + " with input");
        assertThat(job.status()).isEqualTo(7);
        assertThat(job.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--version", "search x", "--palace p status", "--palace=p wake-up", "--backend mine search mine",
            "mine --help", "hook --help", "daemon status", "logstream wait", "repair-status"})
    void whatOnlyReadsIsTheRealOne(String words) throws Exception {
        try (Job job = mempalace(words.isEmpty() ? new String[0] : words.split(" "))) {
            wentStraight(job, words);
            assertThat(home).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine x", "sync", "repair --yes", "--palace .mempalace/palace init x", "init x --palace=.mempalace/palace",
            "--pal .mempalace/palace compress", "palace set-embedder", "a-word-of-tomorrow", "mine -- --help"})
    void whatWritesOrMightIsAJobWithItsInputOutputAndStatus(String words) throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = mempalace(words.split(" "))) {
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.is("detached")).isFalse();
            assertThat(request.number("timeoutMs")).isEqualTo(2 * 3600 * 1000);
            assertThat(request.words("command")).startsWith(real.toString()).hasSize(words.split(" ").length + 1);
            request.lend(7);
            assertThat(daemon.returned()).isEqualTo(7);
            wentStraight(job, words);
        }
    }

    @Test
    void oneThatWaitsIsNoMineToWhoeverLooksForThem() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = mempalace("mine", "x")) {
            LendingDaemon.Said request = daemon.borrow();
            assertThat(Files.readString(Path.of("/proc/" + job.process.pid() + "/cmdline"))).startsWith("mpx\0run\0");
            request.dismiss();
            assertThat(job.lines()).isEmpty();
        }
    }

    @Test
    void anotherPalaceIsAskedOfItsOwnDaemon() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(user.resolve("p.mpx")); Job job = mempalace("--palace", "p", "mine", "x")) {
            daemon.borrow().lend(7);
            assertThat(daemon.returned()).isEqualTo(7);
            wentStraight(job, "--palace p mine x");
        }
    }

    @Test
    void aHookIsNotWaitedFor() throws Exception {
        String[] words = {"--palace", ".mempalace/palace", "hook", "run", "--hook", "stop"};
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = mempalace(words)) {
            assertThat(job.status()).isZero();
            assertThat(job.lines()).isEmpty();
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.is("detached")).isTrue();
            assertThat(request.words("command")).startsWith(real.toString()).endsWith(words);
            request.dismiss();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine x", "hook run", "serve"})
    void whatIsPartOfAJobGoesStraight(String words) throws Exception {
        Map<String, String> lent = Map.of("MPX_LENT", home.toString());
        List<String> guard = Job.mpx("guard", "--job", "7", "--stay", "--lock", home.resolve("child.lock").toString(), "--");
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = mempalace(guard, lent, words.split(" "))) {
            wentStraight(job, words);
            assertThat(daemon.isAskedForNothing()).isTrue();
        }
    }

    /** A job lasts for as long as anything of it does. */
    @Test
    void butNoDaemonIsLeftInAJob() throws Exception {
        Files.createDirectories(home);
        List<String> guard = Job.mpx("guard", "--job", "7", "--stay", "--lock", home.resolve("child.lock").toString(), "--");
        try (Job job = mempalace(guard, Map.of("MPX_LENT", home.toString()), "mine", "x", "--daemon")) {
            assertThat(job.status()).isEqualTo(1);
            assertThat(job.errors()).contains("was not run", "Without --daemon");
        }
    }

    @Test
    void whatIsOnlyToldToBePartOfOneIsAJobOfItsOwn() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = mempalace(Map.of("MPX_LENT", home.toString()), "mine", "x")) {
            daemon.borrow().lend(7);
            wentStraight(job, "mine x");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve --port 1", "daemon start", "mine x --daemon", "mine --da x", "sync --daemon --background"})
    void aServerBesideTheSharedOneIsRefused(String words) throws Exception {
        try (Job job = mempalace(words.split(" "))) {
            assertThat(job.status()).isEqualTo(1);
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).contains("was not run", real.toString());
        }
    }

    /** Red when the real one is run because there is nobody to ask. */
    @Test
    void withoutADaemonNothingIsWritten() throws Exception {
        Files.writeString(Files.createDirectories(home).resolve("mpx.toml"), "[daemon]\nidle = \"nonsense\"\n");
        try (Job job = mempalace("mine", "x")) {
            assertThat(job.status()).isEqualTo(3);
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).contains("daemon", "The command was not run");
        }
        Files.delete(real.resolveSibling("mempalace-mcp"));
        try (Job job = mempalace("mine", "x")) {
            assertThat(job.status()).isEqualTo(1);
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).contains("no mempalace-mcp", "The command was not run");
        }
    }

    /** Red when a name of mpx's own, here or of another installation, is taken for the real one. */
    @Test
    void itNeverRunsItself() throws Exception {
        Path other = Files.createDirectories(user.resolve("other/bin"));
        Files.copy(ShimProgram.LAUNCHER.toRealPath(), other.resolve("mempalace"));
        assertThat(other.resolve("mempalace").toFile().setExecutable(true)).isTrue();
        String path = alias.getParent() + ":" + other + ":";
        try (Job job = mempalace(Map.of("PATH", path + real.getParent() + ":/usr/bin:/bin"), "search", "x")) {
            wentStraight(job, "search x");
        }
        try (Job job = mempalace(Map.of("PATH", path + "/usr/bin:/bin"), "mine", "x")) {
            assertThat(job.status()).isEqualTo(127);
            assertThat(job.errors()).contains("no real one");
        }
    }

    @Test
    void ctrlCEndsAMineThatWaits() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = mempalace("mine", "x")) {
            daemon.borrow();
            job.signal("INT");
            assertThat(job.status()).isEqualTo(128 + 2);
            await().until(() -> !job.process.isAlive());
        }
    }
}
