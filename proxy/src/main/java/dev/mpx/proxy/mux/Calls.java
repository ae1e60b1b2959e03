package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.mux.SettledCall.Ending;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Sending;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The life of calls: waiting in their sessions' queues, on the child within the window, answered, cancelled, failed,
 * or asked once more. The one place where a call's state changes.
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

        /** Everybody whose turn has come has had it; the child may have less to do than before. */
        void onTurnsGiven();

        /** The child answers nobody any more. */
        void onStalled();
    }

    /** How soon to look again whether clients have read enough to go on. */
    static final Duration RELIEF = Duration.ofMillis(5);

    /** Calls in one line of the log. */
    private static final int NAMED = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    private final Port port;
    private final Window window;
    private final Limits limits;
    private final ByteBudget budget;
    private final Scheduler scheduler;
    private final Counters counters;
    private final ProgressTokens tokens;
    private final KnownReads reads;
    private final Succession succession;
    private final OwnRequests own;
    private final Pings pings;
    private final Deadlines deadlines;
    private final HeldCalls held;
    private final Settlements settlements;
    private final Judged judged = new Judged();
    private final FairQueue queue = new FairQueue();
    private final Sessions sessions;
    private final Disposable.Swap relief = Disposables.swap();
    private LongSupplier gate = () -> Long.MAX_VALUE;
    private long arrivals;
    private Listener listener;

    Calls(
            Port port,
            Policy policy,
            PatientClock clock,
            Surroundings surroundings,
            Counters counters,
            ProgressTokens tokens,
            KnownReads reads,
            Succession succession,
            Sessions sessions,
            Settlements settlements) {
        this.port = port;
        this.limits = policy.limits();
        this.budget = surroundings.budget();
        this.scheduler = surroundings.scheduler();
        this.counters = counters;
        this.tokens = tokens;
        this.reads = reads;
        this.succession = succession;
        this.sessions = sessions;
        this.settlements = settlements;
        UpstreamIds ids = new UpstreamIds();
        ServerTraits traits = policy.traits();
        window = new Window(traits.window(), limits.remembered(), ids);
        own = new OwnRequests(ids, port::send, counters, limits.remembered());
        pings = new Pings(own, this::onPong);
        deadlines = new Deadlines(policy.timeouts(), clock, scheduler, judged);
        held = new HeldCalls(traits.heldAnswers(), reads, surroundings.holders(), scheduler, deadlines, this::askAgain);
    }

    /** Once, before anything else. */
    void listen(Listener one) {
        listener = one;
    }

    /** Once: calls that arrived at this or later are not given to the child for the time being. */
    void gate(LongSupplier arrival) {
        gate = arrival;
    }

    /** The next place in the order of arrival. */
    long nextArrival() {
        return ++arrivals;
    }

    /** Requests of mpx's own. */
    OwnRequests own() {
        return own;
    }

    // ---- on the way to the child

    /** Whether a session has as many calls as it may have. */
    boolean isFull(Session session) {
        return session.calls.size() >= limits.queuedCalls();
    }

    /** The answer to a request of such a session. */
    Fault full() {
        CallFaults.Cause full = CallFaults.queueFull(limits.queuedCalls());
        return Fault.unsent(full.code(), full.reason(), full.message());
    }

    /** Queues a request of a client whose session is not full. */
    void submit(Session session, Message.Request request, RequestRule rule, ReplyTo replyTo) {
        Call call = new Call(session, request, rule, replyTo, nanos(), nextArrival());
        session.calls.put(call.id, call);
        budget.take(call.length);
        queue.add(call);
        deadlines.onSubmitted(call);
        port.need();
        pump();
    }

    /** Hands over as many calls as the window has room for. */
    void pump() {
        giveTurns();
        listener.onTurnsGiven();
    }

    private void giveTurns() {
        while (port.ready() && hasRoom()) {
            Optional<Call> next = queue.poll(this::mayBeServed);
            if (next.isEmpty()) {
                lookAgainSoon();
                return;
            }
            takeTurn(next.get());
        }
    }

    private boolean hasRoom() {
        return window.hasRoom(own.places());
    }

    /** All that wait are behind with reading, and nothing on the child will bring this back here: nobody tells when they have read. */
    private void lookAgainSoon() {
        if (budget.spent() && window.isEmpty() && queue.size() > 0) {
            relief.update(scheduler.schedule(this::pump, RELIEF.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /** Whoever came behind a borrower waits. While memory is short the child is given one call at a time, and none for a session that does not read its answers. */
    private boolean mayBeServed(Session session) {
        return session.queue.peekFirst().arrival < gate.getAsLong()
                && (!budget.spent() || window.isEmpty() && session.link.pending() <= limits.freelyQueuedBytes());
    }

    private void takeTurn(Call call) {
        Optional<Fault> gone = succession.refusal(call.session, call.method);
        if (gone.isPresent()) {
            call.rule.onLost(call);
            fail(call, gone.get());
            return;
        }
        RequestRule.Verdict verdict = call.rule.onTurn(call);
        if (verdict instanceof RequestRule.Verdict.Answer answer) {
            Optional<Message.Request> request = call.request;
            Frame result = Responses.result(call.id, answer.result());
            finish(call, result, () -> settlements.answered(call, request, result));
        } else if (verdict instanceof RequestRule.Verdict.Refuse refuse) {
            fail(call, refuse.fault());
        } else {
            handOver(call);
            listener.onSettled(call.session);
        }
    }

    private void handOver(Call call) {
        Message.Request request = call.request.orElseThrow();
        window.enter(call);
        Optional<JsonValue> token = request.params().flatMap(ProgressTokens::inRequest);
        token.ifPresent(value -> tokens.register(call.upstreamId, call, value));
        call.onHandOver(nanos());
        deadlines.onHandedOver(call);
        call.sending = port.send(Splices.forChild(request, token, Json.number(call.upstreamId)));
    }

    /** A call that the child has refused for another writer's sake waits no longer. */
    private void askAgain(Call call) {
        call.state = Call.State.QUEUED;
        queue.addFirst(call);
        port.need();
        pump();
    }

    // ---- on the way back

    /** The child has answered. */
    void onResponse(Message.Response response) {
        if (own.isAsked(response.id())) {
            deadlines.onAnswer();
        }
        if (own.onResponse(response)) {
            pump();
            return;
        }
        Optional<Call> call = window.leave(response.id());
        if (call.isPresent()) {
            settle(call.get(), response);
        } else {
            counters.count(window.wasVacated(response.id()) ? Counter.ANSWERS_LATE : Counter.ANSWERS_UNKNOWN);
        }
        pump();
    }

    private void settle(Call call, Message.Response response) {
        deadlines.onAnswer();
        if (call.state == Call.State.SENT && held.keeps(call, response)) {
            tokens.release(call.upstreamId);
            call.state = Call.State.HELD;
            return;
        }
        listener.onAnswer(call, response);
        Frame answer = call.rule.onResponse(call, response);
        tokens.release(call.upstreamId);
        if (call.state == Call.State.ABANDONED) {
            counters.count(Counter.ANSWERS_LATE);
            LOG.info("{}: answered late, and the answer dropped", CallLog.name(call));
            call.state = Call.State.DONE;
        } else if (call.refusedBy.isPresent() && held.isRefusal(call, response)) {
            fail(call, CallFaults.held(call.refusedBy.get()));
        } else {
            Optional<Message.Request> request = call.request;
            Frame spliced = Splices.withId(answer, response, call.id);
            finish(call, spliced, () -> settlements.answered(call, request, response, spliced));
        }
    }

    /** A line of the child was too long to keep; if it was an answer, its caller is told so. */
    void onResponseTooLong(RpcId upstreamId, long length) {
        failOne(upstreamId, CallFaults.answerTooLong(length));
    }

    /** The child's answer is no legal response; its caller is told so rather than left waiting. */
    void onResponseUnreadable(RpcId upstreamId, String why) {
        failOne(upstreamId, CallFaults.answerUnreadable(why));
    }

    private void failOne(RpcId upstreamId, CallFaults.Cause cause) {
        if (own.isAsked(upstreamId)) {
            deadlines.onAnswer();
        }
        own.onUnreadable(upstreamId);
        window.leave(upstreamId).ifPresent(call -> {
            deadlines.onAnswer();
            tokens.release(call.upstreamId);
            call.rule.onLost(call);
            if (call.state == Call.State.SENT) {
                fail(call, cause);
            } else {
                counters.count(Counter.ANSWERS_LATE);
                call.state = Call.State.DONE;
            }
        });
        pump();
    }

    /** The child reports progress of a call. */
    void onProgress(Call call) {
        deadlines.onProgress(call);
    }

    // ---- taken back by the client

    /**
     * A client takes a request back. Not on the child: it is never sent. On the child: the child is told, and the
     * late answer will be swallowed.
     */
    void cancel(Session session, RpcId id, Optional<Message.Notification> notification, String reason) {
        Call call = session.calls.get(id);
        if (call == null) {
            counters.count(Counter.NOTIFICATIONS_DROPPED);
            return;
        }
        takeBack(call, notification, reason, Ending.CANCELLED);
        pump();
    }

    private void takeBack(Call call, Optional<Message.Notification> notification, String reason, Ending ending) {
        Optional<Message.Request> request = call.request;
        call.session.calls.remove(call.id);
        if (isUnsent(call)) {
            call.rule.onLost(call);
            forget(call);
        } else {
            abandon(call, Splices.cancelled(Json.number(call.upstreamId), notification, reason));
        }
        call.replyTo.forgo();
        settlements.takenBack(call, request, ending);
        listener.onSettled(call.session);
    }

    /** Whether not one byte of it is or will be on the child; it is then taken out of wherever it waits. */
    private boolean isUnsent(Call call) {
        switch (call.state) {
            case QUEUED -> queue.remove(call);
            case HELD -> held.release(call);
            default -> {
                if (!call.sending.withdraw()) {
                    return false;
                }
                call.onWithdrawn();
                window.leave(call);
                tokens.release(call.upstreamId);
            }
        }
        return true;
    }

    private void forget(Call call) {
        call.state = Call.State.DONE;
        release(call);
    }

    /** The message is not needed any more. */
    private void release(Call call) {
        if (call.request.isPresent()) {
            call.request = Optional.empty();
            budget.give(call.length);
        }
    }

    private void abandon(Call call, Frame notice) {
        call.state = Call.State.ABANDONED;
        release(call);
        // a client may leave in the moment in which it is told that its child is gone
        if (window.holds(call)) {
            port.send(notice);
            pings.after(call);
        }
    }

    /** The child goes on without having answered these; they hold nobody up any more. */
    private void onPong(List<Call> cancelled) {
        deadlines.onPong();
        for (Call call : cancelled) {
            if (window.holds(call)) {
                window.vacate(call, deadlines.forgetAt());
                tokens.release(call.upstreamId);
                call.rule.onLost(call);
            }
        }
        pump();
    }

    /** A session has left: nobody waits for its calls any more. */
    void abandonAll(Session session) {
        // none takes the place that another one leaves: turns are given when all are gone
        for (Call call : List.copyOf(session.calls.values())) {
            takeBack(call, Optional.empty(), "the client has disconnected", Ending.CLIENT_GONE);
        }
        pump();
    }

    // ---- what goes wrong

    /**
     * The child is gone. What it never saw waits for the next one, before all else; known reads are asked once more;
     * anything else it may have carried out, so it fails.
     */
    void onChildGone(Optional<Fault.ChildState> who, List<String> lastWords) {
        List<Call> lost = window.empty();
        Collections.reverse(lost);
        own.onChildGone();
        pings.onChildGone();
        tokens.clear();
        deadlines.onChildGone();
        for (Call call : lost) {
            if (call.state == Call.State.SENT && mayBeAskedAgain(call)) {
                call.state = Call.State.QUEUED;
                queue.addFirst(call);
            } else {
                call.rule.onLost(call);
                if (call.state == Call.State.SENT) {
                    fail(call, CallFaults.childDied(lastWords), who);
                }
            }
        }
    }

    private boolean mayBeAskedAgain(Call call) {
        if (call.sending.withdraw()) {
            call.onWithdrawn();
            return true;
        }
        if (call.replayed || !reads.contains(call)) {
            return false;
        }
        LOG.info("{}: only reads, so the next server is asked", CallLog.name(call));
        call.replayed = true;
        deadlines.onAskedAgain(call);
        return true;
    }

    /** Answers every call that is not on the child with the same fault. */
    void failWaiting(CallFaults.Cause cause) {
        waiting().forEach(call -> failWaiting(call, cause));
    }

    private void failWaiting(Call call, CallFaults.Cause cause) {
        // a client that is told of one call may take back others, or leave
        if (call.state == Call.State.QUEUED || call.state == Call.State.HELD) {
            isUnsent(call);
            call.rule.onLost(call);
            fail(call, cause);
        }
    }

    /**
     * Answers every call the child has not answered; their places in the window stay taken.
     *
     * @param unsent for those of which not one byte has left, nor ever will
     */
    void failSent(CallFaults.Cause begun, CallFaults.Cause unsent) {
        for (Call call : window.all()) {
            if (call.state == Call.State.SENT) {
                boolean takenBack = isUnsent(call);
                if (takenBack) {
                    call.rule.onLost(call);
                }
                fail(call, takenBack ? unsent : begun);
            }
        }
    }

    /**
     * The time for the child's first lists is over. They hold nobody up any more, if the child has answered anything
     * since it was greeted.
     *
     * @return whether it has
     */
    boolean goOnWithoutFirstLists() {
        boolean alive = deadlines.childHasAnswered();
        if (alive) {
            own.leavePlaces();
            pump();
        }
        return alive;
    }

    /** What the deadlines judge. */
    private final class Judged implements Deadlines.Bench {
        @Override
        public List<Call> waiting() {
            return Calls.this.waiting();
        }

        @Override
        public List<Call> onChild() {
            return window.all();
        }

        @Override
        public boolean hasRoom() {
            return Calls.this.hasRoom();
        }

        @Override
        public void expireWaiting(Call call) {
            counters.count(Counter.CALLS_EXPIRED);
            failWaiting(call, call.refusedBy.map(CallFaults::held).orElseGet(CallFaults::waitedTooLong));
        }

        @Override
        public void expireOnChild(Call call) {
            if (call.state != Call.State.SENT) {
                return;
            }
            counters.count(Counter.CALLS_EXPIRED);
            if (isUnsent(call)) {
                call.rule.onLost(call);
                fail(call, CallFaults.neverRead());
            } else {
                fail(call, CallFaults.tookTooLong());
                port.send(Notices.cancelled(Json.number(call.upstreamId), "its deadline has passed"));
                pings.after(call);
            }
            pump();
        }

        @Override
        public void stalled() {
            LOG.warn("the server has answered nobody since a deadline has passed; on it: {}",
                    window.all().stream().map(CallLog::name).limit(NAMED).toList());
            listener.onStalled();
        }
    }

    private void fail(Call call, CallFaults.Cause cause) {
        fail(call, cause, port.state());
    }

    private void fail(Call call, CallFaults.Cause cause, Optional<Fault.ChildState> child) {
        fail(call, CallFaults.of(call, cause, now(), child));
    }

    private void fail(Call call, Fault fault) {
        Optional<Message.Request> request = call.request;
        Frame answer = fault.answer(Optional.of(call.id));
        finish(call, answer, () -> settlements.failed(call, request, fault, answer));
    }

    private void finish(Call call, Frame response, Runnable settled) {
        call.state = window.holds(call) ? Call.State.ABANDONED : Call.State.DONE;
        release(call);
        call.session.calls.remove(call.id);
        call.session.answered++;
        counters.count(Counter.CALLS_ANSWERED);
        call.replyTo.reply(response);
        settled.run();
        listener.onSettled(call.session);
    }

    // ---- what is going on

    /** Calls that are not on the child. */
    private List<Call> waiting() {
        return sessions.calls().filter(call -> !window.holds(call)).toList();
    }

    /** See {@link Window#sessions}. */
    Set<Session> sessionsOnChild() {
        return window.sessions(now());
    }

    /** The calls on the child, oldest first. */
    List<Call> running() {
        return window.all();
    }

    /** Whether the child has anything to do that arrived before that. */
    boolean hasWorkBefore(long arrival) {
        return !window.isEmpty() || sessions.calls().anyMatch(call -> call.arrival < arrival);
    }

    /**
     * Answers the calls that have waited for the child for so long, from when they came or from that moment if it was later.
     *
     * @param now on the patient clock, like {@code since}
     */
    void failThoseThatWait(long since, long now, Duration limit, CallFaults.Cause cause) {
        waiting().stream()
                .filter(call -> now - Math.max(call.submittedAt, since) >= limit.toMillis())
                .forEach(call -> failWaiting(call, cause));
    }

    /** Whether any client waits for an answer. */
    boolean awaited() {
        return sessions.calls().findAny().isPresent();
    }

    boolean isIdle() {
        return window.isEmpty() && !awaited();
    }

    /** Requests the child still has to answer, mpx's own included. */
    int owed() {
        return window.all().size() + own.size();
    }

    int queued() {
        return queue.size();
    }

    /** How long the oldest of the calls has waited that are not on the child. */
    Optional<Duration> longestWait() {
        return waiting().stream().mapToLong(call -> now() - call.queuedAt).boxed().max(Long::compare).map(Duration::ofMillis);
    }

    /** See {@link Deadlines#left}. */
    Optional<Duration> left(Call call) {
        return deadlines.left(call);
    }

    private long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
