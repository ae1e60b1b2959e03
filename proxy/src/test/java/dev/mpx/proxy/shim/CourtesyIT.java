package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.proxy.shim.FakeDaemon.Conduct;
import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the native shim is scheduled: while much passes it does not interrupt a daemon of this machine. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CourtesyIT {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String REQUEST = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"m\"}";
    /** After such a time it looks how much has passed. */
    private static final Duration LOOK = Duration.ofMillis(25);

    private static final int MUCH = 8;

    /** Scheduling policies, as in {@code linux/sched.h}. */
    private static final int OTHER = 0;

    private static final int BATCH = 3;
    private static final int IDLE = 5;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = directory.toRealPath().resolve("h");
        // Who runs the tests as a batch program can't see a shim become one.
        assumeTrue(new OsProcess(ProcessHandle.current().pid()).schedulingPolicy() == OTHER);
    }

    private static int policy(ShimProcess shim) {
        return new OsProcess(shim.process.pid()).schedulingPolicy();
    }

    private ShimProcess shim(Map<String, String> environment, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(ShimProgram.command(home));
        return ShimProgram.NATIVE.start(home.getParent(), environment, command);
    }

    private static void exchange(ShimProcess shim) throws Exception {
        shim.say(REQUEST);
        assertThat(shim.hear()).isEqualTo(REQUEST);
    }

    /** One request after the other, until it is so. */
    private static void becomesBatch(ShimProcess shim) throws Exception {
        while (policy(shim) != BATCH) { // the test's own time limit bounds it
            exchange(shim);
        }
    }

    /** It is so while there is enough traffic for anything else, however slow the machine, and after it. */
    private static void stays(ShimProcess shim, int policy) throws Exception {
        for (int busy = 0; busy < 5;) {
            int exchanges = 0;
            for (long end = System.nanoTime() + 2 * LOOK.toNanos(); System.nanoTime() < end; exchanges++) {
                exchange(shim);
                assertThat(policy(shim)).isEqualTo(policy);
            }
            busy += exchanges >= 4 * MUCH ? 1 : 0;
        }
        await().during(LOOK.multipliedBy(8)).atMost(SOON).until(() -> policy(shim) == policy);
    }

    private static void isSoon(ShimProcess shim, int policy) {
        await().atMost(SOON).until(() -> policy(shim) == policy);
    }

    @Test
    void itGivesWayWhileMuchPassesAndIsLikeAnyProgramOnceThatIsOver() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = shim(Map.of())) {
            exchange(shim);
            assertThat(policy(shim)).isEqualTo(OTHER);
            becomesBatch(shim);
            isSoon(shim, OTHER);
            becomesBatch(shim);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void whatHasPassedLongAgoDoesNotCount() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = shim(Map.of())) {
            exchange(shim);
            await().during(LOOK.multipliedBy(2)).atMost(SOON).until(() -> policy(shim) == OTHER);
            exchange(shim); // looks, and begins to count
            shim.write((REQUEST + "\n").repeat(2 * MUCH).getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 2 * MUCH; i++) {
                assertThat(shim.hear()).isEqualTo(REQUEST);
            }
            await().during(LOOK.multipliedBy(12)).atMost(SOON).until(() -> policy(shim) == OTHER);
            exchange(shim);
            assertThat(policy(shim)).isEqualTo(OTHER);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void whatSomebodyHasChosenBeforeStays() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/chrt")), "chrt is missing");
        for (Map.Entry<String, Integer> chosen : Map.of("-i", IDLE, "-b", BATCH).entrySet()) {
            try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = shim(Map.of(), "/usr/bin/chrt", chosen.getKey(), "0")) {
                stays(shim, chosen.getValue());
                assertThat(daemon.hellos).hasSize(1);
            }
        }
    }

    @Test
    void whatSomebodyChoosesMeanwhileStaysToo() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/chrt")), "chrt is missing");
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = shim(Map.of())) {
            becomesBatch(shim);
            assertThat(new ProcessBuilder("/usr/bin/chrt", "-i", "-p", "0", Long.toString(shim.process.pid())).start().waitFor()).isZero();
            stays(shim, IDLE);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void itCanBeTurnedOff() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = shim(Map.of("MPX_COURTESY", "no"))) {
            stays(shim, OTHER);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void aDaemonThatMayBeElsewhereIsNotMeant() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO);
                ShimProcess shim = shim(Map.of("MEMPALACE_BROKER", "unix:" + home.resolve("broker.sock")))) {
            stays(shim, OTHER);
            assertThat(daemon.hellos).hasSize(1);
        }
    }
}
