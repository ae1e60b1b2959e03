package dev.mpx.transports.unix;

import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.loop.Readiness;
import dev.mpx.transports.loop.Registration;
import dev.mpx.transports.socket.SocketLink;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Listens on a UNIX socket with mode 0600 and lets in one user only.
 *
 * <p>A socket file that stands at the path is replaced: whoever listens must hold the lock that says
 * it is the one to listen here.
 */
public final class UnixListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UnixListener.class);
    /** Two hundred shims may come in the same instant. */
    private static final int BACKLOG = 1024;
    private static final int ACCEPTS_PER_TURN = 64;
    private static final long PAUSE_AFTER_ERROR_MS = 100;

    private final SocketTransport transport;
    private final EventLoop loop;
    private final Path path;
    private final int owner;
    private final boolean forGuests;
    private final Consumer<Link> accepted;
    private final AFUNIXServerSocketChannel channel;
    /** Its file as the system knows it: the kernel gives the number to no other as long as the socket is bound. */
    private final Optional<Object> file;
    private final AtomicLong refused = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Registration registration;

    private UnixListener(SocketTransport transport, Path path, int owner, boolean forGuests, Consumer<Link> accepted,
            AFUNIXServerSocketChannel channel) {
        this.transport = transport;
        this.loop = transport.loop();
        this.path = path;
        this.owner = owner;
        this.forGuests = forGuests;
        this.accepted = accepted;
        this.channel = channel;
        this.file = fileAt(path);
    }

    /**
     * Binds on the caller's thread, not the loop's, and then listens; when the Mono gives its value, clients can connect.
     *
     * @param owner the user id that may connect
     * @param accepted gets each new link, on the loop's thread
     */
    public static Mono<UnixListener> listen(SocketTransport transport, Path path, int owner, Consumer<Link> accepted) {
        return listen(transport, path, owner, false, accepted);
    }

    /** The same for those who come from elsewhere, such as by SSH: they run as the owner, and are marked as guests. */
    public static Mono<UnixListener> listenToGuests(SocketTransport transport, Path path, int owner, Consumer<Link> accepted) {
        return listen(transport, path, owner, true, accepted);
    }

    private static Mono<UnixListener> listen(
            SocketTransport transport, Path path, int owner, boolean forGuests, Consumer<Link> accepted) {
        return Mono.fromCallable(() -> new UnixListener(transport, path, owner, forGuests, accepted, bind(path)))
                .publishOn(transport.loop().scheduler())
                .map(UnixListener::start);
    }

    /** Clients of another user that were turned away. */
    public long refused() {
        return refused.get();
    }

    /** Stops accepting; links that were accepted live on, and the file stays. Idempotent; any thread. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !loop.scheduler().isDisposed()) {
            loop.execute(this::release);
        }
    }

    /**
     * Removes the file first, so that nobody connects in vain, and stops accepting. A file that another listener has put in its place,
     * as when the directory was removed and made anew, stays.
     */
    public void closeAndUnlink() throws IOException {
        if (!closed.get() && file.isPresent() && file.equals(fileAt(path))) {
            Files.deleteIfExists(path);
        }
        close();
    }

    /**
     * Between the binding and the mode a stranger could connect, where the directory lets him: his uid is seen and he
     * is refused. (Binding under another name and renaming would be tidier, but junixsocket looks on every accept
     * whether the file is still the one it made.)
     */
    private static AFUNIXServerSocketChannel bind(Path path) throws IOException {
        removeStaleSocket(path);
        AFUNIXServerSocketChannel channel = AFUNIXSelectorProvider.provider().openServerSocketChannel();
        try {
            channel.setDeleteOnClose(false);
            channel.bind(AFUNIXSocketAddress.of(path), BACKLOG);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Optional<Object> fileAt(Path path) {
        try {
            return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static void removeStaleSocket(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
            throw new FileAlreadyExistsException(path.toString(), null, "is no socket");
        }
        Files.delete(path);
    }

    private UnixListener start() {
        try {
            registration = loop.register(channel, SelectionKey.OP_ACCEPT, new Door());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void release() {
        registration.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing {}", path, e);
        }
    }

    private void acceptSome() {
        for (int i = 0; i < ACCEPTS_PER_TURN && !closed.get(); i++) {
            try {
                AFUNIXSocketChannel client = channel.accept();
                if (client == null) {
                    return;
                }
                letIn(client);
            } catch (IOException e) {
                // Such as too many open files: the client stays in the backlog, so look again a little later.
                LOG.warn("accepting on {}: {}", path, e.getMessage());
                registration.interest(0);
                loop.scheduler().schedule(() -> registration.interest(SelectionKey.OP_ACCEPT),
                        PAUSE_AFTER_ERROR_MS, TimeUnit.MILLISECONDS);
                return;
            }
        }
    }

    private void letIn(AFUNIXSocketChannel client) {
        try {
            Peer peer = Connected.peer(client);
            if (peer.uid().isEmpty() || peer.uid().getAsInt() != owner) {
                refused.incrementAndGet();
                LOG.warn("refused a client of another user on {}: {}", path, peer);
                Connected.discard(client);
                return;
            }
            accepted.accept(new SocketLink(transport, client, forGuests ? peer.asGuest() : peer));
        } catch (IOException e) {
            LOG.debug("a client on {} left at once", path, e);
            Connected.discard(client);
        }
    }

    private final class Door implements Readiness {
        @Override
        public void ready(int ops, boolean hungUp) {
            acceptSome();
        }

        @Override
        public void loopClosing() {
            closed.set(true);
            release();
        }
    }
}
