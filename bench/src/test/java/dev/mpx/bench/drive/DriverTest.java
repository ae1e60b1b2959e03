package dev.mpx.bench.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.bench.BrokenBenchmark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The native driver with its own child, and with such as do not answer as they should. */
@Timeout(30)
class DriverTest {
    private static final Path NATIVE = Path.of("native").toAbsolutePath();
    private static final Path CHILD = NATIVE.resolve("target/child");
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", System.getenv("PATH"));

    @TempDir
    private Path directory;

    private Driver driver;

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        try {
            Process make = new ProcessBuilder("make", "-s", "-C", NATIVE.toString(), "OUT=target").inheritIO().start();
            assertThat(make.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(make.exitValue()).isZero();
        } catch (IOException e) {
            assumeTrue(false, "no make: the benchmark needs it");
        }
    }

    @BeforeEach
    void setUp() {
        driver = new Driver(NATIVE.resolve("target/driver"), directory.resolve("log"));
    }

    private static Load some(int sessions) {
        return Load.plain().sessions(sessions).warm(0).seconds(0.05).calls(200);
    }

    /** The child with every line of its answers changed by sed. */
    private List<String> childWith(String change) {
        return List.of("sh", "-c", CHILD + " | sed -u '" + change + "'");
    }

    @Test
    void everyCallOfEverySessionIsAnsweredAndTimed() {
        try (Crowd crowd = driver.open(List.of(CHILD.toString()), ENVIRONMENT, some(3))) {
            assertThat(crowd.pids()).hasSize(3);

            Outcome outcome = crowd.measure(some(3).window(4).size(100_000));

            assertThat(outcome.calls()).isGreaterThanOrEqualTo(200);
            assertThat(outcome.p50()).isPositive().isLessThanOrEqualTo(outcome.p99());
            assertThat(outcome.sessionP99()).isLessThanOrEqualTo(outcome.worstSessionP99());
        }
    }

    @Test
    void oneThatStallsAndOneThatIsSlowKeepNobodyElseFromMeasuring() {
        try (Crowd crowd = driver.open(List.of(CHILD.toString()), ENVIRONMENT, some(2).stalled(1).slow(1))) {
            assertThat(crowd.pids()).hasSize(4);
            assertThat(crowd.measure(Load.plain()).calls()).isGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void startsAreTimedOneByOne() {
        Driver.Starts starts = driver.starts(List.of(CHILD.toString()), ENVIRONMENT, Load.plain().repeat(3));

        assertThat(starts.initialize()).hasSize(3).allMatch(took -> took > 0);
        assertThat(starts.call()).hasSize(3);
    }

    @Test
    void aTextThatIsNotWhatWasAskedForBreaksTheBenchmark() {
        assertBroken("s/xxx\"/xxy\"/", "a wrong answer");
        assertBroken("s/xxx\"/xx\"/", "a wrong answer");
    }

    @Test
    void anAnswerOfAnotherCallBreaksTheBenchmark() {
        assertBroken("/xxx/s/\"id\":[0-9]*/\"id\":77777/", "an answer that nobody waits for");
        assertBroken("/xxx/s/\"text\":\"[0-9]*/\"text\":\"0000000000000007/", "a wrong answer");
    }

    @Test
    void anErrorBreaksTheBenchmark() {
        assertBroken("/xxx/s/\"result\":.*/\"error\":{\"code\":-32011,\"message\":\"gone\"}}/", "an answer without a result");
    }

    @Test
    void aSessionThatEndsBreaksTheBenchmark() {
        assertBroken(List.of("sh", "-c", "sed -u 3q | " + CHILD), "driver: a session ");
    }

    @Test
    void silenceBreaksTheBenchmark() {
        assertBroken("/xxx/d", "no answer in time");
    }

    @Test
    void aWayThatDoesNotStartBreaksTheBenchmark() {
        assertThatThrownBy(() -> driver.open(List.of(directory.resolve("nothing").toString()), ENVIRONMENT, some(1)))
                .isInstanceOf(BrokenBenchmark.class);
    }

    private void assertBroken(String change, String why) {
        assertBroken(childWith(change), why);
    }

    private void assertBroken(List<String> command, String why) {
        try (Crowd crowd = driver.open(command, ENVIRONMENT, some(1).patience(2))) {
            assertThatThrownBy(() -> crowd.measure(some(1).size(64))).isInstanceOf(BrokenBenchmark.class).hasMessageContaining(why);
        }
    }
}
