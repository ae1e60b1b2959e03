package dev.mpx.transports.loop;

import java.nio.channels.SelectionKey;

/** A channel that the loop watches. Used on the loop's thread. */
public final class Registration {
    private final Readiness readiness;
    private SelectionKey key;
    private boolean live = true;

    Registration(Readiness readiness) {
        this.readiness = readiness;
    }

    void key(SelectionKey made) {
        this.key = made;
    }

    Readiness readiness() {
        return readiness;
    }

    boolean live() {
        return live;
    }

    /** What to watch for from now on: {@link SelectionKey} operations, 0 for nothing but a hang-up. */
    public void interest(int ops) {
        if (live && key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    /** Ends the watching. Idempotent; the channel stays open. */
    public void cancel() {
        if (live) {
            live = false;
            key.cancel();
        }
    }
}
