package dev.mpx.proxy.shim;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a session needs to outlive its daemon: which requests are unanswered in either direction, and what made the
 * session ({@link SessionLines}). Reads along and changes nothing. Thread-safe: each direction has its own thread.
 */
final class SessionMemory {
    /** All ids together, in bytes; what is past it is not remembered. */
    private static final int MOST_BYTES = 1 << 20;

    /** The error of a daemon that takes nothing more. */
    private static final long DAEMON_LEAVING = -32016;

    private final Map<RpcId, Asked> asked = new LinkedHashMap<>();
    private final Set<RpcId> askedByServer = new LinkedHashSet<>();
    private int idBytes;
    private final SessionLines lines = new SessionLines();

    /**
     * A line of the agent's that is about to go out.
     *
     * @param readAt when it was read, by the system's timer
     * @return the requests in it; to be marked when they are sent
     */
    synchronized List<Asked> asking(Line line, long readAt) {
        List<Asked> requests = new ArrayList<>(1);
        if (line instanceof OversizedLine oversized) {
            if (oversized.hasMethod() && oversized.id().isPresent()) {
                addPlain(oversized.id().get(), readAt, requests);
            }
        } else {
            asking(Message.read((Frame) line), readAt, requests);
        }
        return requests;
    }

    private void asking(Message message, long readAt, List<Asked> requests) {
        if (message instanceof Message.Request request) {
            if (isNew(request.id(), requests)) {
                add(lines.asking(request, readAt), requests);
            }
        } else if (message instanceof Message.Notification notification) {
            if (notification.method().equals("notifications/cancelled")) {
                cancelled(notification);
            } else {
                lines.said(notification);
            }
        } else if (message instanceof Message.Response response) {
            forget(askedByServer, response.id());
        } else if (message instanceof Message.Malformed malformed) {
            // It will be answered all the same.
            if (malformed.id().isPresent() && !malformed.response()) {
                addPlain(malformed.id().get(), readAt, requests);
            }
        } else if (message instanceof Message.Batch batch) {
            for (Frame element : batch.elements()) {
                asking(Message.read(element), readAt, requests);
            }
        }
    }

    private void addPlain(RpcId id, long readAt, List<Asked> requests) {
        if (isNew(id, requests)) {
            add(new Asked(id, Asked.Purpose.ANYTHING, Optional.empty(), readAt), requests);
        }
    }

    /** A second one under an id is counted, and changes nothing: the daemon refuses it. False also if there is no room. */
    private boolean isNew(RpcId id, List<Asked> requests) {
        Asked first = asked.get(id);
        if (first != null) {
            first.repeats++;
            requests.add(first);
            return false;
        }
        return idBytes + id.json().length <= MOST_BYTES;
    }

    private void add(Asked request, List<Asked> requests) {
        asked.put(request.id, request);
        idBytes += request.id.json().length;
        requests.add(request);
    }

    private void remove(Asked request) {
        asked.remove(request.id);
        idBytes -= request.id.json().length;
    }

    /** What is cancelled is not answered; but an {@code initialize} can't be cancelled. */
    private void cancelled(Message.Notification notification) {
        Optional<RpcId> id = requestId(notification);
        Asked request = id.isPresent() ? asked.get(id.get()) : null;
        if (request != null && request.purpose != Asked.Purpose.INITIALIZE) {
            if (request.repeats > 0) {
                request.repeats--;
            } else {
                remove(request);
                lines.failed(request);
            }
        }
    }

    private static Optional<RpcId> requestId(Message.Notification notification) {
        Optional<JsonValue> id = notification.params().isPresent() ? notification.params().get().get("requestId") : Optional.empty();
        return id.isPresent() ? RpcId.of(id.get()) : Optional.empty();
    }

    /** A line of the agent's that goes nowhere. That a session which was welcomed is initialized, it says only once. */
    synchronized void dropped(Line line) {
        if (lines.handshake().isPresent() && line instanceof Frame frame
                && Message.read(frame) instanceof Message.Notification notification) {
            lines.said(notification);
        }
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
                Optional<RpcId> id = requestId(notification);
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
        if (lines.isOwn(id)) {
            return false;
        }
        Asked request = asked.get(id);
        if (request == null) {
            return true;
        }
        if (request.repeats > 0 && isCode(error, ErrorCode.INVALID_REQUEST)) {
            request.repeats--; // that was for the second one
            return true;
        }
        if (request.purpose == Asked.Purpose.INITIALIZE && isCode(error, DAEMON_LEAVING)) {
            return false; // the next daemon will be asked
        }
        if (error.isPresent()) {
            lines.failed(request);
        } else {
            lines.succeeded(request);
        }
        remove(request);
        if (request.repeats > 0) {
            add(repeats(request), new ArrayList<>(1)); // not answered yet, though they came second
        }
        return true;
    }

    /** All the later requests under an id, without the first. */
    private static Asked repeats(Asked first) {
        Asked rest = new Asked(first.id, Asked.Purpose.ANYTHING, Optional.empty(), first.readAt);
        rest.repeats = first.repeats - 1;
        if (first.isSent()) {
            rest.markSent();
        }
        return rest;
    }

    private static boolean isCode(Optional<JsonValue> error, long wanted) {
        Optional<JsonValue> code = error.isPresent() ? error.get().get("code") : Optional.empty();
        Optional<Long> number = code.isPresent() ? code.get().integer() : Optional.empty();
        return number.isPresent() && number.get() == wanted;
    }

    private void forget(Set<RpcId> ids, RpcId id) {
        if (ids.remove(id)) {
            idBytes -= id.json().length;
        }
    }

    /** The daemon is gone. @return what it still owed the agent, in the order it was asked, but for a handshake */
    synchronized List<Asked> takeUnanswered() {
        List<Asked> open = new ArrayList<>(asked.values());
        List<Asked> lost = new ArrayList<>();
        for (Asked request : open) {
            if (request.purpose != Asked.Purpose.INITIALIZE) {
                remove(request);
                lines.failed(request);
                lost.add(request);
            } else if (request.repeats > 0) {
                lost.add(repeats(request));
                request.repeats = 0;
            }
        }
        lines.daemonGone();
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

    /** Whoever waits for a handshake will be told that there is none. @return the request, if there is such */
    synchronized Optional<Asked> takeHandshake() {
        for (Asked request : asked.values()) {
            if (request.purpose == Asked.Purpose.INITIALIZE) {
                remove(request);
                lines.failed(request);
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    /** The agent's {@code initialize}, where a daemon has answered it: the next one has to hear it first. */
    synchronized Optional<Message.Request> handshake() {
        return lines.handshake();
    }

    /**
     * What a new daemon is to be told next, in this order. After {@link #handshake} these are the rest of it, under ids
     * whose answers the agent won't get; else it is the handshake that the agent still waits for.
     */
    synchronized List<Frame> restoration() {
        return lines.restoration();
    }
}
