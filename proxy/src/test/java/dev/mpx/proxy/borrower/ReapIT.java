package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** {@code mpx run --reap}: which mines are orphans, and which are not. With scripts that are called mempalace. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReapIT {
    @TempDir
    Path directory;

    private Path user;
    private Path home;
    private Path mempalace;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        home = Files.createDirectories(user.resolve(".mempalace"));
        mempalace = write("mempalace", "sleep 1000; exit");
        write("mempalace-mcp", "exit 1");
    }

    private Path write(String name, String script) throws IOException {
        Path file = Files.createDirectories(user.resolve("bin")).resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private void oldIs(String age) throws IOException {
        Files.writeString(home.resolve("mpx.toml"),
                "# ours\n[child]\norphans = \"9h\"\n[jobs] # here\norphans = \"" + age + "\" # short\n");
    }

    private Job reap() throws IOException {
        return reap("");
    }

    private Job reap(String variable) throws IOException {
        Map<String, String> variables = Map.of("PATH", user.resolve("bin") + ":/usr/bin:/bin", "MPX_JOBS_ORPHANS", variable);
        return Job.start(user, variables, Job.mpx("run", "--reap"));
    }

    private Job mine(Map<String, String> variables, String... command) throws IOException {
        return Job.start(user, variables, List.of(command));
    }

    @Test
    void aMineOfThisPalaceThatIsOldEnoughIsEndedAndNamed() throws Exception {
        oldIs("0s");
        try (Job mine = mine(Map.of(), mempalace.toString(), "mine", "x"); Job reap = reap()) {
            assertThat(reap.status()).isZero();
            assertThat(reap.errors()).contains("pid " + mine.process.pid() + " since ", "mempalace mine x");
            assertThat(reap.lines()).isEmpty();
            assertThat(mine.status()).isEqualTo(128 + 15);
        }
    }

    @Test
    void oneThatDoesNotMindSigtermIsKilledAndWhatItStartedIsToo() throws Exception {
        oldIs("0s");
        write("mempalace", "trap '' TERM; sleep 1000 & echo $!; wait");
        try (Job mine = mine(Map.of(), "/bin/sh", mempalace.toString(), "--palace", ".mempalace/palace", "mine", "x")) {
            long below = Long.parseLong(mine.line());
            try (Job reap = reap()) {
                assertThat(reap.status()).isZero();
            }
            assertThat(mine.status()).isEqualTo(128 + 9);
            assertThat(Job.isLiving(below)).isFalse();
        }
    }

    @Test
    void ayoungerOneIsLeftAloneAndNamed() throws Exception {
        try (Job mine = mine(Map.of(), mempalace.toString(), "mine", "x"); Job reap = reap()) {
            assertThat(reap.status()).isZero();
            assertThat(reap.errors()).contains("30m old").contains("left alone").contains("pid " + mine.process.pid());
            assertThat(mine.process.isAlive()).isTrue();
        }
    }

    @Test
    void whatIsNoMineOfThisPalaceIsLeftAlone() throws Exception {
        oldIs("0s");
        List<Job> others = new ArrayList<>();
        try {
            others.add(mine(Map.of(), mempalace.toString(), "status", "mine"));
            others.add(mine(Map.of(), mempalace.toString(), "--palace", "other", "mine", "x"));
            others.add(mine(Map.of("MEMPALACE_PALACE_PATH", user.resolve("other").toString()), mempalace.toString(), "mine", "x"));
            others.add(mine(Map.of("HOME", user.resolve("else").toString()), mempalace.toString(), "mine", "x"));
            others.add(mine(Map.of(), "/bin/sh", "-c", "sleep 1000; exit", "mempalace", "mine"));
            await().until(() -> others.stream().allMatch(other -> other.process.descendants().findAny().isPresent()));
            try (Job reap = reap()) {
                assertThat(reap.status()).isZero();
                assertThat(reap.errors()).contains("no orphaned mine").hasLineCount(1);
            }
            assertThat(others).allMatch(other -> other.process.isAlive());
        } finally {
            for (Job other : others) {
                other.close();
            }
        }
    }

    @Test
    void whatRunsAsAJobIsNoOrphanNorIsWhatAGuardHasMarked() throws Exception {
        oldIs("0s");
        Path python = Path.of(mempalace.toString());
        try (LendingDaemon daemon = LendingDaemon.in(home);
                Job job = Job.start(user, Map.of(), Stream.concat(Job.mpx("run", "--home", home.toString(), "--").stream(),
                        Stream.of(python.toString(), "mine", "x")).toList());
                Job marked = mine(Map.of("MPX_LENT", home.toString()), mempalace.toString(), "mine", "y")) {
            daemon.borrow().lend(7);
            await().until(() -> job.process.descendants().count() >= 3);
            try (Job reap = reap()) {
                assertThat(reap.status()).isZero();
                assertThat(reap.errors()).contains("no orphaned mine");
            }
            assertThat(marked.process.isAlive()).isTrue();
            assertThat(job.process.descendants().count()).isGreaterThanOrEqualTo(3);
        }
    }

    @Test
    void theVariableCountsBeforeTheFiles() throws Exception {
        oldIs("0s");
        try (Job mine = mine(Map.of(), mempalace.toString(), "mine", "x")) {
            try (Job reap = reap("1h30m")) {
                assertThat(reap.status()).isZero();
                assertThat(reap.errors()).contains("90m old", "left alone");
            }
            try (Job reap = reap("soon")) {
                assertThat(reap.status()).isEqualTo(1);
                assertThat(reap.errors()).contains("MPX_JOBS_ORPHANS is \"soon\" but must be");
            }
            assertThat(mine.process.isAlive()).isTrue();
        }
    }

    @Test
    void aSettingThatMakesNoSenseIsSaidAndNobodyIsEnded() throws Exception {
        oldIs("soon");
        try (Job mine = mine(Map.of(), mempalace.toString(), "mine", "x"); Job reap = reap()) {
            assertThat(reap.status()).isEqualTo(1);
            assertThat(reap.errors()).contains("mpx.toml").contains("orphans");
            await().pollDelay(Duration.ofMillis(100)).until(() -> mine.process.isAlive());
        }
    }
}
