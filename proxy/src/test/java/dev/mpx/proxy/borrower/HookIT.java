package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mpx hook} in place of {@code mempalace hook}. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Alone
class HookIT {
    private static final String INPUT = "{\"session_id\": \"s-1\", \"transcript_path\": \"/t.jsonl\", \"stop_hook_active\": false}";
    private static final List<String> WORDS = List.of("run", "--hook", "stop", "--harness", "claude-code");

    @TempDir
    Path directory;

    private Path user;
    private Path home;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        home = user.resolve("h");
        write("mempalace", "echo \"$@\" with $(cat) >> '" + user.resolve("ran") + "'");
        write("mempalace-mcp", "exit 1");
    }

    private void write(String name, String script) throws IOException {
        Path file = Files.createDirectories(user.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Job hook(String... own) throws IOException {
        List<String> words = Stream.of(List.of("hook", "--home", home.toString()), List.of(own), WORDS).flatMap(List::stream).toList();
        return Job.start(user, Map.of("PATH", user.resolve("bin") + ":/usr/bin:/bin"), Job.mpx(words.toArray(String[]::new)));
    }

    private void saysNothing(Job job) throws Exception {
        assertThat(job.status()).isZero();
        assertThat(job.lines()).isEmpty();
        assertThat(job.errors()).isEmpty();
    }

    @Test
    void theRealHookRunsAsAJobWithTheInputOfThisOne() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = hook()) {
            job.say(INPUT);
            job.endInput();
            saysNothing(job);
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.is("detached")).isTrue();
            assertThat(request.words("command")).startsWith(user.resolve("bin/mempalace").toString(), "hook", "run").endsWith("claude-code");
            assertThat(request.text("key")).contains("hook run --hook stop --harness claude-code", "s-1");
            try (Stream<Path> files = Files.list(home)) {
                assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("hook"));
            }
            request.lend(7);
            assertThat(daemon.returned()).isZero();
            await().until(() -> !Job.isLiving(request.number("pid")));
            assertThat(user.resolve("ran")).hasContent("hook run --hook stop --harness claude-code with " + INPUT);
        }
    }

    @Test
    void itRunsThoughTheAgentsDirectoryHasBeenRemoved() throws Exception {
        List<String> words = Stream.of(List.of("hook", "--home", home.toString()), WORDS).flatMap(List::stream).toList();
        List<String> command = Stream.of(List.of("/bin/sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$@\"", "sh"),
                Job.mpx(words.toArray(String[]::new))).flatMap(List::stream).toList();
        try (LendingDaemon daemon = LendingDaemon.in(home);
                Job job = Job.start(user, Map.of("PATH", user.resolve("bin") + ":/usr/bin:/bin"), command)) {
            job.endInput();
            saysNothing(job);
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.text("cwd")).isEqualTo("/");
            request.dismiss();
        }
    }

    @Test
    void itDoesNotWaitForAnInputThatIsNotClosed() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = hook()) {
            long begin = System.nanoTime();
            job.say(INPUT);
            saysNothing(job);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
            daemon.borrow().dismiss();
        }
    }

    @Test
    void norForOneThatNeverComes() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = hook()) {
            saysNothing(job);
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.text("key")).doesNotContain("session");
            request.dismiss();
        }
    }

    @Test
    void anInputWithoutEndIsCutOff() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home); Job job = hook()) {
            Thread writer = new Thread(() -> {
                try {
                    while (true) {
                        job.say("x".repeat(65536));
                    }
                } catch (IOException ended) {
                    // as it should
                }
            });
            writer.setDaemon(true);
            writer.start();
            saysNothing(job);
            daemon.borrow().dismiss();
        }
    }

    @Test
    void itReturnsAtOnce() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home)) {
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 15; i++) {
                long begin = System.nanoTime();
                try (Job job = hook()) {
                    job.say(INPUT);
                    job.endInput();
                    saysNothing(job);
                    times.add(Duration.ofNanos(System.nanoTime() - begin));
                }
                daemon.borrow().dismiss();
            }
            assertThat(times.stream().sorted().toList().get(times.size() / 2)).as("median of %s", times).isLessThan(Duration.ofMillis(50));
        }
    }

    /** Status 2 would stop the agent. */
    @Test
    void whatGoesWrongIsNoFailureOfTheAgents() throws Exception {
        Files.delete(user.resolve("bin/mempalace"));
        try (Job job = hook()) {
            job.endInput();
            assertThat(job.status()).isZero();
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).startsWith("mpx: ").contains("mempalace");
        }
        try (Job job = Job.start(user, Map.of(), Job.mpx("hook"))) {
            assertThat(job.status()).isEqualTo(1);
        }
    }

    /** mpx itself may stand on PATH under that name. */
    @Test
    void theRealProgramIsTheOneThatIsNotMpx() throws Exception {
        Path first = Files.createDirectories(user.resolve("first"));
        Files.createSymbolicLink(first.resolve("mempalace"), ShimProgram.LAUNCHER.toRealPath());
        List<String> words = Stream.concat(Stream.of("hook", "--home", home.toString()), WORDS.stream()).toList();
        try (LendingDaemon daemon = LendingDaemon.in(home);
                Job job = Job.start(user, Map.of("PATH", first + ":" + user.resolve("bin") + ":/usr/bin:/bin"), Job.mpx(words.toArray(String[]::new)))) {
            job.endInput();
            saysNothing(job);
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.words("command")).startsWith(user.resolve("bin/mempalace").toString());
            request.dismiss();
        }
    }

    @Test
    void itEndsAMineThatAnEarlierSessionHasLeft() throws Exception {
        Path own = Files.createDirectories(user.resolve(".mempalace"));
        Files.writeString(own.resolve("mpx.toml"), "[jobs]\norphans = \"1s\"\n");
        Path mine = user.resolve("bin/mempalace");
        Files.writeString(mine, "#!/bin/sh\nsleep 1000; exit\n");
        List<String> words = Stream.concat(Stream.of("hook"), WORDS.stream()).toList();
        try (Job left = Job.start(user, Map.of(), List.of(mine.toString(), "mine", "x"));
                LendingDaemon daemon = LendingDaemon.in(own)) {
            await().pollDelay(Duration.ofMillis(2200)).until(() -> left.process.isAlive());
            try (Job job = Job.start(user, Map.of("PATH", user.resolve("bin") + ":/usr/bin:/bin"), Job.mpx(words.toArray(String[]::new)))) {
                job.endInput();
                saysNothing(job);
                daemon.borrow().dismiss();
                assertThat(left.status()).isEqualTo(128 + 15);
                assertThat(Files.readString(own.resolve("logs/jobs.log"))).contains("pid " + left.process.pid());
            }
        }
    }
}
