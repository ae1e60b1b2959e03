package dev.mpx.proxy.mux;

import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The calls on the child, by the ids it knows them under: as many at once as the server is good for. */
final class Window {
    private final int size;
    private final UpstreamIds ids;
    private final Map<RpcId, Call> calls = new LinkedHashMap<>();
    /**
     * Abandoned calls that have no place any more, and when they are forgotten. A server that was told of a cancellation
     * need not answer (MCP, "Cancellation"), but whoever runs there unanswered may still ask its client something.
     */
    private final Map<RpcId, Call> ghosts;

    Window(int size, int ghosts, UpstreamIds ids) {
        this.ghosts = new Remembered<>(ghosts);
        this.size = size;
        this.ids = ids;
    }

    /** @param taken places that are taken by something else than calls */
    boolean hasRoom(int taken) {
        return calls.size() + taken < size;
    }

    int size() {
        return calls.size();
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Gives the call a place and the id under which the child will know it. */
    void enter(Call call) {
        call.upstreamId = ids.next();
        calls.put(call.upstreamId, call);
    }

    /** The call that was under this id; its place is free. */
    Optional<Call> leave(RpcId upstreamId) {
        return Optional.ofNullable(calls.remove(upstreamId));
    }

    void leave(Call call) {
        calls.remove(call.upstreamId);
    }

    /** The child goes on without answering an abandoned call: it needs no place. */
    void vacate(Call call, long forgetAt) {
        leave(call);
        call.forgetAt = forgetAt;
        ghosts.put(call.upstreamId, call);
    }

    /** Whether this is a late answer to an abandoned call without a place. */
    boolean wasVacated(RpcId upstreamId) {
        return ghosts.remove(upstreamId) != null;
    }

    boolean holds(Call call) {
        return calls.get(call.upstreamId) == call;
    }

    /** All of them, oldest first; every place is free. */
    List<Call> empty() {
        List<Call> all = all();
        calls.clear();
        ghosts.clear();
        return all;
    }

    /** All of them, oldest first. */
    List<Call> all() {
        return new ArrayList<>(calls.values());
    }

    /**
     * The sessions that may be the cause of what the child asks now: those with a call on it, abandoned ones and
     * those of departed sessions included, until it has answered them or they are forgotten.
     */
    Set<Session> sessions(long now) {
        ghosts.values().removeIf(call -> now >= call.forgetAt);
        return Stream.concat(calls.values().stream(), ghosts.values().stream())
                .map(call -> call.session)
                .collect(Collectors.toSet());
    }
}
