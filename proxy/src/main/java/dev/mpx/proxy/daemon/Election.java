package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Bearings;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Succession;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who is the daemon of a home: whoever holds the kernel's lock on {@code broker.lock}, for as long as it lives. The
 * file is never deleted, so there is only ever one file to lock. A lock that is taken means that somebody is starting,
 * serving or leaving, never that somebody is dead.
 *
 * <p>The lock is an fcntl lock: closing any other descriptor of that file in this process would drop it, so nobody
 * else in the daemon opens it.
 */
final class Election implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);
    /** A daemon that serves answers a ping at once; one that is busy with garbage collection, soon. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"}\n";

    private final FileChannel file;

    private Election(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the lock, waiting for one who leaves.
     *
     * @return the won election; empty if another daemon holds the lock and answers
     * @throws IOException if the lock stays taken by one who does not answer
     */
    static Optional<Election> win(Home home) throws IOException {
        FileChannel file = FileChannel.open(
                home.brokerLock(),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        long begun = System.nanoTime();
        do {
            FileLock lock = file.tryLock();
            if (lock != null) {
                return Optional.of(new Election(file));
            }
            if (answers(home)) {
                file.close();
                return Optional.empty();
            }
            pause();
        } while (System.nanoTime() - begun < Succession.ELECTION.toNanos());
        file.close();
        throw new IOException("another process has held " + home.brokerLock() + " for " + Succession.ELECTION.toSeconds()
                + " s without answering; perhaps it hangs. " + Bearings.of(home));
    }

    /**
     * Whether somebody answers where {@code broker.json} says. To accept a connection is not enough: one who is about to
     * leave does that too, and would be taken for one who stays.
     */
    private static boolean answers(Home home) {
        Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile());
        for (String endpoint : broker.map(BrokerFile::endpoints).orElse(List.of())) {
            try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                if (Endpoint.parse(endpoint) instanceof Endpoint.Unix unix) {
                    socket.connect(UnixDomainSocketAddress.of(unix.path()));
                    if (answersPing(socket)) {
                        return true;
                    }
                }
            } catch (IOException | RuntimeException nobody) {
                // the next endpoint, or the next round
            }
        }
        return false;
    }

    private static boolean answersPing(SocketChannel socket) throws IOException {
        socket.write(StandardCharsets.US_ASCII.encode(PING));
        socket.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            socket.register(selector, SelectionKey.OP_READ);
            return selector.select(ANSWER.toMillis()) > 0 && socket.read(ByteBuffer.allocate(1)) > 0;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the daemon's lock", e);
        }
    }

    /** Gives the lock up. Idempotent. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
