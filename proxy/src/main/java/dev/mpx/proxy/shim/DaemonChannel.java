package dev.mpx.proxy.shim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** Writes to a daemon and knows what of it went out. One thread at a time writes; closing is for any. */
final class DaemonChannel {
    /** The JDK copies what it writes to memory outside the heap, and keeps that. */
    private static final int SLICE = 64 << 10;

    private final SocketChannel channel;

    DaemonChannel(SocketChannel channel) {
        this.channel = channel;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Waits until it is written. @param requests marked once a byte is out @return false if the daemon is gone */
    boolean send(byte[] bytes, int from, int to, List<Asked> requests) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, from, to - from);
        try {
            while (rest.position() < to) {
                rest.limit(Math.min(to, rest.position() + SLICE));
                if (channel.write(rest) > 0) {
                    mark(requests);
                }
            }
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Notes that a byte of these is out. */
    static void mark(List<Asked> requests) {
        for (int i = 0; i < requests.size(); i++) {
            requests.get(i).markSent();
        }
    }

    /** The agent will say nothing more. */
    void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException gone) {
            // Then it needs no telling.
        }
    }

    /** @return false at the end, however it came about */
    boolean read(ByteBuffer into) {
        try {
            return channel.read(into) >= 0;
        } catch (IOException gone) {
            return false;
        }
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        }
    }
}
