package dev.mpx.transports;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all buffers together may hold. It refuses nothing: it counts, and whoever reads from clients
 * asks {@link #spent()} first and pauses while it is true.
 *
 * <p>Thread-safe. Whoever takes gives back exactly as much.
 */
public final class ByteBudget {
    private final long limit;
    private final AtomicLong held = new AtomicLong();

    /** @param limit in bytes */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    public void take(long bytes) {
        held.addAndGet(bytes);
    }

    public void give(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Whether the limit is reached. */
    public boolean spent() {
        return held.get() >= limit;
    }

    /** Bytes held now. */
    public long held() {
        return held.get();
    }

    /** The limit in bytes. */
    public long limit() {
        return limit;
    }
}
