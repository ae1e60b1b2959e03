package dev.mpx.proxy.mux;

import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.mux.SettledCall.Ending;
import java.util.List;
import java.util.Optional;

/**
 * Calls that their clients take back. One that is not on the child is never sent; of one that is, the child is told, and
 * the late answer will be swallowed.
 */
final class Withdrawals {
    private final Calls.Port port;
    private final Window window;
    private final Deadlines deadlines;
    private final ProgressTokens tokens;
    private final Pings pings;
    private final CallRecall recall;
    private final CallEndings endings;
    private final Counters counters;

    Withdrawals(
            Calls.Port port,
            Window window,
            Deadlines deadlines,
            ProgressTokens tokens,
            Pings pings,
            CallRecall recall,
            CallEndings endings,
            Counters counters) {
        this.port = port;
        this.window = window;
        this.deadlines = deadlines;
        this.tokens = tokens;
        this.pings = pings;
        this.recall = recall;
        this.endings = endings;
        this.counters = counters;
    }

    /**
     * A client cancels a request.
     *
     * @param notification in which it says so, if it does
     */
    void cancel(Session session, RpcId id, Optional<Message.Notification> notification, String reason) {
        Call call = session.calls.get(id);
        if (call == null) {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
        } else {
            takeBack(call, notification, reason, Ending.CANCELLED);
        }
    }

    /** A session has left: nobody waits for its calls any more. */
    void cancelAll(Session session) {
        for (Call call : List.copyOf(session.calls.values())) {
            takeBack(call, Optional.empty(), "the client has disconnected", Ending.CLIENT_GONE);
        }
    }

    private void takeBack(Call call, Optional<Message.Notification> notification, String reason, Ending ending) {
        Optional<Message.Request> request = call.request;
        call.session.calls.remove(call.id);
        if (recall.takesOut(call)) {
            call.rule.onLost(call);
            call.state = Call.State.DONE;
            endings.release(call);
        } else {
            call.state = Call.State.ABANDONED;
            endings.release(call);
            tellChild(call, notification, reason);
        }
        endings.takenBack(call, request, ending);
    }

    private void tellChild(Call call, Optional<Message.Notification> notification, String reason) {
        // a client may leave in the moment in which it is told that its child is gone
        if (window.holds(call)) {
            port.send(Splices.cancelled(call.upstreamId, notification, reason));
            pings.after(call);
        }
    }

    /** The child goes on without having answered these; they hold nobody up any more. */
    void onPong(List<Call> cancelled) {
        deadlines.onPong();
        for (Call call : cancelled) {
            if (window.holds(call)) {
                window.vacate(call, deadlines.forgetAt());
                tokens.release(call.upstreamId);
                call.rule.onLost(call);
            }
        }
    }
}
