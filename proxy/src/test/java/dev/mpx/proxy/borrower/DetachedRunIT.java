package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.Alone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code mpx run --detach}, and a daemon that has to be started first. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Alone
class DetachedRunIT {
    private static final Duration AT_ONCE = Duration.ofMillis(50);

    @TempDir
    Path directory;

    private Path user;
    private Path home;

    @BeforeEach
    void name() throws IOException {
        user = directory.toRealPath();
        home = user.resolve("h");
    }

    @AfterEach
    void endDaemons() throws IOException {
        Path started = home.resolve("started");
        if (Files.exists(started)) {
            long pid = Long.parseLong(Files.readString(started).split(" ")[0]);
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private List<String> detached(String script) {
        return Job.mpx("run", "--home", home.toString(), "--detach", "--key", "k", "--", "/bin/sh", "-c", script);
    }

    private Path log() {
        return home.resolve("logs/jobs.log");
    }

    /** How long it took, and nothing was said. */
    private Duration time(List<String> command) throws Exception {
        long begin = System.nanoTime();
        try (Job job = Job.start(user, Map.of(), command)) {
            assertThat(job.status()).isZero();
            Duration time = Duration.ofNanos(System.nanoTime() - begin);
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).isEmpty();
            return time;
        }
    }

    @Test
    void itReturnsAtOnceAndTheCommandRunsOnWithTheLogForItsOutput() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home)) {
            time(detached("echo out; echo err >&2; read word; echo input ended; pwd; exit 3"));
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.is("detached")).isTrue();
            assertThat(request.text("key")).isEqualTo("k");
            request.lend(7);
            assertThat(daemon.returned()).isEqualTo(3);
            assertThat(Files.readAllLines(log())).containsSubsequence("out", "err", "input ended", user.toString())
                    .anyMatch(line -> line.endsWith("ends after 0 s with status 3") || line.contains("ends after 1 s"));
        }
    }

    @Test
    void itIsInASessionOfItsOwnAndNobodysDescendant() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home)) {
            time(detached("true"));
            LendingDaemon.Said request = daemon.borrow();
            long pid = request.number("pid");
            assertThat(ProcessHandle.current().descendants().map(ProcessHandle::pid)).doesNotContain(pid);
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]).as("session").isEqualTo(Long.toString(pid));
            request.lend(7);
            daemon.returned();
            await().until(() -> !Job.isLiving(request.number("pid")));
        }
    }

    @Test
    void oneThatIsJoinedIsDone() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home)) {
            time(detached("echo never"));
            LendingDaemon.Said request = daemon.borrow();
            request.answer("{\"outcome\":\"joined\",\"job\":5}");
            await().until(() -> !Job.isLiving(request.number("pid")));
            assertThat(Files.readString(log())).contains("joined job 5").doesNotContain("never");
        }
    }

    @Test
    void tenASecondReturnAtOnceAndLeaveNobodyBehind() throws Exception {
        try (LendingDaemon daemon = LendingDaemon.in(home)) {
            List<Duration> times = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                long due = System.nanoTime() + 100_000_000;
                times.add(time(detached("true")));
                await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() >= due);
            }
            assertThat(times.stream().sorted().toList().get(times.size() / 2)).as("median of %s", times).isLessThan(AT_ONCE);
            List<Long> borrowers = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                LendingDaemon.Said request = daemon.borrow();
                borrowers.add(request.number("pid"));
                request.answer("{\"outcome\":\"joined\",\"job\":1}");
            }
            await().until(() -> borrowers.stream().noneMatch(Job::isLiving));
        }
    }

    @Test
    void aLogThatHasGrownIsBegunAnew() throws Exception {
        Files.createDirectories(log().getParent());
        Files.write(log(), new byte[(1 << 20) + 1]);
        try (LendingDaemon daemon = LendingDaemon.in(home)) {
            time(detached("echo out"));
            LendingDaemon.Said request = daemon.borrow();
            request.lend(7);
            daemon.returned();
            await().until(() -> !Job.isLiving(request.number("pid")));
            assertThat(Files.size(log())).isLessThan(10_000);
        }
    }

    /** The launcher is told that mpx is a stub, whose {@code serve} is a daemon that lends. */
    private Map<String, String> stubbed() throws IOException {
        Path stub = Files.writeString(user.resolve("stub"), "#!/bin/sh\nexec '" + Path.of(System.getProperty("java.home"), "bin/java")
                + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '" + System.getProperty("java.class.path") + "' " + LendingDaemon.class.getName() + " \"$@\"\n");
        assertThat(stub.toFile().setExecutable(true)).isTrue();
        return Map.of("MPX_JAVA_OPTS", "-Dmpx.launcher=" + stub);
    }

    private List<String> withServer(String... words) throws IOException {
        Path server = Files.writeString(user.resolve("mempalace-mcp"), "#!/bin/sh\n");
        assertThat(server.toFile().setExecutable(true)).isTrue();
        List<String> command = Job.mpx("run", "--home", home.toString());
        return Stream.concat(command.stream(), Stream.of(words)).toList();
    }

    private Map<String, String> stubbedWithPath() throws IOException {
        return Map.of("MPX_JAVA_OPTS", stubbed().get("MPX_JAVA_OPTS"), "PATH", user + ":/usr/local/bin:/usr/bin:/bin");
    }

    @Test
    void aDaemonIsStartedWhereThereIsNone() throws Exception {
        try (Job job = Job.start(user, stubbedWithPath(), withServer("--", "echo", "ran"))) {
            assertThat(job.status()).isZero();
            assertThat(job.lines()).containsExactly("ran");
            assertThat(Files.readString(home.resolve("started"))).contains("serve --home " + home).contains("-- " + user.resolve("mempalace-mcp"));
        }
    }

    @Test
    void oneThatIsStoppedDoesNotKeepAJobForEver() throws Exception {
        try (Job first = Job.start(user, stubbedWithPath(), withServer("--", "true"))) {
            assertThat(first.status()).isZero();
        }
        long pid = Long.parseLong(Files.readString(home.resolve("started")).split(" ")[0]);
        Job.signal(pid, "STOP");
        try (Job job = Job.start(user, stubbedWithPath(), withServer("--", "echo", "never"))) {
            assertThat(job.status()).isEqualTo(3);
            assertThat(job.errors()).contains("does not answer");
            assertThat(job.lines()).isEmpty();
        } finally {
            Job.signal(pid, "CONT");
        }
    }

    /** A daemon that is stopped while the command runs is not waited for when that has ended. */
    @Test
    void norDoesOneThatIsStoppedMeanwhile() throws Exception {
        try (Job job = Job.start(user, stubbedWithPath(), withServer("--", "/bin/sh", "-c", "echo begun; read word; exit 4"))) {
            assertThat(job.line()).isEqualTo("begun");
            long pid = Long.parseLong(Files.readString(home.resolve("started")).split(" ")[0]);
            Job.signal(pid, "STOP");
            job.say("end\n");
            assertThat(job.status()).isEqualTo(4);
            Job.signal(pid, "CONT");
        }
    }

    @Test
    void withoutAServerNothingIsRun() throws Exception {
        try (Job job = Job.start(user, Map.of(), Job.mpx("run", "--", "echo", "never"))) {
            assertThat(job.status()).isEqualTo(1);
            assertThat(job.errors()).contains("mempalace-mcp");
            assertThat(job.lines()).isEmpty();
        }
    }
}
