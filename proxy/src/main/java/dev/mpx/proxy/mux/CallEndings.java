package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.Responses;
import dev.mpx.proxy.mux.SettledCall.Ending;
import dev.mpx.transports.ByteBudget;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.scheduler.Scheduler;

/**
 * How a call ends for its client: it is answered, with what the child says or with a fault, or the client has taken it
 * back. Each end is counted and told to the observers once.
 */
final class CallEndings {
    private final Calls.Port port;
    private final Window window;
    private final ByteBudget budget;
    private final Counters counters;
    private final Settlements settlements;
    private final Scheduler scheduler;
    private final Consumer<Session> onSettled;

    /** @param onSettled told last of each end */
    CallEndings(
            Calls.Port port,
            Window window,
            ByteBudget budget,
            Counters counters,
            Settlements settlements,
            Scheduler scheduler,
            Consumer<Session> onSettled) {
        this.port = port;
        this.window = window;
        this.budget = budget;
        this.counters = counters;
        this.settlements = settlements;
        this.scheduler = scheduler;
        this.onSettled = onSettled;
    }

    /** With the child's answer. */
    void answer(Call call, Message.Response response, Frame answer) {
        Optional<Message.Request> request = reply(call, answer);
        settlements.answered(call, request, response, answer);
        onSettled.accept(call.session);
    }

    /** With a result that mpx gives in the child's place. */
    void answerInPlace(Call call, byte[] result) {
        Frame answer = Responses.result(call.id, result);
        Optional<Message.Request> request = reply(call, answer);
        settlements.answered(call, request, answer);
        onSettled.accept(call.session);
    }

    void fail(Call call, CallFaults.Cause cause) {
        fail(call, cause, port.state());
    }

    /** @param child the one it was on, where that is another one than now */
    void fail(Call call, CallFaults.Cause cause, Optional<Fault.ChildState> child) {
        fail(call, CallFaults.of(call, cause, scheduler.now(TimeUnit.MILLISECONDS), child));
    }

    void fail(Call call, Fault fault) {
        Frame answer = fault.answer(Optional.of(call.id));
        Optional<Message.Request> request = reply(call, answer);
        settlements.failed(call, request, fault, answer);
        onSettled.accept(call.session);
    }

    /** @return the request as it was queued */
    private Optional<Message.Request> reply(Call call, Frame answer) {
        Optional<Message.Request> request = call.request;
        call.state = window.holds(call) ? Call.State.ABANDONED : Call.State.DONE;
        release(call);
        call.session.calls.remove(call.id);
        call.session.answered++;
        counters.count(Counter.CALLS_ANSWERED);
        call.replyTo.reply(answer);
        return request;
    }

    /**
     * The client does not wait for it any more.
     *
     * @param request as it was queued
     * @param ending {@link Ending#CANCELLED} or {@link Ending#CLIENT_GONE}
     */
    void takenBack(Call call, Optional<Message.Request> request, Ending ending) {
        call.replyTo.forgo();
        settlements.takenBack(call, request, ending);
        onSettled.accept(call.session);
    }

    /** Nobody has waited for it any more, and now the child has answered it. */
    void over(Call call) {
        counters.count(Counter.ANSWERS_LATE);
        call.state = Call.State.DONE;
    }

    /** The message is not needed any more. */
    void release(Call call) {
        if (call.request.isPresent()) {
            call.request = Optional.empty();
            call.progressToken = Optional.empty();
            budget.give(call.length);
        }
    }
}
