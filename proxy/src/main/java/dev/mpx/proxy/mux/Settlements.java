package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RepeatedTexts;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.mux.SettledCall.Ending;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/** Tells the observer how calls have ended. */
final class Settlements {
    /** Of a text that a client has chosen. */
    private static final int LONGEST = 200;

    private static final Set<String> OF_DEADLINES = Set.of("timeout", "queue-timeout", "server-not-reading");

    private final CallObserver observer;
    private final Scheduler scheduler;
    private final RepeatedTexts names = new RepeatedTexts();

    Settlements(CallObserver observer, Scheduler scheduler) {
        this.observer = observer;
        this.scheduler = scheduler;
    }

    /** The child has answered. */
    void answered(Call call, Optional<Message.Request> request, Message.Response response, Frame answer) {
        if (response.error().isEmpty()) {
            answered(call, request, answer);
            return;
        }
        int code = response.error().flatMap(error -> error.get("code")).flatMap(JsonValue::integer).map(Settlements::narrow).orElse(0);
        tell(call, request, Optional.of(answer), Ending.ERROR, code, "");
    }

    private static int narrow(long code) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, code));
    }

    /** mpx has answered in the child's place. */
    void answered(Call call, Optional<Message.Request> request, Frame answer) {
        tell(call, request, Optional.of(answer), Ending.ANSWERED, 0, "");
    }

    void failed(Call call, Optional<Message.Request> request, Fault fault, Frame answer) {
        String reason = reason(fault);
        Ending ending = OF_DEADLINES.contains(reason) ? Ending.TIMED_OUT : Ending.FAILED;
        tell(call, request, Optional.of(answer), ending, fault.code(), reason);
    }

    private static String reason(Fault fault) {
        return fault.details().map(Fault.Details::reason).orElse("refused");
    }

    /** @param ending {@link Ending#CANCELLED} or {@link Ending#CLIENT_GONE} */
    void takenBack(Call call, Optional<Message.Request> request, Ending ending) {
        tell(call, request, Optional.empty(), ending, 0, "");
    }

    private void tell(Call call, Optional<Message.Request> request, Optional<Frame> answer, Ending ending, int code, String reason) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        SettledCall settled = new SettledCall(
                call.session.number,
                call.session.agent(),
                bounded(call.id),
                bounded(call.method),
                bounded(call.target),
                now - call.cameNanos,
                call.isHandedOver ? now - call.handedOverNanos : SettledCall.NEVER,
                call.length,
                answer.isPresent() ? answer.get().length() : 0,
                ending,
                code,
                reason);
        observer.onSettled(settled, request, answer);
    }

    /** A request that was answered when it came, and never became a call. */
    void atOnce(Session session, Message.Request request, Frame answer) {
        tellAtOnce(session, request, answer, Ending.ANSWERED, 0, "");
    }

    /** A request that was refused when it came. */
    void atOnce(Session session, Message.Request request, Frame answer, Fault fault) {
        tellAtOnce(session, request, answer, Ending.REFUSED, fault.code(), reason(fault));
    }

    private void tellAtOnce(Session session, Message.Request request, Frame answer, Ending ending, int code, String reason) {
        SettledCall settled = new SettledCall(
                session.number,
                session.agent(),
                bounded(request.id()),
                bounded(request.method()),
                bounded(RequestParams.of(request, names).target()),
                0,
                SettledCall.NEVER,
                request.frame().length(),
                answer.length(),
                ending,
                code,
                reason);
        observer.onSettled(settled, Optional.of(request), Optional.of(answer));
    }

    static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + '…';
    }

    private static RpcId bounded(RpcId id) {
        return id.length() <= LONGEST ? id : RpcId.of(bounded(id.text().orElseGet(id::toString)));
    }
}
