package dev.mpx.transports.tcp;

import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.loop.Readiness;
import dev.mpx.transports.loop.Registration;
import dev.mpx.transports.socket.SocketLink;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Listens on a TCP port, where anybody can connect, and lets in who shows the token first: as a guest. All others are
 * closed without a word.
 */
public final class TcpListener implements AutoCloseable {
    /** Connections that have not shown a token; past it, the one that has waited longest gives way. */
    static final int NEWCOMERS = 64;
    /** A peer that is gone is noticed this many seconds after its last word: 5 + 3 x 3 = 14. */
    private static final int KEEPALIVE_IDLE = 5;
    private static final int KEEPALIVE_INTERVAL = 3;
    private static final int KEEPALIVE_COUNT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final int BACKLOG = 128;
    private static final int ACCEPTS_PER_TURN = 64;
    private static final long PAUSE_AFTER_ERROR_MS = 100;

    private final SocketTransport transport;
    private final Token token;
    private final Consumer<Link> accepted;
    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final Refusals refusals;
    private final Set<Newcomer> newcomers = new LinkedHashSet<>();
    private final Map<Link, Ends> guests = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private Registration registration;

    private TcpListener(SocketTransport transport, Token token, Consumer<Link> accepted, ServerSocketChannel channel)
            throws IOException {
        this.transport = transport;
        this.token = token;
        this.accepted = accepted;
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.refusals = new Refusals(transport.loop().scheduler());
    }

    /**
     * Binds on the caller's thread, not the loop's, and then listens; when the Mono gives its value, clients can connect.
     *
     * @param address port 0 for any that is free
     * @param accepted gets each new link, of a guest, on the loop's thread
     */
    public static Mono<TcpListener> listen(
            SocketTransport transport, InetSocketAddress address, Token token, Consumer<Link> accepted) {
        return Mono.fromCallable(() -> new TcpListener(transport, token, accepted, bind(address)))
                .publishOn(transport.loop().scheduler())
                .map(TcpListener::start);
    }

    /** Both ends of a guest's connection. */
    public record Ends(InetSocketAddress local, InetSocketAddress remote) {}

    /** The guests that are connected. Any thread. */
    public Map<Link, Ends> guests() {
        return Map.copyOf(guests);
    }

    /** Ends a guest's link at once. Any thread. */
    public void giveUp(Link link) {
        if (!transport.loop().scheduler().isDisposed()) {
            transport.loop().execute(link::abort);
        }
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return address;
    }

    /** Clients that were turned away. Any thread. */
    public long refused() {
        return refusals.count();
    }

    /** Stops accepting and turns away who has not shown a token; links live on. Idempotent; any thread. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !transport.loop().scheduler().isDisposed()) {
            transport.loop().execute(this::release);
        }
    }

    private static ServerSocketChannel bind(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.bind(address, BACKLOG);
            channel.configureBlocking(false);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private TcpListener start() {
        try {
            registration = transport.loop().register(channel, SelectionKey.OP_ACCEPT, new Door());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void release() {
        registration.cancel();
        for (Newcomer newcomer : Set.copyOf(newcomers)) {
            newcomer.turnAway("");
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing {}", address, e);
        }
    }

    static void discard(SocketChannel client) {
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("closing a client's socket", e);
        }
    }

    private void acceptSome() {
        for (int i = 0; i < ACCEPTS_PER_TURN && !closed.get(); i++) {
            try {
                SocketChannel client = channel.accept();
                if (client == null) {
                    return;
                }
                receive(client);
            } catch (IOException e) {
                // Such as too many open files: the client stays in the backlog, so look again a little later.
                LOG.warn("accepting on {}: {}", address, e.getMessage());
                registration.interest(0);
                transport.loop().scheduler().schedule(() -> registration.interest(SelectionKey.OP_ACCEPT),
                        PAUSE_AFTER_ERROR_MS, TimeUnit.MILLISECONDS);
                return;
            }
        }
    }

    private void receive(SocketChannel client) {
        try {
            client.configureBlocking(false);
            client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            client.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            client.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, KEEPALIVE_IDLE);
            client.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEPALIVE_INTERVAL);
            client.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_COUNT);
            if (newcomers.size() >= NEWCOMERS) {
                newcomers.iterator().next().turnAway("gave way to others: too many showed no token");
            }
            newcomers.add(new Newcomer(transport.loop(), client, token, new Hall(client.getRemoteAddress())));
        } catch (IOException | RejectedExecutionException e) {
            LOG.debug("a client on {} left at once", address, e);
            discard(client);
        }
    }

    private final class Hall implements Newcomer.Door {
        private final Object from;

        Hall(Object from) {
            this.from = from;
        }

        @Override
        public void admit(Newcomer newcomer, SocketChannel client, Registration watched) {
            newcomers.remove(newcomer);
            try {
                Peer peer = new Peer("tcp", OptionalLong.empty(), OptionalInt.empty()).asGuest();
                Ends ends = new Ends((InetSocketAddress) client.getLocalAddress(), (InetSocketAddress) client.getRemoteAddress());
                Link link = new SocketLink(transport, client, peer, watched);
                guests.put(link, ends);
                link.closed().subscribe(closed -> guests.remove(link));
                accepted.accept(link);
            } catch (IOException e) {
                LOG.debug("a client from {} left at once", from, e);
                watched.cancel();
                discard(client);
            }
        }

        @Override
        public void turnAway(Newcomer newcomer, String why) {
            newcomers.remove(newcomer);
            if (!why.isEmpty()) {
                refusals.add(from, why);
            }
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
