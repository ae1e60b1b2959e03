package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM before anybody serves, when there is something to be taken back already. */
@Timeout(60)
class TenureIT {
    @TempDir
    Path directory;

    private Path home;
    private Process process;

    @BeforeEach
    void oneThatHasBegun() throws IOException {
        home = Files.createDirectories(directory.resolve("h"));
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("java.class.path"), SlowCandidate.class.getName(), home.toString())
                .redirectErrorStream(true).redirectOutput(directory.resolve("said").toFile()).start();
        await().until(() -> Files.exists(home.resolve("broker.json")));
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private void waitsForItsBeginning() {
        process.destroy();
        await().during(Duration.ofMillis(300)).until(process::isAlive);
    }

    private void ends() throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Red when signals are watched for only once somebody serves. */
    @Test
    void itIsKeptUntilHeDoesAndThenHeLeavesInOrder() throws Exception {
        waitsForItsBeginning();

        Files.createFile(home.resolve("go"));

        ends();
        assertThat(home.resolve("left")).hasContent("a signal");
        assertThat(home.resolve("broker.json")).doesNotExist();
    }

    @Test
    void whoCanNotServeEndsAllTheSame() throws Exception {
        waitsForItsBeginning();

        Files.createFile(home.resolve("fail"));
        Files.createFile(home.resolve("go"));

        ends();
        assertThat(directory.resolve("said")).content().contains("the daemon has failed", "as told");
    }
}
