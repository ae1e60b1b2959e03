package dev.mpx.proxy.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.IntConsumer;

/**
 * What goes to a client of this machine: written at once by whoever brings it, kept and written by the loop where the client
 * does not read. What is kept of the host's is bounded by the host's window, which grows only by what was written.
 */
final class Downward {
    private record Part(ByteBuffer bytes, boolean isHosts) {}

    private final SocketChannel channel;
    private final LocalLoop loop;
    private final Queue<Part> kept = new ArrayDeque<>();
    private SelectionKey key;
    private IntConsumer written = count -> { };
    private boolean ending;
    private boolean closing;

    Downward(SocketChannel channel, LocalLoop loop) {
        this.channel = channel;
        this.loop = loop;
    }

    synchronized void registered(SelectionKey one) {
        key = one;
    }

    /** Who is told how many of the host's bytes the client has taken. */
    synchronized void tellWritten(IntConsumer taken) {
        written = taken;
    }

    /** Something of the relay's own. */
    void say(byte[] line) throws IOException {
        send(ByteBuffer.wrap(line), false);
    }

    /** Something of the host's; the bytes are the caller's again when this returns. */
    void pass(byte[] bytes, int from, int length) throws IOException {
        send(ByteBuffer.wrap(bytes, from, length), true);
    }

    private synchronized void send(ByteBuffer bytes, boolean isHosts) throws IOException {
        if (closing || ending) {
            return;
        }
        int count = bytes.remaining();
        if (kept.isEmpty()) {
            channel.write(bytes);
        }
        tell(isHosts, count - bytes.remaining());
        if (bytes.hasRemaining()) {
            kept.add(new Part(ByteBuffer.wrap(Arrays.copyOfRange(bytes.array(), bytes.arrayOffset() + bytes.position(),
                    bytes.arrayOffset() + bytes.limit())), isHosts));
            loop.wants(key, SelectionKey.OP_WRITE);
        }
    }

    private void tell(boolean isHosts, int count) {
        if (isHosts && count > 0) {
            written.accept(count);
        }
    }

    /** Writes what is kept; on the loop. */
    synchronized void flush() throws IOException {
        while (!kept.isEmpty()) {
            Part part = kept.peek();
            tell(part.isHosts(), channel.write(part.bytes()));
            if (part.bytes().hasRemaining()) {
                return;
            }
            kept.remove();
        }
        loop.wantsNot(key, SelectionKey.OP_WRITE);
        finish();
    }

    /** Nothing more comes; the client may go on. */
    synchronized void end() throws IOException {
        ending = true;
        finish();
    }

    /** Nothing more comes, and nobody listens: the channel is closed as soon as all is written. */
    synchronized void close() throws IOException {
        closing = true;
        finish();
    }

    private void finish() throws IOException {
        if (kept.isEmpty() && closing) {
            channel.close();
        } else if (kept.isEmpty() && ending && channel.isOpen()) {
            channel.shutdownOutput();
        }
    }
}
