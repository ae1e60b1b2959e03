package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.transports.Sending;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;

/** One client request on its way to the child and back. Its state is changed by {@link Calls} and its parts alone. */
final class Call {
    enum State {
        /** In its session's queue; the child knows nothing of it. */
        QUEUED,
        /** Refused by the child for another writer's sake; nothing was written, and it will be asked again. */
        HELD,
        /** Handed to the child; its session waits for the answer. */
        SENT,
        /** Handed to the child; nobody waits for the answer any more, but its place in the window is kept. */
        ABANDONED,
        DONE
    }

    final Session session;
    final RpcId id;
    final String method;
    /** The tool, prompt or resource it asks for, for status lines; empty where the method names none. */
    final String target;
    final RequestRule rule;
    final ReplyTo replyTo;
    /** Whether its answer may be that a task was started (revision 2025-11-25). */
    final boolean asksForTask;
    final int length;
    /** When it came, in the scheduler's nanoseconds. */
    final long cameNanos;
    /** Its place among all calls and borrowers, in order of arrival. */
    final long arrival;

    State state = State.QUEUED;
    /** The message itself, until nobody needs it any more, and where the client's progress token stands in it. */
    Optional<Message.Request> request;
    Optional<JsonValue> progressToken;
    /** The id under which the child knows it; null before it is given a place on the child. */
    RpcId upstreamId;
    long sentAt;
    /** Whether a child has been given it, and when that was first, in the scheduler's nanoseconds. */
    boolean isHandedOver;
    long handedOverNanos;
    Sending sending;
    /** Whether it has been asked once more already. */
    boolean replayed;

    // deadlines, on the patient clock; kept by Deadlines
    long submittedAt;
    long queuedReady;
    long waitsUntil;
    long expiresAt;
    long handedOverAt;
    long handedOverReady;
    long mustEndBy;
    boolean expired;
    long forgetAt;

    // refusals for another writer's sake; kept by HeldCalls
    int refusals;
    /** What the child said the last time. */
    Optional<String> refusal = Optional.empty();
    /** Who that is, as far as it is known. */
    Optional<String> refusedBy = Optional.empty();
    /** Until it is asked again. */
    Optional<Disposable> pause = Optional.empty();

    Call(Session session, Message.Request request, RequestParams params, RequestRule rule, ReplyTo replyTo, long nanos, long arrival) {
        this.session = session;
        this.id = request.id();
        this.method = request.method();
        this.target = params.target();
        this.rule = rule;
        this.replyTo = replyTo;
        this.asksForTask = params.asksForTask();
        this.length = request.frame().length();
        this.cameNanos = nanos;
        this.arrival = arrival;
        this.request = Optional.of(request);
        this.progressToken = params.progressToken();
    }

    /** When it came, in the scheduler's milliseconds. */
    long queuedAt() {
        return TimeUnit.NANOSECONDS.toMillis(cameNanos);
    }

    /** The child is given it. */
    void onHandOver(long nanos) {
        state = State.SENT;
        sentAt = TimeUnit.NANOSECONDS.toMillis(nanos);
        if (!isHandedOver) {
            isHandedOver = true;
            handedOverNanos = nanos;
        }
    }

    /** The child has not seen one byte of it. */
    void onWithdrawn() {
        isHandedOver = replayed || refusals > 0;
    }
}
