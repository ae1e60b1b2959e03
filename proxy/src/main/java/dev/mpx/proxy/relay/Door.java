package dev.mpx.proxy.relay;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens on the relay's socket, with mode 0600, and lets this user in and nobody else. Whoever opens it holds the lock of the election. */
final class Door implements LocalLoop.Readiness {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final int BACKLOG = 1024;
    private static final long PAUSE_MILLIS = 100;

    private final Path path;
    private final ServerSocketChannel channel;
    private final UserPrincipal owner;
    private final Consumer<SocketChannel> accepted;
    private volatile boolean closed;

    private Door(Path path, ServerSocketChannel channel, UserPrincipal owner, Consumer<SocketChannel> accepted) {
        this.path = path;
        this.channel = channel;
        this.owner = owner;
        this.accepted = accepted;
    }

    /** @param accepted gets each client's channel, on the loop */
    static Door open(Path path, LocalLoop loop, Consumer<SocketChannel> accepted) throws IOException {
        Files.deleteIfExists(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            channel.configureBlocking(false);
            Door door = new Door(path, channel, Files.getOwner(path), accepted);
            loop.execute(() -> door.listen(loop));
            return door;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void listen(LocalLoop loop) {
        try {
            loop.register(channel, SelectionKey.OP_ACCEPT, this);
        } catch (IOException closedAlready) {
            LOG.debug("not listening on {}", path, closedAlready);
        }
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        for (SocketChannel client = channel.accept(); client != null; client = channel.accept()) {
            UserPrincipal who = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (who.equals(owner)) {
                accepted.accept(client);
            } else {
                LOG.warn("refused a client of the user {} on {}", who, path);
                client.close();
            }
        }
    }

    /** Such as too many open files: the client stays in the backlog. */
    @Override
    public void failed(IOException why) {
        if (!closed) {
            LOG.warn("accepting on {}: {}", path, why.getMessage());
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Removes the file first, so that nobody connects in vain. */
    void close() throws IOException {
        closed = true;
        Files.deleteIfExists(path);
        channel.close();
    }
}
