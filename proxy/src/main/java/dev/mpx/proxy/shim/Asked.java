package dev.mpx.proxy.shim;

import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.Optional;

/** A request of the agent that the daemon has yet to answer. The sender notes when it went out; read when all is over. */
final class Asked {
    /** What its answer means to the shim. */
    enum Purpose { INITIALIZE, SET_LEVEL, SUBSCRIBE, UNSUBSCRIBE, ANYTHING }

    final RpcId id;
    final Purpose purpose;
    /** The request itself, where its answer means something. */
    final Optional<Message.Request> request;
    /** When the shim had read it, by the system's timer. */
    final long readAt;
    /** How many more requests were made under the same id meanwhile. Guarded by the memory that keeps this. */
    int repeats;

    private volatile boolean sent;
    private volatile long sentAt;

    Asked(RpcId id, Purpose purpose, Optional<Message.Request> request, long readAt) {
        this.id = id;
        this.purpose = purpose;
        this.request = request;
        this.readAt = readAt;
    }

    /** A byte of it went out; only the first time counts. */
    void markSent() {
        if (!sent) {
            sentAt = System.nanoTime();
            sent = true;
        }
    }

    boolean isSent() {
        return sent;
    }

    /** Until when it waited for a daemon: until now, if it was not sent. */
    long waitedUntil(long now) {
        return sent ? sentAt : now;
    }
}
