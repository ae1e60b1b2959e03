package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code mpx run} below {@code mpx run}: whoever is part of a job has what was lent to it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunWithinRunIT extends Borrower {
    @Test
    void aJobWithinAJobIsPartOfIt() throws Exception {
        String nested = String.join(" ", run("--detach", "--", "sh", "-c", "'echo inner > " + user.resolve("inner") + "'"));
        String direct = String.join(" ", run("--", "echo", "direct"));
        try (Job job = shell(direct + "; " + nested)) {
            daemon.borrow().lend(7);
            assertThat(job.status()).isZero();
            assertThat(job.lines()).containsExactly("direct");
            assertThat(user.resolve("inner")).as("waited for").hasContent("inner");
            assertThat(daemon.isAskedForNothing()).isTrue();
        }
    }

    @Test
    void whoIsOnlyToldToBePartOfAJobWaitsForItsTurn() throws Exception {
        try (Job job = Job.start(user, Map.of("MPX_LENT", home.toString()), run("--", "echo", "ran"))) {
            daemon.borrow().lend(7);
            assertThat(job.status()).isZero();
            assertThat(job.lines()).containsExactly("ran");
        }
    }

    @Test
    void whatAJobLeavesInASessionOfItsOwnIsPartOfItAsEver() throws Exception {
        String direct = String.join(" ", run("--", "echo", "direct"));
        try (Job job = shell("(sleep 0.3; exec setsid " + direct + ") & exit 0")) {
            daemon.borrow().lend(7);
            assertThat(job.line()).isEqualTo("direct");
            assertThat(job.status()).isZero();
            assertThat(daemon.isAskedForNothing()).isTrue();
        }
    }

    @Test
    void aJobOfAnotherHomeWithinAJobIsPartOfBoth() throws Exception {
        Path other = user.resolve("i");
        String direct = String.join(" ", run("--", "sh", "-c", "'echo direct in $MPX_LENT'"));
        Path script = Files.writeString(user.resolve("script"), direct + "\n");
        List<String> within = Job.mpx("run", "--home", other.toString(), "--", "/bin/sh", script.toString());
        try (LendingDaemon others = LendingDaemon.in(other); Job job = shell(String.join(" ", within))) {
            daemon.borrow().lend(7);
            others.borrow().lend(3);
            assertThat(job.line()).isEqualTo("direct in " + other + ":" + home);
            assertThat(job.status()).isZero();
            assertThat(daemon.isAskedForNothing()).isTrue();
        }
    }
}
