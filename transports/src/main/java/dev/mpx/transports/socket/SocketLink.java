package dev.mpx.transports.socket;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.Sending;
import dev.mpx.transports.flow.Inlet;
import dev.mpx.transports.flow.Outbox;
import dev.mpx.transports.flow.ReadGate;
import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.loop.Readiness;
import dev.mpx.transports.loop.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A connected socket, of whatever family, driven by the event loop, which is its scheduler. */
public final class SocketLink implements Link {
    static final Duration FLUSH_PATIENCE = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(SocketLink.class);
    /** Bytes taken or given at one readiness, so that one busy link does not keep the others waiting. */
    private static final int QUOTA = 4 * EventLoop.BUFFER_BYTES;

    private enum State { OPEN, CLOSING, CLOSED }

    private final EventLoop loop;
    private final SocketChannel channel;
    private final Peer peer;
    private final Inlet inlet;
    private final Outbox outbox;
    private final ReadGate.Seat seat;
    private final Registration registration;
    private final Sinks.One<Closed> closed = Sinks.unsafe().one();
    private final OutboxWatch watch;
    private final Runnable flush = this::flush;
    private State state = State.OPEN;
    private boolean flushQueued;
    private boolean readQueued;
    /** The kernel's buffer is full: wait until the socket is writable. */
    private boolean blocked;
    /** The gate has paused the reading. */
    private boolean paused;
    /** The other side has ended its stream. */
    private boolean inputEnded;
    /** The other side receives nothing any more. */
    private boolean deaf;
    /** The loop no longer watches the socket; what is left in it can be read at any time. */
    private boolean hungUp;
    private Optional<Disposable> flushTimer = Optional.empty();

    /** Takes over a connected channel; on the loop's thread. */
    public SocketLink(SocketTransport transport, SocketChannel channel, Peer peer) throws IOException {
        this(transport, channel, peer, Optional.empty());
    }

    /** Takes over a connected channel that the loop watches already; on the loop's thread. */
    public SocketLink(SocketTransport transport, SocketChannel channel, Peer peer, Registration registration) throws IOException {
        this(transport, channel, peer, Optional.of(registration));
    }

    private SocketLink(SocketTransport transport, SocketChannel channel, Peer peer, Optional<Registration> watched)
            throws IOException {
        this.loop = transport.loop();
        this.channel = channel;
        this.peer = peer;
        this.inlet = new Inlet(transport.limits().lineBytes(), transport.budget(), new Demand());
        this.outbox = new Outbox(transport.limits().outboxBytes(), transport.budget());
        this.seat = transport.gate().enter(new GatedReader());
        this.watch = new OutboxWatch(loop.scheduler(), transport.budget(), outbox,
                detail -> finish(Closed.Cause.SLOW, detail));
        if (watched.isPresent()) {
            this.registration = watched.get();
            registration.handTo(new Socket());
            registration.interest(0);
        } else {
            channel.configureBlocking(false);
            this.registration = loop.register(channel, 0, new Socket());
        }
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Flux<Line> lines() {
        return inlet;
    }

    @Override
    public Mono<Closed> closed() {
        return closed.asMono();
    }

    @Override
    public long pending() {
        return outbox.pending();
    }

    @Override
    public Sending send(Frame frame) {
        if (state != State.OPEN || deaf) {
            return Outbox.dropped();
        }
        if (!outbox.accepts(frame) && !blocked) {
            flush();
        }
        if (state != State.OPEN || deaf) {
            return Outbox.dropped();
        }
        if (!outbox.accepts(frame)) {
            finish(Closed.Cause.SLOW, "its outbox ran over with " + outbox.pending() + " bytes unread");
            return Outbox.dropped();
        }
        Sending sending = outbox.add(frame);
        if (!blocked && !flushQueued) {
            // Not now: whoever sends one frame often sends more, and one system call takes them all.
            flushQueued = true;
            loop.afterwards(flush);
        }
        return sending;
    }

    @Override
    public void close() {
        if (state != State.OPEN) {
            return;
        }
        state = State.CLOSING;
        inlet.stop();
        seat.leave();
        flush();
        if (state == State.CLOSING) {
            flushTimer = Optional.of(loop.scheduler().schedule(
                    () -> finish(Closed.Cause.LOCAL, "closed with " + outbox.pending() + " bytes unread"),
                    FLUSH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public void abort() {
        finish(Closed.Cause.LOCAL, "aborted");
    }

    private void read() {
        readQueued = false;
        int quota = QUOTA;
        try {
            while (wantsToRead() && quota > 0) {
                if (!seat.mayRead()) {
                    paused = true;
                    break;
                }
                ByteBuffer buffer = loop.readBuffer();
                int n = channel.read(buffer);
                if (n <= 0) {
                    if (n < 0 || hungUp) {
                        inputEnded = true;
                        inlet.end();
                    }
                    break;
                }
                quota -= n;
                inlet.accept(buffer.flip());
                if (state != State.OPEN) {
                    return;
                }
                seat.moved();
                if (n < EventLoop.BUFFER_BYTES && !hungUp) {
                    break; // that was all there is
                }
            }
        } catch (IOException e) {
            boolean isPeers = Loss.isPeers(e);
            finish(isPeers ? Closed.Cause.PEER : Closed.Cause.FAILED, (isPeers ? "the connection was lost: " : "reading: ") + e.getMessage());
        } catch (OutOfMemoryError e) {
            finish(Closed.Cause.FAILED, "no memory for a line of more than " + inlet.growing() + " bytes");
        }
        settle();
    }

    private boolean wantsToRead() {
        return state == State.OPEN && !inputEnded && !paused && inlet.wantsMore();
    }

    private void flush() {
        flushQueued = false;
        if (state == State.CLOSED) {
            return;
        }
        blocked = false;
        try {
            blocked = !deaf && outbox.writeTo(channel, loop.writeBuffer(), QUOTA);
        } catch (IOException e) {
            if (Loss.isPeers(e)) {
                lostHearing();
            } else {
                finish(Closed.Cause.FAILED, "writing: " + e.getMessage());
            }
        }
        settle();
    }

    /** Nobody will read what is sent; what the other side said before may still be read. */
    private void lostHearing() {
        deaf = true;
        outbox.clear();
    }

    /** Ends the link if nothing is left to do, else sees to it that the loop watches for what is. */
    private void settle() {
        if (state == State.CLOSING && outbox.isEmpty()) {
            finish(Closed.Cause.LOCAL, "closed");
        } else if (state == State.OPEN && deaf && inlet.isFinished()) {
            finish(Closed.Cause.PEER, "it hung up");
        }
        if (state == State.CLOSED) {
            return;
        }
        watch.blocked(blocked);
        if (!hungUp) {
            registration.interest((wantsToRead() ? SelectionKey.OP_READ : 0) | (blocked ? SelectionKey.OP_WRITE : 0));
        } else if (wantsToRead() && !readQueued) {
            readQueued = true;
            loop.execute(this::read);
        }
    }

    private void finish(Closed.Cause cause, String detail) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        registration.cancel();
        flushTimer.ifPresent(Disposable::dispose);
        watch.blocked(false);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing the socket of {}", peer, e);
        }
        outbox.clear();
        inlet.stop();
        seat.leave();
        // Not from within a signal to the subscriber, nor from within a call that it made.
        loop.afterwards(() -> {
            inlet.terminate();
            closed.tryEmitValue(new Closed(cause, detail));
        });
    }

    private final class Socket implements Readiness {
        @Override
        public void ready(int ops, boolean gone) {
            if (gone) {
                hungUp = true;
                lostHearing();
                blocked = false;
            } else if ((ops & SelectionKey.OP_WRITE) != 0) {
                flush();
            }
            if (gone || (ops & SelectionKey.OP_READ) != 0) {
                read();
            }
        }

        @Override
        public void loopClosing() {
            finish(Closed.Cause.LOCAL, "the event loop ends");
        }
    }

    private final class Demand implements Inlet.Source {
        @Override
        public void demanded() {
            settle();
        }

        @Override
        public void finished() {
            seat.leave();
            settle();
        }
    }

    private final class GatedReader implements ReadGate.Reader {
        @Override
        public long growing() {
            return inlet.growing();
        }

        @Override
        public boolean wantsMore() {
            return state == State.OPEN && !inputEnded && inlet.wantsMore();
        }

        @Override
        public void resume() {
            paused = false;
            settle();
        }

        @Override
        public void giveUp(String detail) {
            finish(Closed.Cause.SLOW, detail);
        }
    }
}
