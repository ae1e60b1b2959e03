package dev.mpx.transports;

/**
 * How a link ended.
 *
 * @param detail a few words for the log
 */
public record Closed(Cause cause, String detail) {
    public enum Cause {
        /** This side closed it. */
        LOCAL,
        /** The other side went away. */
        PEER,
        /** The other side did not read: its outbox ran over, or did not move while memory was short. */
        SLOW,
        /** The operating system reported an error. */
        FAILED
    }
}
