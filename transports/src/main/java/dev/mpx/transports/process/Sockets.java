package dev.mpx.transports.process;

import dev.mpx.transports.flow.Outbox;
import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.loop.Readiness;
import dev.mpx.transports.loop.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Two sockets in the place of the pipes, one for each direction, driven by the event loop that drives the clients: no thread but the
 * loop's touches what passes. Since each carries one direction, the process sees what it would see of pipes.
 */
final class Sockets implements Stdio {
    private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);
    /** Bytes at one readiness, so that the process does not keep the clients waiting. */
    private static final int QUOTA = 4 * EventLoop.BUFFER_BYTES;

    private final EventLoop loop;
    private final Input input;
    private final Output output;
    private Outbox outbox;
    private Listener listener;

    private Sockets(EventLoop loop, SocketChannel stdin, SocketChannel stdout) throws IOException {
        this.loop = loop;
        this.input = new Input(stdin);
        try {
            this.output = new Output(stdout);
        } catch (IOException | RuntimeException e) {
            input.release();
            throw e;
        }
    }

    /** Takes over two connected channels; they are closed if that fails. On the loop's thread. */
    static Sockets over(EventLoop loop, SocketChannel stdin, SocketChannel stdout) throws IOException {
        try {
            stdin.configureBlocking(false);
            stdout.configureBlocking(false);
            return new Sockets(loop, stdin, stdout);
        } catch (IOException | RuntimeException e) {
            close(stdin);
            close(stdout);
            throw e;
        }
    }

    @Override
    public void start(Outbox filled, Listener told) {
        outbox = filled;
        listener = told;
    }

    @Override
    public void wake() {
        input.wake();
    }

    @Override
    public void endInput() {
        input.end();
    }

    @Override
    public void want() {
        output.want();
    }

    @Override
    public void stopOutput() {
        output.stop();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a socket of a process", e);
        }
    }

    private final class Input implements Readiness {
        private final SocketChannel channel;
        private final Registration registration;
        private boolean queued;
        /** The kernel's buffer is full: wait until it is not. */
        private boolean blocked;
        /** Nobody reads it any more. As with a pipe, that is told when something is to be written. */
        private boolean deaf;
        private boolean ending;
        private boolean closed;

        Input(SocketChannel channel) throws IOException {
            this.channel = channel;
            this.registration = loop.register(channel, 0, this);
        }

        void wake() {
            if (!blocked) {
                flushSoon();
            }
        }

        void end() {
            ending = true;
            flushSoon();
        }

        /** Not now: one system call may take further frames, too. */
        private void flushSoon() {
            if (!queued && !closed) {
                queued = true;
                loop.afterwards(this::flush);
            }
        }

        private void flush() {
            queued = false;
            blocked = false;
            if (deaf && !outbox.isEmpty()) {
                lose(new IOException("Broken pipe"));
                return;
            }
            try {
                blocked = !closed && outbox.writeTo(channel, loop.writeBuffer(), QUOTA);
            } catch (IOException e) {
                lose(e);
                return;
            }
            settle();
        }

        private void settle() {
            if (closed) {
                return;
            }
            registration.interest(blocked ? SelectionKey.OP_WRITE : 0);
            if (ending && outbox.isEmpty()) {
                release();
                listener.inputClosed();
            }
        }

        private void lose(IOException why) {
            if (!closed) {
                release();
                listener.inputLost(why);
            }
        }

        private void release() {
            closed = true;
            registration.cancel();
            close(channel);
        }

        @Override
        public void ready(int ops, boolean hungUp) {
            deaf |= hungUp;
            if (!closed) {
                flush();
            }
        }

        @Override
        public void loopClosing() {
            if (!closed) {
                release();
            }
        }
    }

    private final class Output implements Readiness {
        private final SocketChannel channel;
        private final Registration registration;
        private boolean wanted;
        private boolean reading;
        private boolean readQueued;
        /** The loop no longer watches the socket; what is left in it can be read at any time. */
        private boolean hungUp;
        private boolean closed;

        Output(SocketChannel channel) throws IOException {
            this.channel = channel;
            this.registration = loop.register(channel, 0, this);
        }

        void want() {
            wanted = true;
            watch();
        }

        void stop() {
            if (!closed) {
                release();
                loop.execute(listener::outputEnded);
            }
        }

        private void read() {
            readQueued = false;
            reading = true;
            try {
                readSome();
            } catch (IOException e) {
                LOG.debug("reading standard output", e);
                end();
            } finally {
                reading = false;
                watch();
            }
        }

        private void readSome() throws IOException {
            int quota = QUOTA;
            while (wanted && !closed && quota > 0) {
                ByteBuffer buffer = loop.readBuffer();
                int n = channel.read(buffer);
                if (n < 0 || n == 0 && hungUp) {
                    end();
                    return;
                }
                if (n == 0) {
                    return;
                }
                quota -= n;
                wanted = listener.chunk(buffer.flip());
                if (n < EventLoop.BUFFER_BYTES && !hungUp) {
                    return; // that was all there is
                }
            }
        }

        private void end() {
            if (!closed) {
                release();
                listener.outputEnded();
            }
        }

        private void watch() {
            if (closed || reading) {
                return;
            }
            if (!hungUp) {
                registration.interest(wanted ? SelectionKey.OP_READ : 0);
            } else if (wanted && !readQueued) {
                readQueued = true;
                loop.execute(this::read);
            }
        }

        private void release() {
            closed = true;
            registration.cancel();
            close(channel);
        }

        @Override
        public void ready(int ops, boolean gone) {
            hungUp |= gone;
            if (!closed) {
                read();
            }
        }

        @Override
        public void loopClosing() {
            if (!closed) {
                release();
            }
        }
    }
}
