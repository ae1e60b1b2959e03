package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code mpx run} with a daemon that lends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunIT extends Borrower {
    @Test
    void aMineIsToldToWriteItselfUnlessItsUserSaysOtherwise() throws Exception {
        String script = "echo $MEMPALACE_CLI_WRITE_ROUTING $MEMPALACE_HOOK_WRITE_ROUTING $MEMPALACE_HOOKS_DAEMON $MEMPALACE_HUB_FORWARD";
        try (Job job = Job.start(user, Map.of("MEMPALACE_CLI_WRITE_ROUTING", "require"), run("--", "/bin/sh", "-c", script))) {
            daemon.borrow().lend(7);
            assertThat(job.status()).isZero();
            assertThat(job.line()).isEqualTo("require direct 0 0");
        }
    }

    @Test
    void theCommandRunsWithItsOwnInputOutputDirectoryAndStatus() throws Exception {
        try (Job job = shell("read word; echo \"$word in $PWD by $MPX_LENT\"; echo apart >&2; exit 5")) {
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.words("command")).startsWith("/bin/sh", "-c");
            assertThat(request.text("cwd")).isEqualTo(user.toString());
            assertThat(request.number("pid")).isEqualTo(job.process.pid());
            assertThat(request.number("timeoutMs")).isEqualTo(30 * 60 * 1000);
            assertThat(request.number("waitMs")).isEqualTo(-1);
            assertThat(request.is("detached") || request.is("resumes")).isFalse();
            request.lend(7);
            job.say("hello\n");
            assertThat(job.status()).isEqualTo(5);
            assertThat(job.lines()).containsExactly("hello in " + user + " by " + home);
            assertThat(job.errors()).isEqualTo("apart\n");
            assertThat(daemon.returned()).isEqualTo(5);
        }
    }

    @Test
    void theServerIsTheOneThatTheHomesDaemonHasOnRecord() throws Exception {
        try (Job job = shell("true")) {
            daemon.borrow().lend(7);
            assertThat(job.status()).isZero();
            assertThat(daemon.hellos.take().toString()).contains("\"command\":[\"some-server\",\"--x y\"]");
        }
    }

    @Test
    void aCommandThatClosesItsOutputHasClosedIt() throws Exception {
        try (Job job = shell("exec >&-; exec sleep 1000")) {
            daemon.borrow().lend(7);
            assertThat(job.lines()).isEmpty();
            assertThat(job.process.isAlive()).isTrue();
            job.signal("TERM");
            assertThat(job.status()).isEqualTo(128 + 15);
            assertThat(daemon.returned()).isEqualTo(128 + 15);
        }
    }

    /** In a terminal of its own, by script(1). */
    private Job inTerminal(String script) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script(1) is missing");
        String line = String.join(" ", run("--", "/bin/sh", "-c", "'" + script + "'"));
        return Job.start(user, Map.of("SHELL", "/bin/sh"), List.of("/usr/bin/script", "-qefc", line, "/dev/null"));
    }

    @Test
    void theTerminalIsTheCommandsToo() throws Exception {
        try (Job job = inTerminal("test -t 0 && test -t 1 && test -t 2 && tty; read word; echo it says $word; exit 6")) {
            daemon.borrow().lend(7);
            assertThat(job.line()).startsWith("/dev/pts/");
            job.say("this\n");
            assertThat(job.lines()).contains("it says this");
            assertThat(job.status()).isEqualTo(6);
        }
    }

    @Test
    void ctrlCEndsTheCommandAndAllBelowIt() throws Exception {
        try (Job job = inTerminal("setsid sleep 1000 & echo $!; sleep 1000")) {
            daemon.borrow().lend(7);
            long below = Long.parseLong(job.line().strip());
            await().until(() -> Job.isLiving(below));
            job.say("\003");
            assertThat(job.status()).isEqualTo(128 + 2);
            assertThat(Job.isLiving(below)).isFalse();
            assertThat(daemon.returned()).isEqualTo(128 + 2);
        }
    }

    @Test
    void ctrlCWhileItWaitsLeavesTheQueue() throws Exception {
        try (Job job = inTerminal("echo never")) {
            LendingDaemon.Said request = daemon.borrow();
            job.say("\003");
            assertThat(job.status()).isEqualTo(128 + 2);
            assertThat(job.lines()).noneMatch(line -> line.contains("never"));
            await().until(() -> isGone(request));
        }
    }

    private static boolean isGone(LendingDaemon.Said request) {
        try {
            request.lend(1);
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    @Test
    void thePalaceIsGivenBackWhenAllThatTheCommandLeftHasEnded() throws Exception {
        Path go = user.resolve("go");
        try (Job job = shell("setsid sh -c 'echo $$; while [ ! -e " + go + " ]; do sleep 0.05; done' & exit 4")) {
            daemon.borrow().lend(7);
            long left = Long.parseLong(job.line());
            await().during(Duration.ofMillis(300)).until(() -> daemon.returns.isEmpty());
            assertThat(job.process.isAlive()).isTrue();
            Files.createFile(go);
            assertThat(job.status()).isEqualTo(4);
            assertThat(Job.isLiving(left)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"90s,90000", "2,2000", "10m,600000", "1h30m,5400000", "2h,7200000", "0,0"})
    void howLongItMayWaitIsToldToTheDaemon(String words, long millis) throws Exception {
        try (Job job = shell("true", "--wait=" + words)) {
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.number("waitMs")).isBetween(Math.max(millis - 2000, 0), millis);
            request.refuse(-32015, "Job 5 has had the palace for 3 minutes.");
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.errors()).isEqualTo("mpx: Job 5 has had the palace for 3 minutes.\n");
            assertThat(job.lines()).isEmpty();
        }
    }

    @Test
    void aDaemonThatDoesNotSaySoIsNotWaitedForBeyondThat() throws Exception {
        try (Job job = shell("echo never", "--wait", "1")) {
            daemon.borrow();
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.errors()).contains("--wait");
            assertThat(job.lines()).isEmpty();
        }
    }

    @Test
    void whoWaitsIsToldForWhomAndWhoElse() throws Exception {
        Instant since = Instant.now();
        try (Job job = shell("true")) {
            LendingDaemon.Said request = daemon.borrow();
            request.queue("{\"job\":7,\"ahead\":2,\"running\":{\"job\":5,\"command\":\"mempalace mine /x\",\"since\":\"" + since + "\"}}");
            await().until(() -> !job.errors().isEmpty());
            String clock = DateTimeFormatter.ofPattern("HH:mm").withZone(ZoneId.systemDefault()).format(since);
            assertThat(job.errors())
                    .isEqualTo("mpx: waiting for the palace: job 5 (mempalace mine /x) runs since " + clock + "; 2 ahead\n");
            request.lend(7);
            assertThat(job.status()).isZero();
            assertThat(job.errors()).hasLineCount(1);
        }
    }

    @Test
    void whoWaitsForTheServersEndIsToldThat() throws Exception {
        try (Job job = shell("true")) {
            LendingDaemon.Said request = daemon.borrow();
            request.queue("{\"job\":7,\"ahead\":0}");
            await().until(() -> !job.errors().isEmpty());
            assertThat(job.errors()).startsWith("mpx: waiting for the palace: its server ");
            request.lend(7);
            assertThat(job.status()).isZero();
        }
    }

    @Test
    void whereThePalaceIsNotThisMachinesNothingIsRun() throws Exception {
        try (Job job = Job.start(user, Map.of("MEMPALACE_BROKER", "ssh://nowhere.invalid"), run("--", "echo", "never"))) {
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.errors()).contains("ssh://nowhere.invalid").hasLineCount(1);
            assertThat(job.lines()).isEmpty();
        }
    }

    @Test
    void whoIsServedSoonIsToldNothing() throws Exception {
        try (Job job = shell("true")) {
            LendingDaemon.Said request = daemon.borrow();
            request.queue("{\"job\":7,\"ahead\":0,\"running\":{\"job\":5,\"command\":\"x\",\"since\":\"2026-01-01T00:00:00Z\"}}");
            request.lend(7);
            assertThat(job.status()).isZero();
            assertThat(job.errors()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaves", "hangs up"})
    void whenTheDaemonLeavesTheNextOneIsAsked(String way) throws Exception {
        try (Job job = shell("echo ran")) {
            LendingDaemon.Said request = daemon.borrow();
            if (way.equals("leaves")) {
                request.refuse(-32016, "This daemon is shutting down.");
            } else {
                request.hangUp();
            }
            LendingDaemon.Said again = daemon.borrow();
            assertThat(again.is("resumes")).isFalse();
            again.lend(8);
            assertThat(job.status()).isZero();
            assertThat(job.lines()).containsExactly("ran");
        }
    }

    @Test
    void aDaemonThatHangsUpAgainAndAgainIsGivenUp() throws Exception {
        Thread hangsUp = new Thread(() -> {
            try {
                while (true) {
                    daemon.borrow().hangUp();
                }
            } catch (IOException | InterruptedException | AssertionError over) {
                // enough
            }
        });
        hangsUp.setDaemon(true);
        hangsUp.start();
        try (Job job = shell("echo never")) {
            assertThat(job.status()).isEqualTo(3);
            assertThat(job.lines()).isEmpty();
        }
        hangsUp.interrupt();
    }

    @Test
    void aDaemonThatIsKilledLeavesTheCommandRunningAndTheNextOneHearsThatItResumes() throws Exception {
        try (Job job = shell("echo begun; read word; exit 5")) {
            daemon.borrow().lend(7);
            assertThat(job.line()).isEqualTo("begun");
            daemon.close();
            daemon = LendingDaemon.in(home);
            LendingDaemon.Said again = daemon.borrow();
            assertThat(again.is("resumes")).isTrue();
            again.lend(31);
            job.say("end\n");
            assertThat(job.status()).isEqualTo(5);
            LendingDaemon.Said returned = daemon.returns.take();
            assertThat(returned.number("job")).isEqualTo(31);
        }
    }

    @Test
    void withoutANextOneNoneIsStartedAndTheCommandEndsAsItWould() throws Exception {
        try (Job job = Job.start(user, stub("launched"), run("--", "/bin/sh", "-c", "echo begun; read word; exit 5"))) {
            daemon.borrow().lend(7);
            assertThat(job.line()).isEqualTo("begun");
            daemon.close();
            await().pollDelay(Duration.ofMillis(500)).until(() -> true);
            job.say("end\n");
            assertThat(job.status()).isEqualTo(5);
            assertThat(user.resolve("launched")).doesNotExist();
        }
    }

    /** A launcher that starts nothing, and leaves a file behind. */
    private Map<String, String> stub(String mark) throws IOException {
        Path stub = user.resolve("stub");
        Files.writeString(stub, "#!/bin/sh\n: > '" + user.resolve(mark) + "'\n");
        assertThat(stub.toFile().setExecutable(true)).isTrue();
        return Map.of("MPX_JAVA_OPTS", "-Dmpx.launcher=" + stub);
    }

    @Test
    void aBorrowerThatIsKilledLeavesNothing() throws Exception {
        try (Job job = shell("setsid sleep 1000 & echo $!; echo $$; exec sleep 1000")) {
            daemon.borrow().lend(7);
            long below = Long.parseLong(job.line());
            long command = Long.parseLong(job.line());
            job.process.destroyForcibly();
            await().atMost(Duration.ofSeconds(5)).until(() -> !Job.isLiving(below) && !Job.isLiving(command));
        }
    }

    @Test
    void aSignalToTheBorrowerEndsTheCommand() throws Exception {
        try (Job job = shell("trap 'echo tidy; exit 9' TERM; echo begun; sleep 1000 & wait")) {
            daemon.borrow().lend(7);
            assertThat(job.line()).isEqualTo("begun");
            job.signal("HUP");
            assertThat(job.status()).isEqualTo(9);
            assertThat(job.lines()).containsExactly("tidy");
        }
    }

    /** Red when MPX_LENT is believed: what a job's terminal has left of it is no proof. */
    /** Red when the inner home takes the place of the outer one: then the innermost waits for the job that it is part of. */
    @Test
    void aDaemonThatFallsSilentIsNotWaitedForForEver() throws Exception {
        daemon.mute();
        try (Job job = Job.start(user, Map.of("MPX_JAVA_OPTS", "-Dmpx.silence=300"), run("--", "echo", "never"))) {
            daemon.borrow();
            assertThat(job.status()).isEqualTo(3);
            assertThat(job.errors()).contains("mpx restart --home " + home);
            assertThat(job.lines()).isEmpty();
        }
    }

    @Test
    void oneThatIsOnlySlowIsWaitedFor() throws Exception {
        try (Job job = Job.start(user, Map.of("MPX_JAVA_OPTS", "-Dmpx.silence=200"), run("--", "echo", "ran"))) {
            LendingDaemon.Said request = daemon.borrow();
            await().pollDelay(Duration.ofMillis(1500)).until(() -> job.process.isAlive());
            request.lend(7);
            assertThat(job.status()).isZero();
            assertThat(job.lines()).containsExactly("ran");
        }
    }

    /** Red when what a guard says of itself and what it says of its command are not told from one another. */
}
