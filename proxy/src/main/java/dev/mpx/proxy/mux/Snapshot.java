package dev.mpx.proxy.mux;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is going on in the multiplexer at one moment; plain values, safe to hand to any thread.
 *
 * @param clients those that use the server, or have not said yet what they want; who has only asked mpx itself for something, as for
 *     this, is none of them
 * @param queued calls that wait for their turn
 * @param longestWait of those: since the oldest came
 * @param latencies by tool, the most used first
 */
public record Snapshot(
        String server,
        List<Client> clients,
        List<Running> running,
        int queued,
        Optional<Duration> longestWait,
        ChildView child,
        Map<Counter, Long> counters,
        long bufferedBytes,
        long bufferLimit,
        Adapted adapted,
        List<Latency> latencies) {
    /** Where nothing was called yet. */
    public Snapshot(
            String server,
            List<Client> clients,
            List<Running> running,
            int queued,
            ChildView child,
            Map<Counter, Long> counters,
            long bufferedBytes,
            long bufferLimit,
            Adapted adapted) {
        this(server, clients, running, queued, Optional.empty(), child, counters, bufferedBytes, bufferLimit, adapted, List.of());
    }

    /**
     * A session.
     *
     * @param name what the client called itself in {@code initialize}; empty before that
     * @param waiting calls that the child has not been given
     * @param open calls not answered
     */
    public record Client(
            long number,
            String name,
            String version,
            String revision,
            Peer peer,
            Optional<Introduction> introduction,
            Duration connectedFor,
            int waiting,
            int open,
            long answered) {}

    /**
     * A call on the child.
     *
     * @param left until its deadline, unless it makes progress; empty if it has none
     * @param abandoned whether nobody waits for it any more
     */
    public record Running(long session, String method, String target, Duration age, Optional<Duration> left, boolean abandoned) {}

    /** How the latest child ended; {@code orderly} if that was as it should be. */
    public record LastEnd(String why, Duration ago, boolean orderly) {}

    /**
     * The child: {@code state} is a word of DESIGN.md.
     *
     * @param failure why the latest attempt to start it failed; empty once one has succeeded
     * @param lastEnd of the child before; empty if this is the first
     * @param retryIn until the next start, where that has to wait
     * @param leaves whether it is being ended as it should be: replaced, lent, or sent home
     */
    public record ChildView(
            String state,
            OptionalLong pid,
            String name,
            String version,
            String revision,
            Optional<Duration> readyFor,
            long restarts,
            Optional<String> failure,
            Optional<LastEnd> lastEnd,
            Optional<Duration> retryIn,
            boolean leaves) {}

    /**
     * What clients and the server see otherwise than it was said.
     *
     * @param flatSchemas whether tool schemas with a combinator at their root are replaced by flat ones
     * @param schemas the tools of which that is so
     */
    public record Adapted(boolean flatSchemas, List<String> schemas, List<Poll> polls) {
        static Adapted of(ServerTraits traits, ToolLists lists, LongPolls polls) {
            return new Adapted(
                    traits.flatSchemas(),
                    lists.flattened(),
                    lists.polls().stream()
                            .map(tool -> new Poll(tool, traits.polls().get(tool).most(), polls.capped(tool)))
                            .toList());
        }
    }

    /** A long poll of the server's: how long it may wait, and how many calls asked for more. */
    public record Poll(String tool, Duration most, long capped) {}

    /**
     * How long the calls of a tool took that clients waited for to the end, since the daemon's start; within 1 %.
     *
     * @param tool or the method, where that is not {@code tools/call}; {@code (others)} for those too many to tell apart
     * @param calls how many those are
     * @param p50 from the call's arrival to its answer, like {@code p99} and {@code max}
     * @param failed how many were answered with an error
     * @param childP50 from the hand-over to the server, like {@code childP99}
     */
    public record Latency(
            String tool, long calls, Duration p50, Duration p99, Duration max, long failed, Duration childP50, Duration childP99) {}

    static Snapshot of(
            long now,
            ServerTraits traits,
            Iterable<Session> sessions,
            Calls calls,
            Child child,
            Counters counters,
            ByteBudget budget,
            Adapted adapted,
            List<Latency> latencies) {
        List<Client> clients = new ArrayList<>();
        for (Session session : sessions) {
            if (session.wantsMpxAlone()) {
                continue;
            }
            clients.add(new Client(
                    session.number,
                    session.clientName(),
                    session.clientVersion(),
                    session.phase == Session.Phase.OPEN ? session.revision : "",
                    session.link.peer(),
                    session.introduction,
                    Duration.ofMillis(now - session.since),
                    session.queue.size(),
                    session.calls.size(),
                    session.answered));
        }
        List<Running> running = calls.open().running().stream()
                .map(call -> new Running(
                        call.session.number,
                        call.method,
                        call.target,
                        Duration.ofMillis(now - call.sentAt),
                        calls.deadlines().left(call),
                        call.state == Call.State.ABANDONED))
                .toList();
        return new Snapshot(
                traits.name(),
                List.copyOf(clients),
                running,
                calls.open().queued(),
                calls.open().longestWait(),
                view(child),
                counters.snapshot(),
                budget.held(),
                budget.limit(),
                adapted,
                latencies);
    }

    private static ChildView view(Child child) {
        Optional<Handshake> handshake = child.handshake();
        return new ChildView(
                child.lifeState().word(),
                child.state().map(state -> OptionalLong.of(state.pid())).orElse(OptionalLong.empty()),
                handshake.map(Handshake::serverName).orElse(""),
                handshake.map(Handshake::serverVersion).orElse(""),
                handshake.map(Handshake::revision).orElse(""),
                child.readyFor(),
                child.restarts(),
                child.startFailure(),
                child.lastEnd(),
                child.retryIn(),
                child.leaves());
    }
}
