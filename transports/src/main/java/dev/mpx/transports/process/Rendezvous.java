package dev.mpx.transports.process;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.AFUNIXSocketCredentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a guard and the one who starts it meet: a listener under an abstract name that is made up for this one start, so that there is
 * no file to choose a place for or to remove. Only the guard's own process is let in, whoever else may have seen the name.
 */
final class Rendezvous implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rendezvous.class);
    private static final int NAME_BYTES = 16;
    private static final int BACKLOG = 16;
    /** A guard is there within 2 ms. */
    private static final long SHORTEST_PAUSE_NANOS = 100_000;
    private static final long LONGEST_PAUSE_NANOS = 10_000_000;

    /** What the guard has connected: its standard input, and its standard output. */
    record Met(SocketChannel stdin, SocketChannel stdout) {
        void close() {
            discard(stdin);
            discard(stdout);
        }
    }

    private final AFUNIXServerSocketChannel listener;
    private final String name;

    private Rendezvous(AFUNIXServerSocketChannel listener, String name) {
        this.listener = listener;
        this.name = name;
    }

    /** Empty where there are no abstract names: they are Linux's. */
    static Optional<Rendezvous> open() {
        byte[] random = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(random);
        String name = "mpx-streams-" + HexFormat.of().formatHex(random);
        try {
            AFUNIXServerSocketChannel listener = AFUNIXSelectorProvider.provider().openServerSocketChannel();
            try {
                listener.bind(AFUNIXSocketAddress.inAbstractNamespace(name), BACKLOG);
                listener.configureBlocking(false);
                return Optional.of(new Rendezvous(listener, name));
            } catch (IOException | RuntimeException e) {
                listener.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("no sockets for a server's standard input and output, so it gets pipes", e);
            return Optional.empty();
        }
    }

    String name() {
        return name;
    }

    /**
     * Waits for the guard, which connects before it does anything that may take long. It may be over and done with its work when it is
     * let in.
     *
     * @return empty if it ended without having come, or nobody wants it any more
     */
    Optional<Met> meet(Process guard, BooleanSupplier unwanted) throws IOException {
        List<SocketChannel> met = new ArrayList<>();
        try {
            await(guard, unwanted, met);
        } finally {
            if (met.size() < 2) {
                met.forEach(Rendezvous::discard);
            }
        }
        return met.size() < 2 ? Optional.empty() : Optional.of(new Met(met.get(0), met.get(1)));
    }

    private void await(Process guard, BooleanSupplier unwanted, List<SocketChannel> met) throws IOException {
        long pause = SHORTEST_PAUSE_NANOS;
        while (met.size() < 2 && !unwanted.getAsBoolean()) {
            boolean mayCome = guard.isAlive();
            AFUNIXSocketChannel next = listener.accept();
            if (next == null && !mayCome) {
                break;
            } else if (next == null) {
                LockSupport.parkNanos(pause);
                pause = Math.min(LONGEST_PAUSE_NANOS, 2 * pause);
            } else if (isOf(guard, next)) {
                met.add(next);
            } else {
                LOG.warn("somebody else than the guard, pid {}, came for a server's standard input and output", guard.pid());
                discard(next);
            }
        }
    }

    private static boolean isOf(Process guard, AFUNIXSocketChannel channel) {
        try {
            AFUNIXSocketCredentials credentials = channel.getPeerCredentials();
            return credentials != null && credentials.getPid() == guard.pid();
        } catch (IOException unknown) {
            return false;
        }
    }

    @Override
    public void close() {
        discard(listener);
    }

    private static void discard(Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing", e);
        }
    }
}
