package dev.mpx.proxy.relay;

import dev.mpx.transports.ssh.SshStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;

/** What goes to the host: one piece on its way, and at most one more kept before the client is not read any further. Any thread. */
final class Upward {
    private final SshStream stream;
    private final Runnable roomAgain;
    private final Queue<ByteBuffer> kept = new ArrayDeque<>();
    private boolean isSending;
    private boolean ending;

    /** @param roomAgain run when {@link #offer} may be called again after it has said no */
    Upward(SshStream stream, Runnable roomAgain) {
        this.stream = stream;
        this.roomAgain = roomAgain;
    }

    /** Takes the bytes over. @return whether there is room for more */
    boolean offer(ByteBuffer bytes) {
        synchronized (this) {
            if (isSending) {
                kept.add(bytes);
                return false;
            }
            isSending = true;
        }
        stream.send(bytes, this::sent);
        return true;
    }

    private void sent() {
        ByteBuffer next;
        boolean hasEnded;
        synchronized (this) {
            next = kept.poll();
            isSending = next != null;
            hasEnded = ending && !isSending;
        }
        if (next != null) {
            stream.send(next, this::sent);
            roomAgain.run();
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
