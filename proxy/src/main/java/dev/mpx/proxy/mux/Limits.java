package dev.mpx.proxy.mux;

import java.time.Duration;

/**
 * The multiplexer's bounds.
 *
 * @param queuedCalls calls one session may have waiting or running; the next is refused with -32013
 * @param freelyQueuedBytes a session with fewer bytes queued is always read on
 * @param queuedBytes a session with more bytes queued is not read on
 * @param serverRequests requests of the child that may wait for clients at once
 * @param remembered entries in each book kept for others' sake (tasks, elicitations), subscriptions of one session, and
 *     unanswered requests of mpx's own
 * @param linger how long a session whose client has ended its stream still gets answers (the shim's own patience)
 * @param stop how long the child may take to finish after its input ended, before SIGTERM
 * @param kill how long it may take after SIGTERM, before SIGKILL
 */
public record Limits(
        int queuedCalls,
        long freelyQueuedBytes,
        long queuedBytes,
        int serverRequests,
        int remembered,
        Duration linger,
        Duration stop,
        Duration kill) {

    /** The shipped bounds. */
    public static final Limits DEFAULT = new Limits(
            256,
            1 << 20,
            16 << 20,
            256,
            1024,
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3));

    public Limits withQueuedCalls(int most) {
        return new Limits(most, freelyQueuedBytes, queuedBytes, serverRequests, remembered, linger, stop, kill);
    }
}
