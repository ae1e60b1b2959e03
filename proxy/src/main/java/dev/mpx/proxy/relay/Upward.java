package dev.mpx.proxy.relay;

import dev.mpx.transports.ssh.SshStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** What goes to the host: one piece on its way, and at most one more kept before the client is not read any further. Any thread. */
final class Upward {
    private final SshStream stream;
    private final Consumer<Boolean> room;
    private final Queue<ByteBuffer> kept = new ArrayDeque<>();
    private boolean isSending;
    private boolean ending;

    /** @param room told whether there is any, each time that changes; must not block */
    Upward(SshStream stream, Consumer<Boolean> room) {
        this.stream = stream;
        this.room = room;
    }

    /** Takes the bytes over. */
    void offer(ByteBuffer bytes) {
        synchronized (this) {
            if (isSending) {
                kept.add(bytes);
                // under the same lock as its counterpart, or the two could be told in the wrong order, and nobody would read again
                room.accept(false);
                return;
            }
            isSending = true;
        }
        stream.send(bytes, this::sent);
    }

    private void sent() {
        ByteBuffer next;
        boolean hasEnded;
        synchronized (this) {
            next = kept.poll();
            isSending = next != null;
            hasEnded = ending && !isSending;
            if (isSending && kept.isEmpty() && !ending) {
                room.accept(true);
            }
        }
        if (next != null) {
            stream.send(next, this::sent);
        } else if (hasEnded) {
            stream.end();
        }
    }

    /** Nothing more comes. */
    void end() {
        boolean isIdle;
        synchronized (this) {
            ending = true;
            isIdle = !isSending;
        }
        if (isIdle) {
            stream.end();
        }
    }
}
