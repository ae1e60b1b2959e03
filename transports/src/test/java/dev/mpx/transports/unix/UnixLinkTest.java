package dev.mpx.transports.unix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.framing.Frame;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.Received;
import dev.mpx.transports.Sending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(30)
class UnixLinkTest {
    private static final Duration SOON = Duration.ofSeconds(8);
    private static final int OUTBOX = 1 << 20;

    private Sockets sockets;
    private SocketChannel client;
    private Link link;

    @BeforeEach
    void connect() throws Exception {
        sockets = new Sockets(256 << 20, new LinkLimits(64 << 20, OUTBOX));
        client = sockets.client();
        link = sockets.accepted();
    }

    @AfterEach
    void close() throws Exception {
        sockets.close();
        assertThat(sockets.budget.held()).as("all bytes were given back").isZero();
    }

    @Test
    void linesComeInAndFramesGoOutInOrderWithTheirNewline() throws Exception {
        Received received = subscribe(Received.all());
        Sockets.write(client, "{\"a\":1}\r\n\n{\"b\":2}\n{\"c\"");
        received.awaitLines(2);
        Sockets.write(client, ":3}\n");
        assertThat(received.awaitLines(3).texts()).containsExactly("{\"a\":1}", "{\"b\":2}", "{\"c\":3}");
        sockets.on.run(() -> {
            link.send(Frame.of("one"));
            link.send(Frame.of("two"));
        });
        assertThat(Sockets.read(client, 8)).isEqualTo("one\ntwo\n");
        assertThat(sockets.on.get(link::pending)).isZero();
    }

    @Test
    void thePeerIsKnownByPidAndUid() {
        assertThat(link.peer().transport()).isEqualTo("unix");
        assertThat(link.peer().pid()).hasValue(ProcessHandle.current().pid());
        assertThat(link.peer().uid()).hasValue(Sockets.OWNER);
    }

    @Test
    void nothingIsReadBeyondTheDemandUpToTheWriter() throws Exception {
        Received received = subscribe(new Received(2));
        client.configureBlocking(false);
        ByteBuffer lines = ByteBuffer.wrap("x\n".repeat(32 * 1024).getBytes());
        long written = 0;
        for (int tries = 0; tries < 200; tries++) {
            int n = client.write(lines.rewind().position((int) (written % 2)));
            written += n;
            sockets.on.run(() -> {});
        }
        assertThat(received.texts()).containsExactly("x", "x");
        assertThat(written).as("what the kernel and one chunk hold").isLessThan(2 << 20);
        sockets.on.run(() -> received.request(3));
        assertThat(received.awaitLines(5).lines).hasSize(5);
    }

    @Test
    void theRestOfAChunkIsDeliveredWhenItIsAskedForAlsoFromWithinASignal() throws Exception {
        Received oneByOne = new Received(1) {
            @Override
            protected void hookOnNext(dev.mpx.framing.Line line) {
                super.hookOnNext(line);
                request(1);
            }
        };
        subscribe(oneByOne);
        Sockets.write(client, "1\n2\n3\n4\n5\n");
        assertThat(oneByOne.awaitLines(5).texts()).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void theEndOfInputCompletesTheLinesButNotTheLink() throws Exception {
        Received received = subscribe(Received.all());
        Sockets.write(client, "a\nlast without newline");
        client.shutdownOutput();
        received.awaitCompletion();
        assertThat(received.texts()).containsExactly("a", "last without newline");
        sockets.on.run(() -> link.send(Frame.of("still here")));
        assertThat(Sockets.read(client, 11)).isEqualTo("still here\n");
        client.close();
        assertThat(closed().cause()).isEqualTo(Closed.Cause.PEER);
    }

    @Test
    void aLineWithoutNewlineAtTheEndWaitsForDemand() throws Exception {
        Received received = subscribe(new Received(1));
        Sockets.write(client, "a\nb");
        client.close();
        received.awaitLines(1);
        sockets.on.run(() -> {});
        assertThat(received.completed).isFalse();
        sockets.on.run(() -> received.request(1));
        received.awaitCompletion();
        assertThat(received.texts()).containsExactly("a", "b");
    }

    @Test
    void whatAPeerSaidBeforeItHungUpIsStillReadEvenWhenNobodyAskedYet() throws Exception {
        Sockets.write(client, "1\n2\n3\n");
        client.close();
        sockets.on.run(() -> {});
        Received received = new Received(1);
        subscribe(received);
        received.awaitLines(1);
        sockets.on.run(() -> received.request(10));
        received.awaitCompletion();
        assertThat(received.texts()).containsExactly("1", "2", "3");
        assertThat(closed().cause()).isEqualTo(Closed.Cause.PEER);
    }

    @Test
    void aPeerThatResetsTheConnectionIsNamedAsTheCauseAndTheLinesCompleteWithoutError() throws Exception {
        Received received = subscribe(Received.all());
        sockets.on.run(() -> link.send(Frame.of("never read")));
        await().until(() -> sockets.on.get(link::pending) == 0);
        client.close(); // with unread data: a reset
        assertThat(closed().cause()).isEqualTo(Closed.Cause.PEER);
        received.awaitCompletion();
        assertThat(received.failed).isFalse();
    }

    @Test
    void aSecondSubscriberGetsAnError() {
        subscribe(Received.all());
        StepVerifier.create(link.lines()).expectError(IllegalStateException.class).verify(SOON);
    }

    @Test
    void aCancelledSubscriptionReadsNoMoreAndTheLinkLivesOn() throws Exception {
        Received received = subscribe(new Received(1));
        Sockets.write(client, "a\nb\nc\n");
        received.awaitLines(1);
        sockets.on.run(received::cancel);
        sockets.on.run(() -> link.send(Frame.of("ok")));
        assertThat(Sockets.read(client, 3)).isEqualTo("ok\n");
        assertThat(received.texts()).containsExactly("a");
        client.close();
        assertThat(closed().cause()).isEqualTo(Closed.Cause.PEER);
    }

    @Test
    void aClientThatDoesNotReadIsClosedAsSlowWhenItsOutboxRunsOverAndOthersGoOn() throws Exception {
        SocketChannel other = sockets.client();
        Link fine = sockets.accepted();
        byte[] payload = new byte[100_000];
        Arrays.fill(payload, (byte) 'x');
        sockets.on.run(() -> {
            for (int i = 0; i < 30; i++) {
                link.send(Frame.of(payload));
            }
        });
        Closed why = closed();
        assertThat(why.cause()).isEqualTo(Closed.Cause.SLOW);
        assertThat(why.detail()).contains("ran over");
        sockets.on.run(() -> fine.send(Frame.of("unaffected")));
        assertThat(Sockets.read(other, 11)).isEqualTo("unaffected\n");
    }

    @Test
    void aFrameLargerThanTheOutboxIsAcceptedWhenNothingWaits() throws Exception {
        byte[] payload = new byte[3 * OUTBOX];
        Arrays.fill(payload, (byte) 'x');
        sockets.on.run(() -> link.send(Frame.of(payload)));
        assertThat(sockets.on.get(link::pending)).isPositive();
        assertThat(Sockets.read(client, payload.length + 1)).hasSize(payload.length + 1).endsWith("x\n");
    }

    @Test
    void aLineOf64MebibytesComesThroughAndGoesBack() throws Exception {
        byte[] payload = new byte[64 << 20];
        Arrays.fill(payload, (byte) 'y');
        Received received = subscribe(Received.all());
        Thread writer = new Thread(() -> writeAll(payload));
        writer.start();
        Frame line = (Frame) received.awaitLines(1).lines.get(0);
        writer.join();
        assertThat(line.length()).isEqualTo(payload.length);
        sockets.on.run(() -> link.send(line));
        ByteBuffer back = ByteBuffer.allocate(payload.length + 1);
        while (back.hasRemaining() && client.read(back) >= 0) {
            continue;
        }
        assertThat(back.position()).isEqualTo(payload.length + 1);
        assertThat(back.get(payload.length)).isEqualTo((byte) '\n');
        assertThat(Arrays.equals(back.array(), 0, payload.length, payload, 0, payload.length)).isTrue();
    }

    @Test
    void aFrameThatWaitsCanBeWithdrawnAndOneThatHasBegunCannot() throws Exception {
        byte[] payload = new byte[900_000];
        List<Sending> sendings = new ArrayList<>();
        sockets.on.run(() -> {
            sendings.add(link.send(Frame.of(payload)));
            assertThat(sendings.get(0).begun()).isFalse();
        });
        sockets.on.run(() -> {
            sendings.add(link.send(Frame.of("taken back")));
            sendings.add(link.send(Frame.of("kept")));
            assertThat(sendings.get(0).begun()).as("the kernel took some of it").isTrue();
            assertThat(sendings.get(0).withdraw()).isFalse();
            assertThat(sendings.get(1).begun()).isFalse();
            assertThat(sendings.get(1).withdraw()).isTrue();
        });
        String all = Sockets.read(client, payload.length + 1 + 5);
        assertThat(all).endsWith("\nkept\n");
        await().until(() -> sockets.on.get(() -> sendings.get(2).begun()));
        assertThat(sockets.on.get(link::pending)).isZero();
    }

    @Test
    void closingSendsWhatIsInTheOutbox() throws Exception {
        byte[] payload = new byte[900_000];
        Received received = subscribe(Received.all());
        sockets.on.run(() -> {
            link.send(Frame.of(payload));
            link.close();
            link.close();
        });
        assertThat(Sockets.read(client, payload.length + 1)).hasSize(payload.length + 1);
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        assertThat(closed().cause()).isEqualTo(Closed.Cause.LOCAL);
        received.awaitCompletion();
    }

    @Test
    void closingGivesUpOnAClientThatDoesNotRead() {
        sockets.on.run(() -> {
            link.send(Frame.of(new byte[900_000]));
            link.close();
        });
        Closed why = closed();
        assertThat(why.cause()).isEqualTo(Closed.Cause.LOCAL);
        assertThat(why.detail()).contains("unread");
    }

    @Test
    void abortingForgetsTheOutboxAndLaterFramesAreDropped() {
        Received received = subscribe(Received.all());
        sockets.on.run(() -> {
            link.send(Frame.of(new byte[900_000]));
            link.abort();
            Sending late = link.send(Frame.of("late"));
            assertThat(late.begun()).isFalse();
            assertThat(late.withdraw()).isTrue();
            assertThat(link.pending()).isZero();
        });
        assertThat(closed().cause()).isEqualTo(Closed.Cause.LOCAL);
        assertThat(closed()).as("replayed").isEqualTo(closed());
        received.awaitCompletion();
    }

    @Test
    void abortingFromWithinASignalDeliversNothingMoreThanCompletion() throws Exception {
        Received aborting = new Received(Long.MAX_VALUE) {
            @Override
            protected void hookOnNext(dev.mpx.framing.Line line) {
                super.hookOnNext(line);
                link.abort();
            }
        };
        subscribe(aborting);
        Sockets.write(client, "a\nb\nc\n");
        aborting.awaitCompletion();
        assertThat(aborting.texts()).containsExactly("a");
    }

    @Test
    void closingTheLoopClosesItsLinks() throws Exception {
        Mono<Closed> closed = link.closed();
        sockets.loop.close();
        assertThat(closed.block(SOON).cause()).isEqualTo(Closed.Cause.LOCAL);
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void anOutboxThatDoesNotMoveIsClosedAsSlowWhileMemoryIsShort() {
        sockets.on.run(() -> link.send(Frame.of(new byte[900_000])));
        sockets.budget.take(256 << 20);
        Closed why = closed();
        assertThat(why.cause()).isEqualTo(Closed.Cause.SLOW);
        assertThat(why.detail()).contains("while memory was short");
        sockets.budget.give(256 << 20);
    }

    @Test
    void manyFramesSentInOneTurnAllArrive() throws Exception {
        Received received = subscribe(Received.all());
        AtomicLong sum = new AtomicLong();
        sockets.on.run(() -> {
            for (int i = 0; i < 20_000; i++) {
                link.send(Frame.of("{\"n\":" + i + "}"));
            }
        });
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            expected.append("{\"n\":").append(i).append("}\n");
        }
        assertThat(Sockets.read(client, expected.length())).isEqualTo(expected.toString());
        assertThat(sum).hasValue(0);
        assertThat(received.lines).isEmpty();
    }

    private Received subscribe(Received received) {
        sockets.on.run(() -> link.lines().subscribe(received));
        return received;
    }

    private Closed closed() {
        return link.closed().block(SOON);
    }

    private void writeAll(byte[] payload) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(payload);
            while (bytes.hasRemaining()) {
                client.write(bytes);
            }
            Sockets.write(client, "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
