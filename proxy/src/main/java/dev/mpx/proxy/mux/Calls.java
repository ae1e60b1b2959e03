package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.RepeatedTexts;
import dev.mpx.framing.RpcId;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Sending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The life of calls: waiting in their sessions' queues, on the child within the window, answered, or asked once more. What
 * becomes of those that are taken back, or go wrong, is said in {@link Withdrawals} and {@link Failures}; a call's state
 * changes here, there, and in {@link CallEndings}.
 */
final class Calls {
    /** The child as this class sees it. */
    interface Port {
        boolean ready();

        /** Something waits for the child: it should start if it is not there. */
        void need();

        Sending send(Frame frame);

        /** Bytes that were sent and have not left yet. */
        long pending();

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
    private final Succession succession;
    private final OwnRequests own;
    private final Pings pings;
    private final Deadlines deadlines;
    private final HeldCalls held;
    private final OpenCalls open;
    private final CallEndings endings;
    private final Withdrawals withdrawals;
    private final Failures failures;
    private final FairQueue queue = new FairQueue();
    private final RepeatedTexts names = new RepeatedTexts();
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
        this.succession = succession;
        UpstreamIds ids = new UpstreamIds();
        ServerTraits traits = policy.traits();
        window = new Window(traits.window(), limits.remembered(), ids);
        own = new OwnRequests(ids, port::send, counters, limits.remembered());
        pings = new Pings(own, this::onPong);
        deadlines = new Deadlines(policy.timeouts(), clock, scheduler, new Judged());
        held = new HeldCalls(traits.heldAnswers(), reads, surroundings.holders(), scheduler, deadlines, this::askAgain);
        open = new OpenCalls(sessions, queue, window, own, scheduler);
        endings = new CallEndings(
                port, window, budget, counters, settlements, scheduler, session -> listener.onSettled(session));
        CallRecall recall = new CallRecall(queue, held, window, tokens);
        withdrawals = new Withdrawals(port, window, deadlines, tokens, pings, recall, endings, counters);
        failures = new Failures(port, open, queue, window, deadlines, reads, pings, recall, endings, counters);
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

    /** What is going on. */
    OpenCalls open() {
        return open;
    }

    /** For calls that can't have the child, or not in time. */
    Failures failures() {
        return failures;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    // ---- on the way to the child

    /** Why a session may have no further call: it has as many as it may have. */
    Optional<Fault> refusal(Session session) {
        return session.calls.size() < limits.queuedCalls() ? Optional.empty() : Optional.of(CallFaults.queueFull(limits.queuedCalls()));
    }

    /** Queues a request of a client whose session is not full. */
    void submit(Session session, Message.Request request, RequestRule rule, ReplyTo replyTo) {
        RequestParams params = RequestParams.of(request, names);
        Call call = new Call(session, request, params, rule, replyTo, nanos(), nextArrival());
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
        while (port.ready() && hasRoom() && queue.size() > 0) {
            Optional<Call> next = queue.poll(this::mayBeServed, this::isReadBy);
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
        if (window.isEmpty() && queue.size() > 0 && (budget.spent() || port.pending() > 0)) {
            relief.update(scheduler.schedule(this::pump, RELIEF.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    /**
     * Whoever came behind a borrower waits. While memory is short the child is given one call at a time, and none for a
     * session that does not read its answers.
     */
    private boolean mayBeServed(Session session) {
        return session.queue.peekFirst().arrival < gate.getAsLong()
                && (!budget.spent() || window.isEmpty() && session.link.pending() <= limits.freelyQueuedBytes());
    }

    /** Whether the child has read so much that this one does not make its outbox run over: a large call waits until it has read all. */
    private boolean isReadBy(Call next) {
        long pending = port.pending();
        return pending == 0 || pending + next.length <= limits.freelyQueuedBytes();
    }

    private void takeTurn(Call call) {
        Optional<Fault> gone = succession.refusal(call.session, call.method);
        if (gone.isPresent()) {
            call.rule.onLost(call);
            endings.fail(call, gone.get());
            return;
        }
        RequestRule.Verdict verdict = call.rule.onTurn(call);
        if (verdict instanceof RequestRule.Verdict.Answer answer) {
            endings.answerInPlace(call, answer.result());
        } else if (verdict instanceof RequestRule.Verdict.Refuse refuse) {
            endings.fail(call, refuse.fault());
        } else {
            handOver(call);
            listener.onSettled(call.session);
        }
    }

    private void handOver(Call call) {
        window.enter(call);
        if (call.progressToken.isPresent()) {
            tokens.register(call.upstreamId, call, call.progressToken.get());
        }
        call.onHandOver(nanos());
        deadlines.onHandedOver(call);
        call.sending = port.send(Splices.forChild(call.request.orElseThrow(), call.progressToken, call.upstreamId));
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
        if (!own.onResponse(response)) {
            Optional<Call> call = window.leave(response.id());
            if (call.isPresent()) {
                settle(call.get(), response);
            } else {
                counters.count(window.wasVacated(response.id()) ? Counter.ANSWERS_LATE : Counter.ANSWERS_UNKNOWN);
            }
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
            LOG.info("{}: answered late, and the answer dropped", CallLog.name(call));
            endings.over(call);
        } else if (call.refusedBy.isPresent() && held.isRefusal(call, response)) {
            endings.fail(call, CallFaults.held(call.refusedBy.get()));
        } else {
            endings.answer(call, response, Splices.withId(answer, response, call.id));
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
                endings.fail(call, cause);
            } else {
                endings.over(call);
            }
        });
        pump();
    }

    // ---- taken back, or gone wrong; turns are given when all that end together have ended

    /** See {@link Withdrawals#cancel}. */
    void cancel(Session session, RpcId id, Optional<Message.Notification> notification, String reason) {
        withdrawals.cancel(session, id, notification, reason);
        pump();
    }

    /** A session has left. */
    void abandonAll(Session session) {
        withdrawals.cancelAll(session);
        pump();
    }

    private void onPong(List<Call> cancelled) {
        withdrawals.onPong(cancelled);
        pump();
    }

    /** The child is gone. */
    void onChildGone(Optional<Fault.ChildState> who, List<String> lastWords) {
        List<Call> lost = window.empty();
        own.onChildGone();
        pings.onChildGone();
        tokens.clear();
        deadlines.onChildGone();
        failures.died(lost, who, lastWords);
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
            return open.waiting();
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
            failures.expireWaiting(call);
        }

        @Override
        public void expireOnChild(Call call) {
            if (call.state == Call.State.SENT) {
                failures.expireOnChild(call);
                pump();
            }
        }

        @Override
        public void stalled() {
            LOG.warn("the server has answered nobody since a deadline has passed; on it: {}",
                    window.all().stream().map(CallLog::name).limit(NAMED).toList());
            listener.onStalled();
        }
    }

    private long nanos() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
