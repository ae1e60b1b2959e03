package dev.mpx.transports.ssh;

import java.nio.ByteBuffer;

/**
 * A stream of bytes to the host and one back, bounded in memory by SSH's window: the host sends no more than the window until
 * {@link #taken} says that something was used up, and one write is under way at a time.
 *
 * <p>Any thread; {@link Receiver}'s methods are called on the connection's threads, one at a time.
 */
public interface SshStream {
    /** What the host may send ahead of {@link #taken}, in bytes. */
    int WINDOW = 512 * 1024;

    /** Whoever hears what the host says. Must not block. */
    interface Receiver {
        /** The bytes are the caller's again when this returns. */
        void received(byte[] bytes, int from, int length);

        /** The host has ended its side; the other side may go on. */
        void ended();

        /** All is over: the last call. */
        void closed();
    }

    /**
     * Sends what remains of the bytes, which must not change until then.
     *
     * @param done called once, when all of it is on its way and the next write may begin; not called if the stream closes before
     */
    void send(ByteBuffer bytes, Runnable done);

    /** The host may send that many bytes more. */
    void taken(int length);

    /** Ends this side after what was sent; the host may go on. */
    void end();

    /** Ends both. Idempotent. */
    void close();
}
