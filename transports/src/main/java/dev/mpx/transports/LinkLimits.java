package dev.mpx.transports;

/**
 * How much one link may hold.
 *
 * @param lineBytes the longest line taken in, without its terminator
 * @param outboxBytes what an outbox may hold; a single frame may be larger, but then it is alone
 */
public record LinkLimits(int lineBytes, long outboxBytes) {
    /** 64 MiB a line (PROTOCOL.md, Framing), and as much in an outbox, so that one answer of any size fits behind small ones. */
    public static final LinkLimits STANDARD = new LinkLimits(64 << 20, 64L << 20);
}
