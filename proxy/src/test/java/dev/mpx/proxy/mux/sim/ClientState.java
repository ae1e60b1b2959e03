package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.RpcId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the oracle knows of a session, from what was read from it and sent to it. */
final class ClientState {
    enum Phase {
        NEW,
        INITIALIZING,
        OPEN
    }

    record Knock(RpcId id, String revision) {}

    Phase phase = Phase.NEW;
    Optional<Knock> knock = Optional.empty();
    String revision = "";
    boolean initialized;
    boolean gone;
    int level = Levels.UNASKED;
    boolean choseLevel;

    /** Requests that have become calls and are not answered or taken back. */
    final Map<RpcId, Ask> inFlight = new LinkedHashMap<>();

    /** How many calls of each other session went to the child while this one's next call waited. */
    final Map<SimClient, Integer> overtakenBy = new HashMap<>();

    /** URIs it is subscribed to by the child's own word. */
    final Set<String> subscribed = new HashSet<>();

    /** URIs it may be subscribed to: asked, and perhaps answered, perhaps taken back on the way. */
    final Set<String> maybeSubscribed = new HashSet<>();

    /** URIs of subscribes it took back when the child had them already. */
    final Set<String> leftHanging = new HashSet<>();

    boolean listens() {
        return initialized && !gone;
    }

    boolean waits() {
        return inFlight.values().stream().anyMatch(ask -> ask.state == Ask.State.WAITING && !ask.isRefused());
    }

    long waitingBytes() {
        return inFlight.values().stream()
                .filter(ask -> ask.state == Ask.State.WAITING)
                .mapToLong(Ask::length)
                .sum();
    }
}
