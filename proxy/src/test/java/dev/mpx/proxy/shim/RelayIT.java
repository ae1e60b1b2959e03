package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.FakeDaemon.Conduct;
import dev.mpx.proxy.whole.OsProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte passes as it came, in both directions, whatever the lines and the pipes are like, and none is hoarded. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(ShimProgram.class)
@Alone
class RelayIT {
    private static final int MEBI = 1 << 20;
    /** All buffers on the way, the kernel's included. */
    private static final long MOST_ON_THE_WAY = 6 * MEBI;

    @Parameter
    ShimProgram program;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = directory.toRealPath().resolve("h");
    }

    /** No JSON, so that nothing is taken for a message. */
    private static byte[] line(int length, long seed) {
        byte[] line = new byte[length + 1];
        new Random(seed).nextBytes(line);
        for (int i = 0; i < length; i++) {
            if (line[i] == '\n') {
                line[i] = 'x';
            }
        }
        line[length] = '\n';
        return line;
    }

    private interface Work {
        void run() throws Exception;
    }

    private static Thread beside(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void comesBack(ShimProcess shim, byte[] bytes) throws Exception {
        Thread writer = beside(() -> shim.write(bytes));
        byte[] back = shim.process.getInputStream().readNBytes(bytes.length);
        writer.join();
        assertThat(Arrays.equals(back, bytes)).isTrue();
    }

    /** Without the newline. Up to 1 MiB with it, a line goes as a whole; past that it is cut through. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 8191, 65_534, 65_535, 65_536, 65_537, 131_071, 131_072, MEBI - 2, MEBI - 1, MEBI, MEBI + 1, 10 * MEBI, 64 * MEBI})
    void linesOfAnySizePassInBothDirectionsByteForByte(int length) throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = program.at(home)) {
            comesBack(shim, line(length, length));
            comesBack(shim, line(3, 3));
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void manySmallLinesInOneWritePass() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            lines.append(i).append(i % 3 == 0 ? "\n\n" : "\n");
        }
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = program.at(home)) {
            comesBack(shim, lines.toString().getBytes(StandardCharsets.US_ASCII));
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void linesOfAllSizesInPiecesOfAllSizesPass() throws Exception {
        for (int seed = 1; seed <= 10; seed++) {
            linesOfAllSizesInPiecesOfAllSizesPass(new Random(seed));
        }
    }

    private void linesOfAllSizesInPiecesOfAllSizesPass(Random random) throws Exception {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        while (lines.size() < 12 * MEBI) {
            lines.write(line((int) Math.pow(2, random.nextDouble() * 21.5), random.nextLong()));
        }
        byte[] all = lines.toByteArray();
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = program.at(home)) {
            Thread writer = beside(() -> {
                for (int at = 0; at < all.length;) {
                    int end = Math.min(all.length, at + 1 + (int) Math.pow(2, random.nextDouble() * 18));
                    shim.write(Arrays.copyOfRange(all, at, end));
                    at = end;
                }
            });
            byte[] back = shim.process.getInputStream().readNBytes(all.length);
            writer.join();
            assertThat(Arrays.equals(back, all)).isTrue();
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void charactersThatAreSplitBetweenReadsPass() throws Exception {
        String text = "{\"jsonrpc\":\"2.0\",\"id\":\"ü宮🙂\",\"method\":\"ü宮🙂\",\"params\":\"ü宮🙂\"}";
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = program.at(home)) {
            SocketChannel connection = daemon.connections.poll(20, TimeUnit.SECONDS);
            for (byte one : (text + "\n").getBytes(StandardCharsets.UTF_8)) {
                shim.write(new byte[] {one});
            }
            assertThat(daemon.heard.poll(20, TimeUnit.SECONDS)).isEqualTo(text);
            for (byte one : (text + "\n").getBytes(StandardCharsets.UTF_8)) {
                daemon.say(connection, new byte[] {one});
            }
            assertThat(shim.hear()).isEqualTo(text);
        }
    }

    // ---- those who do not read

    /** Waits until nothing more goes in. */
    private static long stuckAt(AtomicLong count) {
        AtomicLong last = new AtomicLong(-1);
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(500)).until(() -> last.getAndSet(count.get()) == count.get());
        return count.get();
    }

    private static void isHeard(FakeDaemon daemon, SocketChannel connection, ShimProcess shim, byte[] line) throws Exception {
        Thread speaker = beside(() -> daemon.say(connection, line));
        assertThat(Arrays.equals(shim.process.getInputStream().readNBytes(line.length), line)).isTrue();
        speaker.join();
    }

    /** In KiB. */
    private long mostResident() {
        return program == ShimProgram.NATIVE ? 5 << 10 : 150 << 10;
    }

    private void isSmall(ShimProcess shim) {
        long resident = new OsProcess(shim.process.pid()).residentKiB();
        assertThat(resident).as("resident, in KiB").isLessThan(mostResident());
    }

    @Test
    void anAgentThatDoesNotReadHoldsTheDaemonUpAndLosesNothing() throws Exception {
        byte[] line = line(9_999, 9);
        int lines = 3_000;
        AtomicLong said = new AtomicLong();
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = program.at(home)) {
            SocketChannel connection = daemon.connections.poll(20, TimeUnit.SECONDS);
            isHeard(daemon, connection, shim, line(MEBI - 1, 1)); // the room that took is not filled up again
            Thread speaker = beside(() -> {
                for (int i = 0; i < lines; i++) {
                    daemon.say(connection, line);
                    said.addAndGet(line.length);
                }
            });
            assertThat(stuckAt(said)).isLessThan(program == ShimProgram.NATIVE ? MEBI : MOST_ON_THE_WAY);
            isSmall(shim);
            if (program == ShimProgram.NATIVE) { // what waits has moved to a smaller place
                await().atMost(Duration.ofSeconds(5)).until(new OsProcess(shim.process.pid())::residentKiB, resident -> resident < 1_800);
            }
            shim.say("the other direction goes on"); // with the agent's answers for the daemon
            assertThat(daemon.heard.poll(20, TimeUnit.SECONDS)).isEqualTo("the other direction goes on");
            InputStream out = shim.process.getInputStream();
            for (int i = 0; i < lines; i++) {
                assertThat(Arrays.equals(out.readNBytes(line.length), line)).isTrue();
            }
            speaker.join();
        }
    }

    @Test
    void aDaemonThatDoesNotReadHoldsTheAgentUpAndLosesNothing() throws Exception {
        byte[] line = line(9_999, 9);
        int lines = 3_000;
        AtomicLong said = new AtomicLong();
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.DEAF); ShimProcess shim = program.at(home)) {
            SocketChannel connection = daemon.connections.poll(20, TimeUnit.SECONDS);
            Thread speaker = beside(() -> {
                for (int i = 0; i < lines; i++) {
                    shim.write(line);
                    said.addAndGet(line.length);
                }
            });
            assertThat(stuckAt(said)).isLessThan(MOST_ON_THE_WAY);
            isSmall(shim);
            daemon.say(connection, "the other direction goes on\n");
            InputStream out = shim.process.getInputStream();
            assertThat(out.readNBytes(28)).startsWith("the other".getBytes(StandardCharsets.US_ASCII));
            daemon.speaks.countDown();
            for (int i = 0; i < lines; i++) {
                assertThat(Arrays.equals(out.readNBytes(line.length), line)).isTrue();
            }
            speaker.join();
        }
    }

    @Test
    void anAgentThatAsksWithoutReadingTheRefusalsIsHeldUp() throws Exception {
        byte[] request = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}\n".getBytes(StandardCharsets.US_ASCII);
        AtomicLong said = new AtomicLong();
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.REFUSE); ShimProcess shim = program.at(home)) {
            shim.write(request);
            assertThat(shim.hear()).contains("other-server");
            Thread speaker = beside(() -> {
                while (true) {
                    shim.write(request);
                    said.addAndGet(request.length);
                }
            });
            assertThat(stuckAt(said)).isLessThan(MOST_ON_THE_WAY);
            isSmall(shim);
            assertThat(speaker.isAlive()).isTrue();
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void whatALongLineTookIsGivenBack() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = program.at(home)) {
            OsProcess process = new OsProcess(shim.process.pid());
            comesBack(shim, line(100, 1));
            long idle = process.residentKiB();
            long most = program == ShimProgram.NATIVE ? idle + 512 : mostResident();
            List<Long> after = new ArrayList<>();
            for (int length : List.of(MEBI - 1, 10 * MEBI, 64 * MEBI)) {
                comesBack(shim, line(length, length));
                comesBack(shim, line(100, 1));
                // The native one keeps it for a quarter of a second, in case more such lines come; small ones don't count.
                after.add(await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(50)).until(() -> {
                    comesBack(shim, line(100, 1));
                    return process.residentKiB();
                }, resident -> resident < most));
            }
            System.out.printf("[figure] %s shim resident: idle %d KiB, after lines of 1, 10 and 64 MiB both ways %s KiB, at most %d KiB%n",
                    program, idle, after, process.peakKiB());
            assertThat(daemon.hellos).hasSize(1);
            // About 1 MiB where the C library can be linked in, else 1.8.
            assertThat(idle).isLessThan(program == ShimProgram.NATIVE ? 2 << 10 : mostResident());
        }
    }

    // ---- other pipes

    /** What no answer is due for. */
    private static String notifications() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            lines.append("{\"jsonrpc\":\"2.0\",\"method\":\"n\",\"params\":").append(i).append("}\n");
        }
        return lines.toString();
    }

    @Test
    void filesServeAsPipes() throws Exception {
        Path in = Files.writeString(directory.resolve("in"), notifications());
        Path out = directory.resolve("out");
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO)) {
            Process process = program.builder(home.getParent(), Map.of(), ShimProgram.command(home))
                    .redirectInput(in.toFile()).redirectOutput(out.toFile()).start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(out).hasSameTextualContentAs(in);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void withNothingToReadItEndsAtOnce() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO)) {
            Process process = program.builder(home.getParent(), Map.of(), ShimProgram.command(home))
                    .redirectInput(Path.of("/dev/null").toFile()).start();
            assertThat(process.getInputStream().readAllBytes()).isEmpty();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(daemon.connections.size()).isLessThan(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sockets", "socket", "nonblocking"})
    void socketsAndPipesThatDoNotBlockServeAsPipes(String kind) throws Exception {
        List<String> command = new ArrayList<>(List.of(ShimProgram.fixture("stdio").toString(), kind));
        command.addAll(ShimProgram.command(home));
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO);
                ShimProcess shim = program.start(home.getParent(), Map.of(), command)) {
            comesBack(shim, line(100, 1));
            comesBack(shim, line(3 * MEBI, 3));
            comesBack(shim, notifications().getBytes(StandardCharsets.US_ASCII));
            assertThat(daemon.connections).hasSize(1);
            shim.endInput();
            assertThat(shim.exitStatus()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sockets", "nonblocking"})
    void anAgentThatReadsSlowlyOverThemLosesNothing(String kind) throws Exception {
        List<String> command = new ArrayList<>(List.of(ShimProgram.fixture("stdio").toString(), kind));
        command.addAll(ShimProgram.command(home));
        byte[] line = line(9_999, 9);
        AtomicLong said = new AtomicLong();
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN);
                ShimProcess shim = program.start(home.getParent(), Map.of(), command)) {
            SocketChannel connection = daemon.connections.poll(20, TimeUnit.SECONDS);
            Thread speaker = beside(() -> {
                for (int i = 0; i < 1_000; i++) {
                    daemon.say(connection, line);
                    said.addAndGet(line.length);
                }
            });
            assertThat(stuckAt(said)).isLessThan(MOST_ON_THE_WAY);
            InputStream out = shim.process.getInputStream();
            for (int i = 0; i < 1_000; i++) {
                assertThat(Arrays.equals(out.readNBytes(line.length), line)).isTrue();
            }
            speaker.join();
        }
    }
}
