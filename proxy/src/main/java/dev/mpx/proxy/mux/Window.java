package dev.mpx.proxy.mux;

import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The calls on the child, by the ids it knows them under: as many at once as the server is good for. */
final class Window {
    private final int size;
    private final UpstreamIds ids;
    private final Map<Long, Call> calls = new LinkedHashMap<>();

    Window(int size, UpstreamIds ids) {
        this.size = size;
        this.ids = ids;
    }

    boolean hasRoom() {
        return calls.size() < size;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    /** Whether the child can work on more than one call, so that it may answer a ping beside them. */
    boolean isWide() {
        return size > 1;
    }

    /** Gives the call a place and the id under which the child will know it. */
    void enter(Call call) {
        call.upstreamId = ids.next();
        calls.put(call.upstreamId, call);
    }

    /** The call that was under this id; its place is free. */
    Optional<Call> leave(RpcId upstreamId) {
        return upstreamId.number().map(calls::remove);
    }

    void leave(Call call) {
        calls.remove(call.upstreamId);
    }

    boolean holds(Call call) {
        return calls.get(call.upstreamId) == call;
    }

    /** All of them, oldest first; every place is free. */
    List<Call> empty() {
        List<Call> all = all();
        calls.clear();
        return all;
    }

    /** All of them, oldest first. */
    List<Call> all() {
        return new ArrayList<>(calls.values());
    }

    /**
     * The sessions that may be the cause of what the child asks now: those with a call on it, abandoned ones and
     * those of departed sessions included, until it has answered them.
     */
    Set<Session> sessions() {
        return calls.values().stream().map(call -> call.session).collect(Collectors.toSet());
    }
}
