package dev.mpx.transports.unix;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Link;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.OnLoop;
import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A loop, a listener, and blocking clients of the JDK's own on the other side. */
final class Sockets implements AutoCloseable {
    static final int OWNER = ownUid();

    final EventLoop loop;
    final OnLoop on;
    final ByteBudget budget;
    final SocketTransport transport;
    final UnixListener listener;
    final Path directory;
    final Path path;
    private final BlockingQueue<Link> accepted = new LinkedBlockingQueue<>();
    private final List<SocketChannel> clients = new ArrayList<>();

    Sockets(long budget, LinkLimits limits) throws IOException {
        this(budget, limits, OWNER);
    }

    Sockets(long budget, LinkLimits limits, int owner) throws IOException {
        this.loop = EventLoop.start("test-sockets");
        this.on = new OnLoop(loop);
        this.budget = new ByteBudget(budget);
        this.transport = new SocketTransport(loop, this.budget, limits);
        this.directory = Files.createTempDirectory("mpx-sockets");
        this.path = directory.resolve("broker.sock");
        this.listener = UnixListener.listen(transport, path, owner, accepted::add).block();
    }

    SocketChannel client() throws IOException {
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX);
        client.connect(UnixDomainSocketAddress.of(path));
        clients.add(client);
        return client;
    }

    Link accepted() throws InterruptedException {
        Link link = accepted.poll(5, TimeUnit.SECONDS);
        if (link == null) {
            throw new AssertionError("nobody was let in");
        }
        return link;
    }

    static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    /** Exactly as many bytes as text of ASCII. */
    static String read(SocketChannel client, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && client.read(buffer) >= 0) {
            continue;
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        loop.close();
        Files.deleteIfExists(path);
        Files.deleteIfExists(directory);
    }

    private static int ownUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
