package dev.mpx.transports;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One connection that carries lines both ways.
 *
 * <p><b>Threading.</b> A link belongs to one Reactor {@code Scheduler}, given when it is made. Every method is
 * called on it and every signal arrives on it; nothing here blocks.
 *
 * <p><b>In.</b> {@link #lines()} has one subscriber. Nothing is read beyond what it has asked for (a chunk
 * already read is kept), so not asking is back-pressure up to the writer on the other side. It completes when the
 * other side has ended its stream; that alone does not close the link, since the other side may still be reading.
 * It never ends with an error: why a link ended is told by {@link #closed()}.
 *
 * <p><b>Out.</b> {@link #send} puts a frame into the outbox and returns at once. The outbox is bounded in bytes;
 * the frame that would pass the bound closes the link with {@link Closed.Cause#SLOW}. Frames go out in order and whole.
 *
 * <p><b>End.</b> {@link #closed()} gives exactly one value, after which nothing is received or sent and every
 * resource of the link has been released. A frame sent to a closed link is dropped.
 */
public interface Link {
    /** Who is on the other side. */
    Peer peer();

    /** The lines that come in; see the class comment for demand and completion. */
    Flux<Line> lines();

    /** Sends one frame, with its newline. */
    Sending send(Frame frame);

    /** Bytes in the outbox. */
    long pending();

    /** Sends what is in the outbox, for a few seconds at most, and closes. Idempotent. */
    void close();

    /** Closes at once and forgets the outbox. Idempotent. */
    void abort();

    /** Why the link ended, once it has. Replays to late subscribers. */
    Mono<Closed> closed();
}
