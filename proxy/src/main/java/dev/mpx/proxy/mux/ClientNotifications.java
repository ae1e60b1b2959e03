package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.Optional;

/** What is done with each notification of a client. */
final class ClientNotifications {
    /**
     * A child that has more than this to read, in bytes, is sent no notifications: nothing else keeps a client that
     * pours them out from filling the outbox that all share, and a full one is the end of the child.
     */
    private static final long MOST_PENDING = 1 << 20;

    private final Calls calls;
    private final Child child;
    private final ServerRequests serverRequests;
    private final ClientTasks clientTasks;
    private final Counters counters;

    ClientNotifications(
            Calls calls, Child child, ServerRequests serverRequests, ClientTasks clientTasks, Counters counters) {
        this.calls = calls;
        this.child = child;
        this.serverRequests = serverRequests;
        this.clientTasks = clientTasks;
        this.counters = counters;
    }

    void onNotification(Session session, Message.Notification notification) {
        switch (notification.method()) {
            case Methods.INITIALIZED -> session.initialized |= session.phase != Session.Phase.NEW;
            case Methods.CANCELLED -> onCancelled(session, notification);
            case Methods.PROGRESS -> {
                Optional<JsonValue> token = notification.params().flatMap(p -> p.get(Methods.PROGRESS_TOKEN));
                pass(token.filter(t -> serverRequests.hasToken(session, t)).map(t -> notification.frame()));
            }
            case Methods.ROOTS_CHANGED -> pass(
                    Optional.of(notification.frame()).filter(f -> child.greeting().declares("roots")));
            case Methods.TASK_STATUS -> pass(clientTasks.onStatus(session, notification));
            default -> pass(Optional.of(notification.frame()).filter(f -> session.initialized));
        }
    }

    private void onCancelled(Session session, Message.Notification notification) {
        Optional<RpcId> requestId =
                notification.params().flatMap(p -> p.get(Methods.REQUEST_ID)).flatMap(RpcId::of);
        if (requestId.isPresent()) {
            calls.cancel(session, requestId.get(), Optional.of(notification), "");
        } else {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
        }
    }

    private void pass(Optional<Frame> frame) {
        if (frame.isPresent() && child.ready() && child.pending() <= MOST_PENDING) {
            child.send(frame.get());
        } else {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
        }
    }
}
