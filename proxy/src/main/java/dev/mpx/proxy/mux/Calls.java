package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import dev.mpx.framing.Splicer;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Sending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The calls: waiting in their sessions' queues, or on the child within the window; and the correlation between the
 * ids the child sees, which are never used twice, and the clients' own.
 */
final class Calls {
    /** The child as this class sees it. */
    interface Port {
        boolean ready();

        /** Something waits for the child: it should start if it is not there. */
        void need();

        Sending send(Frame frame);

        Optional<Fault.ChildState> state();
    }

    /** Who wants to hear of calls. */
    interface Listener {
        /** The child has answered a call; its answer goes out after this. */
        void onAnswer(Call call, Message.Response response);

        /** The session's load has become smaller. */
        void onSettled(Session session);
    }

    /** What the child still owes an answer for. */
    private sealed interface Debt {
        record ForCall(Call call) implements Debt {}

        /** A request of mpx's own, named for the log. */
        record Internal(String method) implements Debt {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    /** How soon to look again whether clients have read enough to go on. */
    static final Duration RELIEF = Duration.ofMillis(5);

    private final Port port;
    private final int window;
    private final Limits limits;
    private final ByteBudget budget;
    private final Scheduler scheduler;
    private final Counters counters;
    private final ProgressTokens tokens;

    private final FairQueue queue = new FairQueue();
    private final Map<Long, Debt> debts = new LinkedHashMap<>();
    private final Disposable.Swap relief = Disposables.swap();
    private int onChild;
    private long lastUpstreamId;
    private Listener listener;

    Calls(
            Port port,
            int window,
            Limits limits,
            ByteBudget budget,
            Scheduler scheduler,
            Counters counters,
            ProgressTokens tokens) {
        this.port = port;
        this.window = window;
        this.limits = limits;
        this.budget = budget;
        this.scheduler = scheduler;
        this.counters = counters;
        this.tokens = tokens;
    }

    /** Once, before anything else. */
    void listen(Listener one) {
        listener = one;
    }

    /** Whether a session has as many calls as it may have. */
    boolean isFull(Session session) {
        return session.calls.size() >= limits.queuedCalls();
    }

    /** The answer to a request of such a session. */
    Fault full() {
        return Fault.unsent(
                Fault.QUEUE_FULL,
                "queue-full",
                "This client already has " + limits.queuedCalls()
                        + " calls waiting; nothing of this one was sent. Wait for some to finish and try again.");
    }

    /** Queues a request of a client whose session is not full. */
    void submit(Session session, Message.Request request, RequestRule rule, ReplyTo replyTo) {
        Call call = new Call(session, request, rule, replyTo, now());
        session.calls.put(call.id, call);
        budget.take(call.length);
        queue.add(call);
        port.need();
        pump();
    }

    /** Hands over as many calls as the window has room for. */
    void pump() {
        while (port.ready() && onChild < window) {
            Optional<Call> next = queue.poll(this::mayBeServed);
            if (next.isEmpty()) {
                lookAgainSoon();
                return;
            }
            takeTurn(next.get());
        }
    }

    /** All that wait are behind with reading, and nothing on the child will bring this back here: nobody tells when they have read. */
    private void lookAgainSoon() {
        if (onChild == 0 && queue.size() > 0) {
            relief.update(scheduler.schedule(this::pump, RELIEF.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** While memory is short the child is given one call at a time, and none for a session that does not read its answers. */
    private boolean mayBeServed(Session session) {
        return !budget.spent() || onChild == 0 && session.link.pending() <= limits.freelyQueuedBytes();
    }

    /** The message is not needed any more. */
    private void release(Call call) {
        if (call.request.isPresent()) {
            call.request = Optional.empty();
            budget.give(call.length);
        }
    }

    private void takeTurn(Call call) {
        RequestRule.Verdict verdict = call.rule.onTurn(call);
        if (verdict instanceof RequestRule.Verdict.Answer answer) {
            finish(call, Responses.result(call.id, answer.result()));
        } else if (verdict instanceof RequestRule.Verdict.Refuse refuse) {
            finish(call, refuse.fault().answer(Optional.of(call.id)));
        } else {
            handOver(call);
            listener.onSettled(call.session);
        }
    }

    private void handOver(Call call) {
        Message.Request request = call.request.orElseThrow();
        call.upstreamId = ++lastUpstreamId;
        byte[] upstreamId = Json.number(call.upstreamId);
        Splicer splicer = new Splicer(request.frame()).replace(request.idValue(), upstreamId);
        Optional<JsonValue> token = request.params().flatMap(ProgressTokens::inRequest);
        if (token.isPresent()) {
            splicer.replace(token.get(), upstreamId);
            tokens.register(call.upstreamId, call, token.get());
        }
        call.state = Call.State.SENT;
        call.sentAt = now();
        debts.put(call.upstreamId, new Debt.ForCall(call));
        onChild++;
        Frame frame = splicer.splice();
        call.sending = port.send(frame);
    }

    /** Sends a request of mpx's own; it takes no place in the window. */
    void askChild(String method, byte[] params) {
        long id = ++lastUpstreamId;
        debts.put(id, new Debt.Internal(method));
        port.send(Frame.of(Json.object(json -> {
            json.writeStringField("jsonrpc", "2.0");
            json.writeNumberField("id", id);
            json.writeStringField("method", method);
            Json.raw(json, "params", params);
        })));
    }

    /** The child has answered. */
    void onResponse(Message.Response response) {
        Optional<Debt> debt = response.id().number().map(debts::remove);
        if (debt.isEmpty()) {
            counters.count(Counter.ANSWERS_UNKNOWN);
            return;
        }
        if (debt.get() instanceof Debt.Internal internal) {
            response.error().ifPresent(error -> LOG.warn("the server refused {}: {}", internal.method(), error));
        } else if (debt.get() instanceof Debt.ForCall forCall) {
            settle(forCall.call(), response);
        }
        pump();
    }

    private void settle(Call call, Message.Response response) {
        onChild--;
        boolean abandoned = call.state == Call.State.ABANDONED;
        listener.onAnswer(call, response);
        Frame answer = call.rule.onResponse(call, response);
        tokens.release(call.upstreamId);
        if (abandoned) {
            counters.count(Counter.ANSWERS_LATE);
            call.state = Call.State.DONE;
        } else {
            finish(call, withId(answer, response, call.id));
        }
    }

    private static Frame withId(Frame answer, Message.Response response, RpcId id) {
        if (answer == response.frame()) {
            return new Splicer(answer).replace(response.idValue(), id.json()).splice();
        }
        // a rule has spliced the answer, so the id stands elsewhere now
        Message.Response spliced = (Message.Response) Message.read(answer);
        return new Splicer(spliced.frame()).replace(spliced.idValue(), id.json()).splice();
    }

    /** A line of the child was too long to keep; if it was an answer, its caller is told so. */
    void onResponseTooLong(RpcId upstreamId, long length) {
        Optional<Debt> debt = upstreamId.number().map(debts::remove);
        if (debt.isPresent() && debt.get() instanceof Debt.ForCall forCall) {
            Call call = forCall.call();
            onChild--;
            tokens.release(call.upstreamId);
            call.rule.onLost(call);
            if (call.state == Call.State.SENT) {
                fail(call, Fault.TOO_LONG, "line-limit",
                        "The server's answer was " + length + " bytes long, over mpx's line limit; it was dropped. "
                                + "The call itself was carried out. Ask for less at a time, or raise the limit.",
                        List.of());
            } else {
                counters.count(Counter.ANSWERS_LATE);
                call.state = Call.State.DONE;
            }
        }
        pump();
    }

    /**
     * A client takes a request back. Still queued: it is never sent. On the child: the child is told, and the late
     * answer will be swallowed.
     */
    void cancel(Session session, RpcId id, Optional<Message.Notification> notification, String reason) {
        Call call = session.calls.get(id);
        if (call == null) {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
            return;
        }
        abandon(call, notification, reason);
        pump();
    }

    private void abandon(Call call, Optional<Message.Notification> notification, String reason) {
        call.session.calls.remove(call.id);
        if (call.state == Call.State.QUEUED) {
            queue.remove(call);
            call.rule.onLost(call);
            drop(call);
        } else if (takeBack(call)) {
            drop(call);
        } else {
            call.state = Call.State.ABANDONED;
            release(call);
            port.send(cancelled(call, notification, reason));
        }
        call.replyTo.forgo();
        listener.onSettled(call.session);
    }

    /** Takes a call back from the child if not one byte of it has left. */
    private boolean takeBack(Call call) {
        boolean unsent = call.sending.withdraw();
        if (unsent) {
            debts.remove(call.upstreamId);
            onChild--;
            tokens.release(call.upstreamId);
            call.rule.onLost(call);
        }
        return unsent;
    }

    private void drop(Call call) {
        call.state = Call.State.DONE;
        release(call);
    }

    private static Frame cancelled(Call call, Optional<Message.Notification> notification, String reason) {
        byte[] upstreamId = Json.number(call.upstreamId);
        Optional<JsonValue> requestId =
                notification.flatMap(Message.Notification::params).flatMap(p -> p.get(Methods.REQUEST_ID));
        if (requestId.isPresent()) {
            return new Splicer(notification.get().frame())
                    .replace(requestId.get(), upstreamId)
                    .splice();
        }
        return Notices.cancelled(upstreamId, reason);
    }

    /** A session has left: nobody waits for its calls any more. */
    void abandonAll(Session session) {
        // none takes the place that another one leaves: turns are given when all are gone
        for (Call call : List.copyOf(session.calls.values())) {
            abandon(call, Optional.empty(), "the client has disconnected");
        }
        pump();
    }

    /** The child is gone. What it never saw waits for the next one, before all else; what it may have seen fails. */
    void onChildGone(Optional<Fault.ChildState> who, List<String> lastWords) {
        List<Debt> owed = new ArrayList<>(debts.values());
        Collections.reverse(owed);
        debts.clear();
        onChild = 0;
        tokens.clear();
        for (Debt debt : owed) {
            if (debt instanceof Debt.ForCall forCall) {
                losesItsChild(forCall.call(), who, lastWords);
            }
        }
    }

    private void losesItsChild(Call call, Optional<Fault.ChildState> who, List<String> lastWords) {
        if (call.state == Call.State.SENT && call.sending.withdraw()) {
            call.state = Call.State.QUEUED;
            queue.addFirst(call);
            return;
        }
        call.rule.onLost(call);
        if (call.state == Call.State.SENT) {
            fail(call, Fault.CHILD_DIED, "child-died",
                    "The server died while this call was on it. Whether it was carried out is not known: "
                            + "look before you repeat it.",
                    who,
                    lastWords);
        }
    }

    /** Answers every call that waits in a queue with the same fault. */
    void failQueued(int code, String reason, String message, List<String> stderr) {
        for (Optional<Call> next = queue.poll(s -> true); next.isPresent(); next = queue.poll(s -> true)) {
            Call call = next.get();
            call.rule.onLost(call);
            fail(call, code, reason, message, stderr);
        }
    }

    /** Answers every call the child has not answered; their places in the window stay taken. */
    void failSent(int code, String reason, String message) {
        for (Debt debt : List.copyOf(debts.values())) {
            if (debt instanceof Debt.ForCall forCall && forCall.call().state == Call.State.SENT) {
                takeBack(forCall.call());
                fail(forCall.call(), code, reason, message, List.of());
            }
        }
    }

    private void fail(Call call, int code, String reason, String message, List<String> stderr) {
        fail(call, code, reason, message, port.state(), stderr);
    }

    private void fail(
            Call call,
            int code,
            String reason,
            String message,
            Optional<Fault.ChildState> child,
            List<String> stderr) {
        boolean sent = call.state != Call.State.QUEUED;
        long now = now();
        Fault.Details details = new Fault.Details(
                reason,
                sent && call.sending.begun() ? Fault.Outcome.UNKNOWN : Fault.Outcome.NOT_SENT,
                now - call.queuedAt,
                (sent ? call.sentAt : now) - call.queuedAt,
                child,
                stderr);
        finish(call, new Fault(code, message, Optional.of(details)).answer(Optional.of(call.id)));
    }

    private void finish(Call call, Frame response) {
        call.state = call.state == Call.State.SENT && debts.containsKey(call.upstreamId)
                ? Call.State.ABANDONED
                : Call.State.DONE;
        release(call);
        call.session.calls.remove(call.id);
        call.session.answered++;
        counters.count(Counter.CALLS_ANSWERED);
        call.replyTo.reply(response);
        listener.onSettled(call.session);
    }

    /**
     * The sessions that may be the cause of what the child asks now: those with a call on it, abandoned ones and
     * those of departed sessions included, until it has answered them.
     */
    Set<Session> sessionsOnChild() {
        return debts.values().stream()
                .filter(Debt.ForCall.class::isInstance)
                .map(debt -> ((Debt.ForCall) debt).call().session)
                .collect(Collectors.toSet());
    }

    /** The calls on the child, oldest first. */
    List<Call> running() {
        return debts.values().stream()
                .filter(Debt.ForCall.class::isInstance)
                .map(debt -> ((Debt.ForCall) debt).call())
                .toList();
    }

    /** Whether any client waits for an answer. */
    boolean awaited() {
        return queue.size() > 0 || running().stream().anyMatch(call -> call.state == Call.State.SENT);
    }

    int queued() {
        return queue.size();
    }

    int owed() {
        return debts.size();
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
