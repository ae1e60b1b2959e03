package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The sessions that are here, in the order they came. */
final class Sessions implements Iterable<Session> {
    private final Set<Session> here = new LinkedHashSet<>();
    private long count;

    long nextNumber() {
        return ++count;
    }

    void add(Session session) {
        here.add(session);
    }

    void remove(Session session) {
        here.remove(session);
    }

    /** Whether any of them has asked to initialize. */
    boolean areUsed() {
        return here.stream().anyMatch(session -> session.phase != Session.Phase.NEW);
    }

    int size() {
        return here.size();
    }

    /** A copy, so that sessions may leave while it is gone through. */
    @Override
    public Iterator<Session> iterator() {
        return new ArrayList<>(here).iterator();
    }

    List<Session> listening() {
        return here.stream().filter(Session::listens).toList();
    }

    void broadcast(Frame frame) {
        for (Session session : listening()) {
            session.send(frame);
        }
    }

    /** Every call that some client waits for. */
    Stream<Call> calls() {
        return here.stream().flatMap(session -> session.calls.values().stream());
    }

    /** Bytes waiting for clients to read them. */
    long outgoing() {
        long bytes = 0;
        for (Session session : here) {
            bytes += session.link.pending();
        }
        return bytes;
    }
}
