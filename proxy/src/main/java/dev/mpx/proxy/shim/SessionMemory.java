package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a session needs to outlive its daemon: which requests are unanswered in either direction, and the lines that
 * make another daemon's session like the one before. Reads along and changes nothing. Thread-safe: each direction has
 * its own thread.
 */
final class SessionMemory {
    /** All ids together, and all lines together, in bytes; what is past it is not remembered. */
    private static final int MOST_BYTES = 1 << 20;

    /** The error of a daemon that takes nothing more. */
    private static final long DAEMON_LEAVING = -32016;

    private final Map<RpcId, Asked> asked = new LinkedHashMap<>();
    private final Set<RpcId> askedByServer = new LinkedHashSet<>();
    private int idBytes;

    private Optional<Message.Request> initialize = Optional.empty();
    private boolean welcomed;
    private Optional<Frame> initialized = Optional.empty();
    private Optional<Message.Request> level = Optional.empty();
    private final Map<String, Message.Request> subscriptions = new LinkedHashMap<>();

    private final Set<RpcId> unheard = new HashSet<>();
    private long restored;

    /** A line of the agent's that is about to go out. @return the requests in it; to be marked when they are sent */
    synchronized List<Asked> asking(Line line) {
        List<Asked> requests = new ArrayList<>(1);
        if (line instanceof OversizedLine oversized) {
            if (oversized.hasMethod() && oversized.id().isPresent()) {
                add(new Asked(oversized.id().get(), Asked.Purpose.ANYTHING, ""), requests);
            }
        } else {
            asking(Message.read((Frame) line), requests);
        }
        return requests;
    }

    private void asking(Message message, List<Asked> requests) {
        if (message instanceof Message.Request request) {
            add(remember(request), requests);
        } else if (message instanceof Message.Notification notification) {
            said(notification);
        } else if (message instanceof Message.Response response) {
            forget(askedByServer, response.id());
        } else if (message instanceof Message.Malformed malformed) {
            // It will be answered all the same.
            if (malformed.id().isPresent() && !malformed.response()) {
                add(new Asked(malformed.id().get(), Asked.Purpose.ANYTHING, ""), requests);
            }
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                asking(Message.read(element), requests);
            }
        }
    }

    private void add(Asked request, List<Asked> requests) {
        if (idBytes + request.id.json().length <= MOST_BYTES && asked.putIfAbsent(request.id, request) == null) {
            idBytes += request.id.json().length;
            requests.add(request);
        }
    }

    private Asked remember(Message.Request request) {
        String method = request.method();
        if (method.equals("initialize") && initialize.isEmpty() && fits(request.frame())) {
            initialize = Optional.of(request);
            return new Asked(request.id(), Asked.Purpose.INITIALIZE, "");
        }
        if (method.equals("logging/setLevel") && fits(request.frame())) {
            level = Optional.of(request);
        } else if (method.equals("resources/subscribe") && fits(request.frame())) {
            String uri = uri(request);
            subscriptions.put(uri, request);
            return new Asked(request.id(), Asked.Purpose.SUBSCRIBE, uri);
        } else if (method.equals("resources/unsubscribe")) {
            subscriptions.remove(uri(request));
        }
        return new Asked(request.id(), Asked.Purpose.ANYTHING, "");
    }

    private static String uri(Message.Request request) {
        return text(request.params(), "uri");
    }

    private static String text(Optional<JsonValue> object, String name) {
        Optional<JsonValue> value = object.isPresent() ? object.get().get(name) : Optional.empty();
        Optional<String> text = value.isPresent() ? value.get().text() : Optional.empty();
        return text.isPresent() ? text.get() : "";
    }

    private boolean fits(Frame line) {
        int bytes = line.length() + length(initialize) + length(level) + (initialized.isPresent() ? initialized.get().length() : 0);
        for (Message.Request subscription : subscriptions.values()) {
            bytes += subscription.frame().length();
        }
        return bytes <= MOST_BYTES;
    }

    private static int length(Optional<Message.Request> request) {
        return request.isPresent() ? request.get().frame().length() : 0;
    }

    private void said(Message.Notification notification) {
        if (notification.method().equals("notifications/initialized") && fits(notification.frame())) {
            initialized = Optional.of(notification.frame());
        } else if (notification.method().equals("notifications/cancelled")) {
            Optional<RpcId> id = cancelled(notification);
            Asked request = id.isPresent() ? asked.get(id.get()) : null;
            // What is cancelled is not answered; but an initialize can't be cancelled.
            if (request != null && request.purpose != Asked.Purpose.INITIALIZE) {
                asked.remove(request.id);
                idBytes -= request.id.json().length;
            }
        }
    }

    private static Optional<RpcId> cancelled(Message.Notification notification) {
        Optional<JsonValue> id = notification.params().isPresent() ? notification.params().get().get("requestId") : Optional.empty();
        return id.isPresent() ? RpcId.of(id.get()) : Optional.empty();
    }

    /** A line of the daemon's. @return whether the agent is to get it: not if it answers what the agent never asked */
    synchronized boolean hears(Line line) {
        if (line instanceof OversizedLine oversized) {
            return oversized.id().isEmpty() || oversized.hasMethod() || answered(oversized.id().get(), Optional.empty());
        }
        return hears(Message.read((Frame) line));
    }

    private boolean hears(Message message) {
        if (message instanceof Message.Response response) {
            return answered(response.id(), response.error());
        }
        if (message instanceof Message.Request request) {
            if (idBytes + request.id().json().length <= MOST_BYTES && askedByServer.add(request.id())) {
                idBytes += request.id().json().length;
            }
        } else if (message instanceof Message.Notification notification) {
            if (notification.method().equals("notifications/cancelled")) {
                Optional<RpcId> id = cancelled(notification);
                if (id.isPresent()) {
                    forget(askedByServer, id.get());
                }
            }
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                hears(Message.read(element));
            }
        }
        return true;
    }

    private boolean answered(RpcId id, Optional<JsonValue> error) {
        if (unheard.remove(id)) {
            return false;
        }
        Asked request = asked.get(id);
        if (request != null && request.purpose == Asked.Purpose.INITIALIZE && isLeaving(error)) {
            return false; // the next daemon will be asked
        }
        asked.remove(id);
        boolean isError = error.isPresent();
        if (request != null) {
            idBytes -= id.json().length;
            if (request.purpose == Asked.Purpose.INITIALIZE) {
                welcomed = !isError;
                initialize = isError ? Optional.empty() : initialize;
            } else if (request.purpose == Asked.Purpose.SUBSCRIBE && isError) {
                subscriptions.remove(request.uri);
            }
        }
        return true;
    }

    private static boolean isLeaving(Optional<JsonValue> error) {
        Optional<JsonValue> code = error.isPresent() ? error.get().get("code") : Optional.empty();
        Optional<Long> number = code.isPresent() ? code.get().integer() : Optional.empty();
        return number.isPresent() && number.get() == DAEMON_LEAVING;
    }

    private void forget(Set<RpcId> ids, RpcId id) {
        if (ids.remove(id)) {
            idBytes -= id.json().length;
        }
    }

    /** The daemon is gone. @return what it still owed the agent, in the order it was asked, but for a handshake */
    synchronized List<Asked> takeUnanswered() {
        List<Asked> lost = new ArrayList<>();
        for (Asked request : asked.values()) {
            if (request.purpose != Asked.Purpose.INITIALIZE) {
                lost.add(request);
                if (request.purpose == Asked.Purpose.SUBSCRIBE) {
                    subscriptions.remove(request.uri);
                }
            }
        }
        for (Asked request : lost) {
            asked.remove(request.id);
            idBytes -= request.id.json().length;
        }
        unheard.clear();
        return lost;
    }

    /** The daemon is gone. @return which of its requests the agent has still not answered */
    synchronized List<RpcId> takeAskedByServer() {
        List<RpcId> open = new ArrayList<>(askedByServer);
        for (RpcId id : open) {
            forget(askedByServer, id);
        }
        return open;
    }

    /** Whoever waits for a handshake will be told that there is none. @return the request's id, if there is such */
    synchronized Optional<RpcId> takeHandshake() {
        if (initialize.isEmpty() || welcomed) {
            return Optional.empty();
        }
        RpcId id = initialize.get().id();
        if (asked.remove(id) != null) {
            idBytes -= id.json().length;
        }
        initialize = Optional.empty();
        return Optional.of(id);
    }

    /** The agent's {@code initialize}, where a daemon has answered it: the next one has to hear it first. */
    synchronized Optional<Message.Request> handshake() {
        return welcomed ? initialize : Optional.empty();
    }

    /**
     * What a new daemon is to be told next, in this order. After {@link #handshake} these are the rest of it, under ids
     * whose answers the agent won't get; else it is the handshake that the agent still waits for.
     */
    synchronized List<Frame> restoration() {
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
}
