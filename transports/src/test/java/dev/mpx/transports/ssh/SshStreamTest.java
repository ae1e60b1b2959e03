package dev.mpx.transports.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.ssh.PrivateSshd;
import java.io.ByteArrayOutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams to a socket and to a command of the host: bytes both ways, ends that are told apart, no more than the window ahead. */
@Timeout(60)
class SshStreamTest {
    @TempDir
    private Path directory;

    private SshGround ground;

    @BeforeEach
    void begin() throws Exception {
        assumeTrue(PrivateSshd.isInstalled(), "there is no sshd here");
        ground = new SshGround(directory);
        ground.sshd.authorize(ground.key("ed25519"));
    }

    @AfterEach
    void end() {
        ground.close();
    }

    private SshConnection connect() throws Exception {
        ground.sshd.start();
        return ground.knowsTheHost().connect();
    }

    /** Keeps what came; uses none of it up by itself. */
    private static final class Heard implements SshStream.Receiver {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CountDownLatch ended = new CountDownLatch(1);
        final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public synchronized void received(byte[] part, int from, int length) {
            bytes.write(part, from, length);
        }

        @Override
        public void ended() {
            ended.countDown();
        }

        @Override
        public void closed() {
            closed.countDown();
        }

        synchronized int count() {
            return bytes.size();
        }

        synchronized String text() {
            return bytes.toString();
        }
    }

    @Test
    void aCommandHearsAndAnswersUntilItsInputEnds() throws Exception {
        try (SshConnection connection = connect()) {
            Heard heard = new Heard();
            SshStream stream = connection.openCommand("cat; echo over", heard).get();
            stream.send(ByteBuffer.wrap("hello\n".getBytes()), () -> { });
            await().until(() -> heard.text().equals("hello\n"));
            stream.end();
            assertThat(heard.closed.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(heard.text()).isEqualTo("hello\nover\n");
        }
    }

    @Test
    void aSocketGetsEachEndByItselfAndNoMoreThanTheWindowComesAhead() throws Exception {
        Path socket = directory.resolve("s");
        try (SshConnection connection = connect();
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Heard heard = new Heard();
            SshStream stream = connection.openSocket(socket.toString(), heard).get();
            try (SocketChannel other = server.accept()) {
                stream.send(ByteBuffer.wrap("hello".getBytes()), stream::end);
                ByteBuffer in = ByteBuffer.allocate(100);
                while (other.read(in) >= 0) {
                    assertThat(in.hasRemaining()).isTrue();
                }
                assertThat(in.position()).isEqualTo(5);

                Thread flood = new Thread(() -> flood(other, 16 * SshStream.WINDOW));
                flood.start();
                await().until(() -> heard.count() == SshStream.WINDOW);
                await().during(Duration.ofMillis(300)).until(() -> heard.count() == SshStream.WINDOW);
                AtomicInteger taken = new AtomicInteger();
                await().pollInterval(Duration.ofMillis(1)).until(() -> {
                    int there = heard.count() - taken.get();
                    stream.taken(there);
                    return taken.addAndGet(there) == 16 * SshStream.WINDOW;
                });
                flood.join();
                other.shutdownOutput();
                assertThat(heard.ended.await(5, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(heard.closed.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void flood(SocketChannel to, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSocketThatIsNotThereOrForbiddenIsRefused() throws Exception {
        ground.sshd.option("AllowStreamLocalForwarding no");
        try (SshConnection connection = connect()) {
            assertThatThrownBy(() -> connection.openSocket(directory.resolve("none").toString(), new Heard()).get())
                    .hasCauseInstanceOf(SshFailure.class);
            assertThat(connection.ended()).isNotDone();
        }
    }
}
