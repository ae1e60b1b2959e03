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
    /** Whose call was taken last; null before the first. */
    private Session served;
    private int size;

    void add(Call call) {
        if (call.session.queue.isEmpty()) {
            join(call.session);
        }
        call.session.queue.addLast(call);
        charge(call);
    }

    /** A newcomer goes before the one that was served just now, which else would be served twice before it. */
    private void join(Session session) {
        boolean overtakes = !turn.isEmpty() && turn.peekLast() == served;
        if (overtakes) {
            turn.removeLast();
        }
        turn.addLast(session);
        if (overtakes) {
            turn.addLast(served);
        }
    }

    /** Puts a call back before all others, of its session and of any. */
    void addFirst(Call call) {
        turn.remove(call.session);
        turn.addFirst(call.session);
        call.session.queue.addFirst(call);
        charge(call);
    }

    private void charge(Call call) {
        call.session.queuedBytes += call.length;
        size++;
    }

    /** The next call of the next session that may be served; none if it doesn't fit: those behind it don't overtake it. */
    Optional<Call> poll(Predicate<Session> mayBeServed, Predicate<Call> fits) {
        for (Iterator<Session> sessions = turn.iterator(); sessions.hasNext(); ) {
            Session session = sessions.next();
            if (mayBeServed.test(session)) {
                if (!fits.test(session.queue.peekFirst())) {
                    return Optional.empty();
                }
                sessions.remove();
                served = session;
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
