package dev.mpx.transports;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.Disposable;

/**
 * How many bytes all buffers together may hold. It refuses nothing: it counts, and whoever reads from clients
 * asks {@link #spent()} first and pauses while it is true.
 *
 * <p>Thread-safe. Whoever takes gives back exactly as much.
 */
public final class ByteBudget {
    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final List<Runnable> relieved = new CopyOnWriteArrayList<>();

    /** @param limit in bytes */
    public ByteBudget(long limit) {
        this.limit = limit;
    }

    public void take(long bytes) {
        held.addAndGet(bytes);
    }

    public void give(long bytes) {
        long after = held.addAndGet(-bytes);
        if (after < limit && after + bytes >= limit) {
            relieved.forEach(Runnable::run);
        }
    }

    /**
     * Calls back each time the budget stops being spent, on the thread that gave the bytes back: the callback
     * must be quick, must not throw, and should do its work elsewhere.
     *
     * @return ends the calling back
     */
    public Disposable onRelief(Runnable callback) {
        relieved.add(callback);
        return () -> relieved.remove(callback);
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
