package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.LineReader;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import java.util.Optional;

/** What is done with each line of a client: PROTOCOL.md, "Client to server", up to the point where it is a request. */
final class ClientMessages {
    private final ClientRequests requests;
    private final ClientNotifications notifications;
    private final ServerRequests serverRequests;
    private final Counters counters;
    private final LineReader reader = new LineReader();

    ClientMessages(
            ClientRequests requests,
            ClientNotifications notifications,
            ServerRequests serverRequests,
            Counters counters) {
        this.requests = requests;
        this.notifications = notifications;
        this.serverRequests = serverRequests;
        this.counters = counters;
    }

    void onLine(Session session, Line line) {
        if (line instanceof OversizedLine oversized) {
            onTooLong(session, oversized);
        } else if (line instanceof Frame frame) {
            Message message = reader.read(frame);
            if (message instanceof Message.Batch batch) {
                onBatch(session, batch);
            } else {
                onMessage(session, message, session);
            }
        }
    }

    private void onMessage(Session session, Message message, ReplyTo replyTo) {
        if (message instanceof Message.Request request) {
            requests.onRequest(session, request, replyTo);
        } else if (message instanceof Message.Notification notification) {
            notifications.onNotification(session, notification);
        } else if (message instanceof Message.Response response) {
            serverRequests.onAnswer(session, response);
        } else if (message instanceof Message.Malformed malformed) {
            counters.count(Counter.CLIENT_LINES_UNREADABLE);
            replyTo.reply(onUnreadable(session, malformed));
        } else {
            replyTo.reply(invalid("A batch may not hold a batch."));
        }
    }

    /** The id of what looks like a response is mpx's own, so the client is not answered under it. */
    private Frame onUnreadable(Session session, Message.Malformed malformed) {
        if (malformed.response()) {
            malformed.id().ifPresent(id -> serverRequests.onUnreadableAnswer(session, id, malformed.reason()));
        }
        return Fault.plain(malformed.code(), malformed.reason())
                .answer(malformed.response() ? Optional.empty() : malformed.id());
    }

    private void onTooLong(Session session, OversizedLine line) {
        counters.count(Counter.CLIENT_LINES_TOO_LONG);
        String what = "The message was " + line.length() + " bytes long, over mpx's line limit";
        if (line.hasMethod() || line.id().isEmpty()) {
            session.send(Fault.unsent(
                            Fault.TOO_LONG,
                            "line-limit",
                            what + "; nothing of it was sent. Send less at a time, or raise the limit.")
                    .answer(line.id()));
        } else {
            serverRequests.onUnreadableAnswer(session, line.id().get(), what + "; the client's answer was dropped.");
        }
    }

    private void onBatch(Session session, Message.Batch lines) {
        if (session.phase != Session.Phase.OPEN || !session.revision.equals(Revisions.BATCHING)) {
            counters.count(Counter.CLIENT_LINES_UNREADABLE);
            session.send(invalid("Batches are part of revision " + Revisions.BATCHING
                    + " alone; this session has not agreed on that revision."));
            return;
        }
        Batch batch = new Batch(session::send);
        for (Frame element : lines.elements()) {
            Message message = reader.read(element);
            boolean expectsReply = message instanceof Message.Request
                    || message instanceof Message.Malformed
                    || message instanceof Message.Batch;
            onMessage(session, message, expectsReply ? batch.slot() : session);
        }
        batch.complete();
    }

    private static Frame invalid(String reason) {
        return Fault.plain(ErrorCode.INVALID_REQUEST, reason).answer(Optional.empty());
    }
}
