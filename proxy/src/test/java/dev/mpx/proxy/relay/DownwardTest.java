package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes to a client is kept while that does not read, counted only when it has, and all there before the end. */
@Timeout(30)
class DownwardTest {
    private static final int LARGE = 4 << 20;

    @TempDir
    private Path directory;

    private LocalLoop loop;
    private SocketChannel client;
    private SocketChannel own;
    private Downward down;
    private final AtomicLong written = new AtomicLong();

    @BeforeEach
    void connect() throws Exception {
        loop = LocalLoop.start();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.resolve("s")));
            client = SocketChannel.open(server.getLocalAddress());
            own = server.accept();
        }
        own.configureBlocking(false);
        down = new Downward(own, loop);
        down.tellWritten(written::addAndGet);
        Thread here = Thread.currentThread();
        loop.execute(() -> {
            try {
                down.registered(loop.register(own, 0, new LocalLoop.Readiness() {
                    @Override
                    public void ready(SelectionKey key) throws IOException {
                        down.flush();
                    }

                    @Override
                    public void failed(IOException why) {
                        here.interrupt();
                    }
                }));
            } catch (IOException e) {
                here.interrupt();
            }
        });
        await().until(() -> own.isRegistered());
    }

    @AfterEach
    void end() throws IOException {
        loop.close();
        client.close();
        own.close();
    }

    private long readAll() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        long count = 0;
        for (int n = 0; n >= 0; n = client.read(bytes.clear())) {
            count += n;
        }
        return count;
    }

    @Test
    void oneThatDoesNotReadHoldsUpTheHostAndNobodyElse() throws Exception {
        down.pass(new byte[LARGE], 0, LARGE);
        assertThat(written.get()).as("what the client has not taken is not the host's to replace").isLessThan(LARGE);
        down.close();
        assertThat(own.isOpen()).isTrue();

        assertThat(readAll()).isEqualTo(LARGE);
        assertThat(written.get()).isEqualTo(LARGE);
        await().until(() -> !own.isOpen());
    }

    @Test
    void theHostsEndComesBehindWhatItSaidAndLeavesTheOtherDirectionOpen() throws Exception {
        down.pass(new byte[LARGE], 0, LARGE);
        down.end();
        assertThat(readAll()).isEqualTo(LARGE);
        assertThat(own.isOpen()).isTrue();
        client.write(ByteBuffer.wrap(new byte[1]));
        assertThat(own.read(ByteBuffer.allocate(1))).isEqualTo(1);
    }

    @Test
    void whatTheRelaySaysItselfIsNotCountedAsTheHosts() throws Exception {
        down.say(new byte[100]);
        assertThat(written.get()).isZero();
    }
}
