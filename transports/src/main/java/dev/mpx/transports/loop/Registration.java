package dev.mpx.transports.loop;

import java.util.function.Consumer;

/** A channel that the loop watches. Used on the loop's thread. */
public abstract class Registration {
    private final Consumer<Registration> ended;
    private Readiness readiness;
    private boolean watched = true;

    Registration(Readiness readiness, Consumer<Registration> ended) {
        this.readiness = readiness;
        this.ended = ended;
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
            forget();
        }
    }

    /** From now on another one is told what becomes of the channel. */
    public void handTo(Readiness other) {
        readiness = other;
    }

    /** What to watch for from now on: {@link java.nio.channels.SelectionKey} operations, 0 for nothing but a hang-up. */
    public void interest(int ops) {
        if (watched) {
            watchFor(ops);
        }
    }

    /** Ends the registration. Idempotent; the channel stays open. */
    public void cancel() {
        unwatch();
        ended.accept(this);
    }

    abstract void watchFor(int ops);

    abstract void forget();
}
