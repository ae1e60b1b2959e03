package dev.mpx.proxy.mux;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The sessions that have calls waiting, served round robin: an agent that fires two hundred calls delays another's
 * single call by one call. The calls themselves wait in their sessions.
 */
final class FairQueue {
    private final ArrayDeque<Session> turn = new ArrayDeque<>();
    private int size;

    void add(Call call) {
        admit(call);
        call.session.queue.addLast(call);
    }

    /** Puts a call back before all others of its session. */
    void addFirst(Call call) {
        admit(call);
        call.session.queue.addFirst(call);
    }

    private void admit(Call call) {
        Session session = call.session;
        if (session.queue.isEmpty()) {
            turn.addLast(session);
        }
        session.queuedBytes += call.length;
        size++;
    }

    /** The next call of the next session that may be served. */
    Optional<Call> poll(Predicate<Session> mayBeServed) {
        for (Iterator<Session> sessions = turn.iterator(); sessions.hasNext(); ) {
            Session session = sessions.next();
            if (mayBeServed.test(session)) {
                sessions.remove();
                Call call = session.queue.pollFirst();
                discharge(call);
                if (!session.queue.isEmpty()) {
                    turn.addLast(session);
                }
                return Optional.of(call);
            }
        }
        return Optional.empty();
    }

    void remove(Call call) {
        Session session = call.session;
        if (session.queue.remove(call)) {
            discharge(call);
            if (session.queue.isEmpty()) {
                turn.remove(session);
            }
        }
    }

    private void discharge(Call call) {
        call.session.queuedBytes -= call.length;
        size--;
    }

    int size() {
        return size;
    }
}
