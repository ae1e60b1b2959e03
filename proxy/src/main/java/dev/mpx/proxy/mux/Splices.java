package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.util.Optional;

/** The messages of others with mpx's ids in the place of theirs, and the other way round; nothing else is touched. */
final class Splices {
    private Splices() {}

    /** A client's request as the child gets it: its id, and its progress token if it has one, replaced. */
    static Frame forChild(Message.Request request, Optional<JsonValue> token, RpcId upstreamId) {
        byte[] json = upstreamId.json();
        return token.isEmpty()
                ? Splicer.replaced(request.frame(), request.idValue(), json)
                : new Splicer(request.frame()).replace(request.idValue(), json).replace(token.get(), json).splice();
    }

    /**
     * A response under another id.
     *
     * @param frame the response, or what a rule has spliced from it
     * @param response as it came
     */
    static Frame withId(Frame frame, Message.Response response, RpcId id) {
        // in a spliced frame the id stands elsewhere
        Message.Response now =
                frame == response.frame() ? response : (Message.Response) Message.read(frame.contiguous());
        return Splicer.replaced(now.frame(), now.idValue(), id.json());
    }

    /** Tells the child that a call is cancelled: in its client's own words, if it has said any. */
    static Frame cancelled(RpcId upstreamId, Optional<Message.Notification> notification, String reason) {
        Optional<JsonValue> requestId =
                notification.flatMap(Message.Notification::params).flatMap(p -> p.get(Methods.REQUEST_ID));
        return requestId
                .map(id -> new Splicer(notification.get().frame()).replace(id, upstreamId.json()).splice())
                .orElseGet(() -> Notices.cancelled(upstreamId, reason));
    }
}
