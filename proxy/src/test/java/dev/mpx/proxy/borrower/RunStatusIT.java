package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code mpx run} exits with: docs/jobs.md, "Exit status". */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunStatusIT extends Borrower {
    private static final int WRONG_USAGE = 2;

    @Test
    void aCommandOverItsTimeIsEndedWithItsTree() throws Exception {
        try (Job job = shell("setsid sleep 1000 & echo $!; sleep 1000", "--timeout", "1")) {
            LendingDaemon.Said request = daemon.borrow();
            assertThat(request.number("timeoutMs")).isEqualTo(1000);
            request.lend(7);
            long below = Long.parseLong(job.line());
            assertThat(job.status()).isEqualTo(124);
            assertThat(Job.isLiving(below)).isFalse();
            assertThat(daemon.returned()).isEqualTo(124);
        }
    }

    @Test
    void oneThatAnotherRanForGetsItsStatus() throws Exception {
        try (Job job = shell("echo never")) {
            daemon.borrow().answer("{\"outcome\":\"joined\",\"job\":5,\"status\":3}");
            assertThat(job.status()).isEqualTo(3);
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).isEqualTo("mpx: joined job 5, which ran the same\n");
        }
    }

    @Test
    void oneThatIsRefusedRunsNothing() throws Exception {
        try (Job job = shell("echo never")) {
            daemon.borrow().refuse(-32013, "16 jobs wait for the palace already.");
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.lines()).isEmpty();
            assertThat(job.errors()).isEqualTo("mpx: 16 jobs wait for the palace already.\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "--", "--wait", "--wait soon -- x", "--timeout -1 -- x", "--timeout 25h -- x", "--wait 1d -- x", "--key= -- x",
        "--nonsense -- x", "mempalace mine x", "--reap -- x", "--home -- x"})
    void wrongUsageSaysWhatIsWrongAndRunsNothing(String words) throws Exception {
        List<String> command = Job.mpx("run");
        command.addAll(words.isEmpty() ? List.of() : List.of(words.split(" ")));
        try (Job job = Job.start(user, Map.of(), command)) {
            assertThat(job.status()).isEqualTo(WRONG_USAGE);
            assertThat(job.errors()).startsWith("mpx: ").contains("usage: mpx run");
            assertThat(job.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 255})
    void aStatusThatAGuardHasAUseForIsTheCommandsIfItIsTheCommands(int status) throws Exception {
        try (Job job = shell("exit " + status)) {
            daemon.borrow().lend(7);
            assertThat(job.status()).isEqualTo(status);
            assertThat(job.errors()).isEmpty();
            assertThat(daemon.returned()).isEqualTo(status);
        }
    }

    @Test
    void oneWhoseGuardFindsTheLockTakenSaysSoAndRunsNothing() throws Exception {
        String lock = home.resolve("child.lock").toString();
        try (Job holder = Job.start(user, Map.of(), Job.mpx("guard", "--lock", lock, "--", "/bin/sh", "-c", "echo begun; read word"));
                Job job = shell("echo never")) {
            assertThat(holder.line()).isEqualTo("begun");
            daemon.borrow().lend(7);
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.errors().lines()).anyMatch(line -> line.startsWith("mpx-guard: held " + lock))
                    .anyMatch(line -> line.startsWith("mpx: the command was not run"));
            assertThat(job.lines()).isEmpty();
            assertThat(daemon.returned()).isEqualTo(REFUSED);
        }
    }

    @Test
    void soDoesOneWhoseGuardCanNotLock() throws Exception {
        try (Job job = shell("echo never")) {
            daemon.borrow().answer("{\"outcome\":\"lent\",\"job\":7,\"locks\":[\"" + home.resolve("none/child.lock") + "\"]}");
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.errors()).contains("mpx-guard: cannot lock ", "mpx: the command was not run");
            assertThat(daemon.returned()).isEqualTo(REFUSED);
        }
    }

    @Test
    void aCommandThatIsNotThereGivesAShellsStatus() throws Exception {
        try (Job job = start("--", "/no/such/command")) {
            daemon.borrow().lend(7);
            assertThat(job.status()).isEqualTo(127);
            assertThat(job.errors()).contains("/no/such/command");
        }
    }

    /** A daemon of MemPalace's own would be part of the job until its time is over. */
    @ParameterizedTest
    @ValueSource(strings = {"mempalace mine x --daemon", "python -m mempalace --palace p sync --daemon",
            "timeout 5 mempalace mine --daem x", "mempalace daemon start"})
    void whatLeavesADaemonIsRefused(String words) throws Exception {
        try (Job job = start(("-- " + words).split(" "))) {
            assertThat(job.status()).isEqualTo(REFUSED);
            assertThat(job.errors()).contains("daemon of MemPalace's own", "was not run").hasLineCount(1);
            assertThat(daemon.isAskedForNothing()).isTrue();
        }
    }
}
