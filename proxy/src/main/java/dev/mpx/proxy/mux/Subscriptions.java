package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.HashSet;
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
    /** One session's subscription to one URI. */
    private static final class Hold {
        /** Subscribes that have not come back. */
        private final Set<RpcId> asking = new HashSet<>();
        /** Whether one came back well. */
        private boolean confirmed;
    }

    /** They are kept for as long as the session lives, a thousand a session, and count in no budget. */
    private static final int LONGEST_URI = 8192;

    private final Map<String, Map<Session, Hold>> holds = new LinkedHashMap<>();
    /** URIs that this child may be subscribed to. */
    private final Set<String> childs = new HashSet<>();
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
                if (uri.filter(u -> u.length() > LONGEST_URI).isPresent()) {
                    return new Verdict.Refuse(Fault.plain(
                            ErrorCode.INVALID_PARAMS, "A uri to subscribe to must not be longer than " + LONGEST_URI + " characters."));
                }
                if (uri.isPresent() && isFull(session, uri.get())) {
                    return new Verdict.Refuse(Fault.plain(
                            ErrorCode.INVALID_REQUEST,
                            "This client has " + bound + " subscriptions already; give one up first."));
                }
                uri.ifPresent(u -> holds.computeIfAbsent(u, any -> new LinkedHashMap<>())
                        .computeIfAbsent(session, s -> new Hold())
                        .asking
                        .add(request.id()));
                return Verdict.FORWARD;
            }

            @Override
            public Frame onResponse(Call call, Message.Response response) {
                if (response.error().isPresent()) {
                    cameToNothing(call);
                    return response.frame();
                }
                childs.add(call.target);
                hold(call).filter(h -> h.asking.remove(call.id)).ifPresent(h -> h.confirmed = true);
                cameBack(call);
                return response.frame();
            }

            @Override
            public void onLost(Call call) {
                if (call.state != Call.State.QUEUED) {
                    childs.add(call.target);
                }
                cameToNothing(call);
            }

            /** A subscribe that failed takes nothing away from another one of its session. */
            private void cameToNothing(Call call) {
                Optional<Hold> hold = hold(call).filter(h -> h.asking.remove(call.id));
                if (hold.filter(h -> h.asking.isEmpty() && !h.confirmed).isPresent()) {
                    drop(call.target, call.session);
                }
                cameBack(call);
            }

            /** Its session may have left, or given the URI up, while it was on the child. */
            private void cameBack(Call call) {
                if (!unsubscribeIsQueued(call)) {
                    giveUpUnwanted(call.target);
                }
            }
        };
    }

    private Optional<Hold> hold(Call call) {
        return Optional.ofNullable(holds.getOrDefault(call.target, Map.of()).get(call.session));
    }

    private static boolean unsubscribeIsQueued(Call subscribe) {
        return subscribe.session.queue.stream()
                .anyMatch(call -> call.method.equals(Methods.UNSUBSCRIBE) && call.target.equals(subscribe.target));
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
                Verdict verdict = verdict(call.target);
                if (verdict == Verdict.FORWARD) {
                    childs.remove(call.target);
                }
                return verdict;
            }

            private Verdict verdict(String uri) {
                return holds.containsKey(uri) ? new Verdict.Answer(Json.EMPTY_OBJECT) : Verdict.FORWARD;
            }

            /** It was never sent, or its answer is not known: nobody wants the URI all the same. */
            @Override
            public void onLost(Call call) {
                if (call.state != Call.State.QUEUED) {
                    childs.add(call.target);
                }
                giveUpUnwanted(call.target);
            }
        };
    }

    private boolean isFull(Session session, String uri) {
        long held = holds.values().stream().filter(who -> who.containsKey(session)).count();
        return held >= bound && !holds.getOrDefault(uri, Map.of()).containsKey(session);
    }

    private static Optional<String> uri(Message.Request request) {
        return request.params().flatMap(p -> p.get("uri")).flatMap(JsonValue::text);
    }

    private void drop(String uri, Session session) {
        Map<Session, Hold> who = holds.get(uri);
        if (who != null) {
            who.remove(session);
            if (who.isEmpty()) {
                holds.remove(uri);
            }
        }
    }

    private void giveUpUnwanted(String uri) {
        if (!holds.containsKey(uri) && childs.remove(uri)) {
            unsubscribeChild.accept(uri);
        }
    }

    /** A session has left: URIs that nobody else wants are given up. */
    void onLeft(Session session) {
        for (String uri : List.copyOf(holds.keySet())) {
            if (holds.get(uri).containsKey(session)) {
                drop(uri, session);
                giveUpUnwanted(uri);
            }
        }
    }

    /** Those subscribed to the URI, else those subscribed to a prefix of it. */
    List<Session> interested(String uri) {
        Map<Session, Hold> exact = holds.get(uri);
        if (exact != null) {
            return List.copyOf(exact.keySet());
        }
        Set<Session> byPrefix = new LinkedHashSet<>();
        holds.forEach((subscribed, who) -> {
            if (uri.startsWith(subscribed)) {
                byPrefix.addAll(who.keySet());
            }
        });
        return new ArrayList<>(byPrefix);
    }

    /**
     * A new child is there. What is still being asked for reaches it by itself.
     *
     * @return every URI it must be subscribed to again, in the order they came
     */
    List<String> onNewChild() {
        childs.clear();
        holds.forEach((uri, who) -> {
            if (who.values().stream().anyMatch(hold -> hold.confirmed)) {
                childs.add(uri);
            }
        });
        return holds.keySet().stream().filter(childs::contains).toList();
    }

    /** URIs that somebody is subscribed to. */
    int size() {
        return holds.size();
    }
}
