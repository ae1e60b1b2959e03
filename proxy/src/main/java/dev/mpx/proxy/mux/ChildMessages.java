package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with each line of the child: PROTOCOL.md, "Server to client". What is not a message is counted and logged. */
final class ChildMessages {
    private static final Logger LOG = LoggerFactory.getLogger(ChildMessages.class);
    private static final int LOGGED_BYTES = 200;
    /** A child that babbles must not fill the log: of its unreadable lines, these many are logged and then one in as many. */
    private static final int LOGGED_LINES = 100;

    private final Calls calls;
    private final ChildRequests requests;
    private final ChildNotifications notifications;
    private final Counters counters;

    ChildMessages(Calls calls, ChildRequests requests, ChildNotifications notifications, Counters counters) {
        this.calls = calls;
        this.requests = requests;
        this.notifications = notifications;
        this.counters = counters;
    }

    void onMessage(Message message) {
        if (message instanceof Message.Response response) {
            calls.onResponse(response);
        } else if (message instanceof Message.Notification notification) {
            notifications.onNotification(notification);
        } else if (message instanceof Message.Request request) {
            requests.onRequest(request);
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                Message inner = Message.read(element);
                if (inner instanceof Message.Batch) {
                    onUnreadable(element, "a batch in a batch");
                } else {
                    onMessage(inner);
                }
            }
        } else if (message instanceof Message.Malformed malformed) {
            onUnreadable(malformed.frame(), malformed.reason());
            if (malformed.response()) {
                malformed.id().ifPresent(id -> calls.onResponseUnreadable(id, malformed.reason()));
            }
        }
    }

    private void onUnreadable(Frame line, String why) {
        counters.count(Counter.CHILD_LINES_UNREADABLE);
        long count = counters.get(Counter.CHILD_LINES_UNREADABLE);
        if (count <= LOGGED_LINES || count % LOGGED_LINES == 0) {
            LOG.warn("line {} of the server that is no message ({}): {}", count, why, line.excerpt(LOGGED_BYTES));
        }
    }

    void onTooLong(OversizedLine line) {
        counters.count(Counter.CHILD_LINES_TOO_LONG);
        LOG.warn("the server sent a line of {} bytes, over the line limit; it was dropped", line.length());
        line.id().ifPresent(id -> {
            if (line.hasMethod()) {
                requests.onTooLong(id, line.length());
            } else {
                calls.onResponseTooLong(id, line.length());
            }
        });
    }
}
