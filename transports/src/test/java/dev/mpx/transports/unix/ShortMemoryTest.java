package dev.mpx.transports.unix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.Link;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.Received;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ShortMemoryTest {
    private static final int MEG = 1 << 20;
    private static final int BUDGET = 8 * MEG;
    private static final int LINE = 2 * MEG;

    @Test
    void aHundredLargeLinesThatTogetherPassTheBudgetAllArriveAndSmallTrafficIsNotHeldUp() throws Exception {
        try (Sockets sockets = new Sockets(BUDGET, LinkLimits.STANDARD)) {
            CountDownLatch halves = new CountDownLatch(100);
            List<Thread> writers = new ArrayList<>();
            AtomicInteger arrived = new AtomicInteger();
            AtomicLong most = new AtomicLong();
            for (int i = 0; i < 100; i++) {
                SocketChannel client = sockets.client();
                Link link = sockets.accepted();
                sockets.on.run(() -> link.lines().subscribe(line -> {
                    assertThat(((Frame) line).length()).isEqualTo(LINE);
                    most.accumulateAndGet(sockets.budget.held(), Math::max);
                    arrived.incrementAndGet();
                }));
                Thread writer = new Thread(() -> writeInTwoHalves(client, halves));
                writer.start();
                writers.add(writer);
            }
            SocketChannel small = sockets.client();
            Link smallLink = sockets.accepted();
            Received smallLines = Received.all();
            sockets.on.run(() -> smallLink.lines().subscribe(smallLines));
            for (int i = 1; i <= 50; i++) {
                Sockets.write(small, "ping\n");
                smallLines.awaitLines(i);
            }
            for (Thread writer : writers) {
                writer.join(20_000);
            }
            org.awaitility.Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> arrived.get() == 100);
            assertThat(most.get()).isLessThan(BUDGET + 2L * LINE + 100 * 2 * 64 * 1024);
            assertThat(sockets.budget.held()).isZero();
        }
    }

    @Test
    void completedLinesThatAreStillHeldElsewhereHoldUpLargeOnesUntilTheyAreGivenBack() throws Exception {
        try (Sockets sockets = new Sockets(BUDGET, LinkLimits.STANDARD)) {
            List<Line> held = new ArrayList<>();
            AtomicInteger arrived = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                SocketChannel client = sockets.client();
                Link link = sockets.accepted();
                sockets.on.run(() -> link.lines().subscribe(line -> {
                    sockets.budget.take(LINE); // as the multiplexer does with a queued call
                    held.add(line);
                    arrived.incrementAndGet();
                }));
                Thread writer = new Thread(() -> writeInTwoHalves(client, new CountDownLatch(0)));
                writer.setDaemon(true);
                writer.start();
            }
            while (arrived.get() < 20) {
                org.awaitility.Awaitility.await().until(() -> sockets.on.get(() -> !held.isEmpty()));
                sockets.on.run(() -> {
                    assertThat(sockets.budget.held()).isLessThan(2L * BUDGET);
                    sockets.budget.give((long) held.size() * LINE);
                    held.clear();
                });
            }
            sockets.on.run(() -> sockets.budget.give((long) held.size() * LINE));
        }
    }

    private static void writeInTwoHalves(SocketChannel client, CountDownLatch halves) {
        try {
            writeFully(client, ByteBuffer.allocate(100 * 1024));
            halves.countDown();
            halves.await(10, TimeUnit.SECONDS);
            writeFully(client, ByteBuffer.allocate(LINE - 100 * 1024));
            Sockets.write(client, "\n");
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void writeFully(SocketChannel client, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }
}
