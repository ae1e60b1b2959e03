package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who is subscribed to which resource. A session counts from the moment its subscribe is queued, so that another's
 * leaving in between does not unsubscribe the child under it.
 */
final class Subscriptions {
    /** By URI, who is subscribed to it, and whether the child has confirmed that. */
    private final Map<String, Map<Session, Boolean>> sessions = new LinkedHashMap<>();
    private final int bound;
    private final Consumer<String> unsubscribeChild;

    /**
     * @param bound URIs one session may be subscribed to
     * @param unsubscribeChild tells the child that nobody is left for a URI
     */
    Subscriptions(int bound, Consumer<String> unsubscribeChild) {
        this.bound = bound;
        this.unsubscribeChild = unsubscribeChild;
    }

    /** Each subscribe is forwarded, so that the child's errors show. */
    RequestRule subscribing() {
        return new RequestRule() {
            @Override
            public Verdict onRequest(Session session, Message.Request request) {
                Optional<String> uri = uri(request);
                if (uri.isPresent() && isFull(session, uri.get())) {
                    return new Verdict.Refuse(Fault.plain(
                            ErrorCode.INVALID_REQUEST,
                            "This client has " + bound + " subscriptions already; give one up first."));
                }
                uri.ifPresent(u -> sessions.computeIfAbsent(u, any -> new LinkedHashMap<>()).putIfAbsent(session, false));
                return Verdict.FORWARD;
            }

            @Override
            public Frame onResponse(Call call, Message.Response response) {
                if (response.error().isPresent()) {
                    dropUnconfirmed(call);
                } else if (isSubscribed(call)) {
                    sessions.get(call.target).put(call.session, true);
                } else if (call.session.presence == Session.Presence.GONE && !sessions.containsKey(call.target)) {
                    unsubscribeChild.accept(call.target);
                }
                return response.frame();
            }

            @Override
            public void onLost(Call call) {
                dropUnconfirmed(call);
            }

            /** A subscribe that came to nothing takes nothing away from an earlier one that succeeded. */
            private void dropUnconfirmed(Call call) {
                if (isSubscribed(call) && !sessions.get(call.target).get(call.session)) {
                    drop(call.target, call.session);
                }
            }

            private boolean isSubscribed(Call call) {
                return sessions.getOrDefault(call.target, Map.of()).containsKey(call.session);
            }
        };
    }

    /** An unsubscribe reaches the child only when the last session leaves a URI. */
    RequestRule unsubscribing() {
        return new RequestRule() {
            @Override
            public Verdict onRequest(Session session, Message.Request request) {
                uri(request).ifPresent(uri -> drop(uri, session));
                return uri(request).map(this::verdict).orElse(Verdict.FORWARD);
            }

            @Override
            public Verdict onTurn(Call call) {
                return verdict(call.target);
            }

            private Verdict verdict(String uri) {
                return sessions.containsKey(uri) ? new Verdict.Answer(Json.EMPTY_OBJECT) : Verdict.FORWARD;
            }
        };
    }

    private boolean isFull(Session session, String uri) {
        long held = sessions.values().stream().filter(who -> who.containsKey(session)).count();
        return held >= bound && !sessions.getOrDefault(uri, Map.of()).containsKey(session);
    }

    private static Optional<String> uri(Message.Request request) {
        return request.params().flatMap(p -> p.get("uri")).flatMap(JsonValue::text);
    }

    private void drop(String uri, Session session) {
        Map<Session, Boolean> subscribed = sessions.get(uri);
        if (subscribed != null) {
            subscribed.remove(session);
            if (subscribed.isEmpty()) {
                sessions.remove(uri);
            }
        }
    }

    /** A session has left: URIs that nobody else wants are given up. */
    void onLeft(Session session) {
        for (String uri : List.copyOf(sessions.keySet())) {
            if (sessions.get(uri).containsKey(session)) {
                drop(uri, session);
                if (!sessions.containsKey(uri)) {
                    unsubscribeChild.accept(uri);
                }
            }
        }
    }

    /** Those subscribed to the URI, else those subscribed to a prefix of it. */
    List<Session> interested(String uri) {
        Map<Session, Boolean> exact = sessions.get(uri);
        if (exact != null) {
            return List.copyOf(exact.keySet());
        }
        Set<Session> byPrefix = new LinkedHashSet<>();
        sessions.forEach((subscribed, who) -> {
            if (uri.startsWith(subscribed)) {
                byPrefix.addAll(who.keySet());
            }
        });
        return new ArrayList<>(byPrefix);
    }

    /** Every URI somebody is subscribed to, for a new child; in the order they came. */
    List<String> uris() {
        return List.copyOf(sessions.keySet());
    }
}
