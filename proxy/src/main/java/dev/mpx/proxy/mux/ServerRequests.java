package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the child asks of clients and has not been answered. Each request gets an id of mpx's own with a nonce of this
 * daemon in it, so that an answer to an earlier daemon never fits, and is accepted only from the session it was put to.
 */
final class ServerRequests {
    /** What else an answer needs before the child gets it. */
    @FunctionalInterface
    interface AnswerRule {
        AnswerRule NONE = (session, answer) -> answer.frame();

        /** The frame for the child; its id is put back afterwards. */
        Frame onAnswer(Session session, Message.Response answer);
    }

    private record Pending(Session session, RpcId id, RpcId childsId, Optional<RpcId> token, AnswerRule rule) {}

    private final String nonce;
    private final int limit;
    private final Consumer<Frame> toChild;
    private final Counters counters;
    private final Map<RpcId, Pending> pending = new HashMap<>();
    private final Map<RpcId, Pending> byChildsId = new HashMap<>();
    private long count;

    ServerRequests(String nonce, int limit, Consumer<Frame> toChild, Counters counters) {
        this.nonce = nonce;
        this.limit = limit;
        this.toChild = toChild;
        this.counters = counters;
    }

    /** Puts a request of the child to a session. */
    void put(Session session, Message.Request request, AnswerRule rule) {
        if (byChildsId.containsKey(request.id())) {
            refuse(request, ErrorCode.INVALID_REQUEST, "A request with this id is still open.");
            return;
        }
        if (pending.size() >= limit) {
            refuse(request, ErrorCode.INTERNAL_ERROR, "mpx holds " + limit + " open requests to clients already.");
            return;
        }
        RpcId id = RpcId.of("mpx-" + nonce + "-" + ++count);
        Optional<RpcId> token = request.params().flatMap(p -> p.get(Methods.META)).flatMap(ProgressTokens::inMeta).flatMap(RpcId::of);
        Pending entry = new Pending(session, id, request.id(), token, rule);
        pending.put(id, entry);
        byChildsId.put(request.id(), entry);
        session.send(new Splicer(request.frame()).replace(request.idValue(), id.json()).splice());
    }

    /** Answers the child itself, with an error: it is never left without an answer. */
    void refuse(Message.Request request, int code, String message) {
        refuse(request.id(), code, message);
    }

    void refuse(RpcId childsId, int code, String message) {
        counters.count(Counter.SERVER_REQUESTS_REFUSED);
        answerChild(childsId, code, message);
    }

    private void answerChild(RpcId childsId, int code, String message) {
        toChild.accept(Responses.error(Optional.of(childsId), code, message, Optional.empty()));
    }

    /** A session's answer: passed on if that session was asked, else dropped. */
    void onAnswer(Session session, Message.Response answer) {
        Pending entry = pending.get(answer.id());
        if (entry == null || entry.session() != session) {
            counters.count(Counter.CLIENT_ANSWERS_UNKNOWN);
            return;
        }
        forget(entry);
        Frame frame = entry.rule().onAnswer(session, answer);
        toChild.accept(Splices.withId(frame, answer, entry.childsId()));
    }

    /** A session sent something under this id that is not an answer the child could read: the child gets an error for it. */
    void onUnreadableAnswer(Session session, RpcId id, String why) {
        Pending entry = pending.get(id);
        if (entry != null && entry.session() == session) {
            forget(entry);
            answerChild(entry.childsId(), ErrorCode.INTERNAL_ERROR, why);
        }
    }

    /** Whether this session has been asked something under this progress token of the child. */
    boolean hasToken(Session session, JsonValue token) {
        Optional<RpcId> wanted = RpcId.of(token);
        return wanted.isPresent()
                && pending.values().stream().anyMatch(p -> p.session() == session && p.token().equals(wanted));
    }

    /** The child takes a request back: the session that holds it is told. */
    void onCancelled(Message.Notification notification) {
        Optional<JsonValue> requestId = notification.params().flatMap(p -> p.get(Methods.REQUEST_ID));
        Pending entry = requestId.flatMap(RpcId::of).map(byChildsId::get).orElse(null);
        if (entry == null) {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
            return;
        }
        forget(entry);
        entry.session().send(new Splicer(notification.frame())
                .replace(requestId.get(), entry.id().json())
                .splice());
    }

    /** A session has left: the child gets an error for whatever it had been asked. */
    void onLeft(Session session) {
        for (Pending entry : List.copyOf(pending.values())) {
            if (entry.session() == session) {
                forget(entry);
                answerChild(entry.childsId(), ErrorCode.INTERNAL_ERROR, "The client has disconnected.");
            }
        }
    }

    /** The child is gone: nobody needs to answer it any more. */
    void onChildGone() {
        for (Pending entry : List.copyOf(pending.values())) {
            forget(entry);
            entry.session().send(Notices.cancelled(entry.id(), "the server has gone away"));
        }
    }

    private void forget(Pending entry) {
        pending.remove(entry.id());
        byChildsId.remove(entry.childsId());
    }

    int size() {
        return pending.size();
    }
}
