package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The agent's lines that make another daemon's session like the one before. What a daemon refused, or never answered, did
 * not make it and is not among them; but an {@code initialize} is kept until it is answered. Not thread-safe.
 */
final class SessionLines {
    /** All of them together, in bytes, those whose answer is awaited included; what would exceed it is not remembered. */
    private static final int MOST_BYTES = 1 << 20;

    private Optional<Message.Request> initialize = Optional.empty();
    private boolean welcomed;
    private Optional<Frame> initialized = Optional.empty();
    private Optional<Message.Request> level = Optional.empty();
    private final Map<String, Message.Request> subscriptions = new LinkedHashMap<>();
    private int bytes;

    private final Set<RpcId> unheard = new HashSet<>();
    private long restored;

    /** What the request will mean once it is answered. */
    Asked asking(Message.Request request, long readAt) {
        Asked.Purpose purpose = purpose(request.method());
        if (purpose == Asked.Purpose.ANYTHING || !reserve(request.frame())) {
            return new Asked(request.id(), Asked.Purpose.ANYTHING, Optional.empty(), readAt);
        }
        if (purpose == Asked.Purpose.INITIALIZE) {
            initialize = Optional.of(request);
        }
        return new Asked(request.id(), purpose, Optional.of(request), readAt);
    }

    private Asked.Purpose purpose(String method) {
        if (method.equals("initialize") && initialize.isEmpty()) {
            return Asked.Purpose.INITIALIZE;
        } else if (method.equals("logging/setLevel")) {
            return Asked.Purpose.SET_LEVEL;
        } else if (method.equals("resources/subscribe")) {
            return Asked.Purpose.SUBSCRIBE;
        } else if (method.equals("resources/unsubscribe")) {
            return Asked.Purpose.UNSUBSCRIBE;
        }
        return Asked.Purpose.ANYTHING;
    }

    private boolean reserve(Frame line) {
        boolean fits = bytes + line.length() <= MOST_BYTES;
        bytes += fits ? line.length() : 0;
        return fits;
    }

    private void release(Optional<Message.Request> line) {
        bytes -= line.isPresent() ? line.get().frame().length() : 0;
    }

    void said(Message.Notification notification) {
        if (notification.method().equals("notifications/initialized") && initialized.isEmpty() && reserve(notification.frame())) {
            initialized = Optional.of(notification.frame());
        }
    }

    /** A daemon did as it was asked. */
    void succeeded(Asked asked) {
        // No switch: it would be one more class to load before an agent has its first answer.
        if (asked.purpose == Asked.Purpose.INITIALIZE) {
            welcomed = true;
        } else if (asked.purpose == Asked.Purpose.SET_LEVEL) {
            release(level);
            level = asked.request;
        } else if (asked.purpose == Asked.Purpose.SUBSCRIBE) {
            release(Optional.ofNullable(subscriptions.remove(uri(asked))));
            subscriptions.put(uri(asked), asked.request.orElseThrow());
        } else if (asked.purpose == Asked.Purpose.UNSUBSCRIBE) {
            release(Optional.ofNullable(subscriptions.remove(uri(asked))));
            release(asked.request);
        }
    }

    /** No daemon did, or none said so. */
    void failed(Asked asked) {
        release(asked.request);
        if (asked.purpose == Asked.Purpose.INITIALIZE) {
            initialize = Optional.empty();
            welcomed = false;
        }
    }

    private static String uri(Asked asked) {
        Optional<JsonValue> params = asked.request.orElseThrow().params();
        Optional<JsonValue> value = params.isPresent() ? params.get().get("uri") : Optional.empty();
        Optional<String> text = value.isPresent() ? value.get().text() : Optional.empty();
        return text.isPresent() ? text.get() : "";
    }

    /** The agent's {@code initialize}, where a daemon has answered it. */
    Optional<Message.Request> handshake() {
        return welcomed ? initialize : Optional.empty();
    }

    /** What a new daemon is to be told after the {@link #handshake}, or, where there is none yet, the {@code initialize} itself. */
    List<Frame> restoration() {
        List<Frame> lines = new ArrayList<>();
        if (!welcomed) {
            if (initialize.isPresent()) {
                lines.add(initialize.get().frame());
            }
            return lines;
        }
        if (initialized.isPresent()) {
            lines.add(initialized.get());
        }
        if (level.isPresent()) {
            lines.add(again(level.get()));
        }
        for (Message.Request subscription : subscriptions.values()) {
            lines.add(again(subscription));
        }
        return lines;
    }

    private Frame again(Message.Request request) {
        RpcId id = RpcId.of("mpx-again-" + ++restored);
        unheard.add(id);
        return new Splicer(request.frame()).replace(request.idValue(), id.json()).splice();
    }

    /** Whether this answers a line of {@link #restoration}; once for each. */
    boolean isOwn(RpcId answered) {
        return unheard.remove(answered);
    }

    /** No such answer will come any more. */
    void daemonGone() {
        unheard.clear();
    }
}
