package dev.mpx.transports.loop;

/** Told on the loop's thread what became of a registered channel. */
public interface Readiness {
    /**
     * The channel can do something.
     *
     * @param ops those of the wanted {@link java.nio.channels.SelectionKey} operations that are possible now
     * @param hungUp the other side is gone in both directions. Told once: the loop watches the channel no longer,
     *     but what had been received before can still be read, up to the end of the stream
     */
    void ready(int ops, boolean hungUp);

    /** The loop ends; the channel must be closed. */
    void loopClosing();
}
