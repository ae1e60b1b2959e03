package dev.mpx.transports.loop;

import java.nio.channels.SelectionKey;
import java.util.function.Consumer;

/** A channel that the loop watches. Used on the loop's thread. */
public final class Registration {
    private final Readiness readiness;
    private final Consumer<Registration> ended;
    private SelectionKey key;
    private boolean watched = true;

    Registration(Readiness readiness, Consumer<Registration> ended) {
        this.readiness = readiness;
        this.ended = ended;
    }

    void key(SelectionKey made) {
        this.key = made;
    }

    Readiness readiness() {
        return readiness;
    }

    boolean watched() {
        return watched;
    }

    /** Ends the watching of a channel that has hung up; its owner still hears of the loop's end. */
    void unwatch() {
        if (watched) {
            watched = false;
            key.cancel();
        }
    }

    /** What to watch for from now on: {@link SelectionKey} operations, 0 for nothing but a hang-up. */
    public void interest(int ops) {
        if (watched && key.interestOps() != ops) {
            key.interestOps(ops);
        }
    }

    /** Ends the registration. Idempotent; the channel stays open. */
    public void cancel() {
        unwatch();
        ended.accept(this);
    }
}
