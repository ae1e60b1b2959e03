package dev.mpx.proxy.mux;

import dev.mpx.framing.ErrorCode;
import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.Responses;
import java.util.Map;
import java.util.Optional;

/** What is done with each request of a client: answered here, refused, or made a call. */
final class ClientRequests {
    private final Map<String, RequestRule> rules;
    private final Calls calls;
    private final Welcome welcome;
    private final Control control;
    private final Succession succession;
    private final Settlements settlements;
    private Optional<Fault> closing = Optional.empty();

    /** @param rules by method; any method without one is forwarded as it is */
    ClientRequests(Map<String, RequestRule> rules, Calls calls, Welcome welcome, Control control, Succession succession, Settlements settlements) {
        this.rules = rules;
        this.calls = calls;
        this.welcome = welcome;
        this.control = control;
        this.succession = succession;
        this.settlements = settlements;
    }

    /** From now on every request that would need the child is answered with this. */
    void refuseAll(Fault fault) {
        closing = Optional.of(fault);
    }

    void onRequest(Session session, Message.Request request, ReplyTo replyTo) {
        if (session.hasInFlight(request.id())) {
            refuse(request, replyTo, "A request with this id is already in flight; that one goes on.");
            return;
        }
        switch (request.method()) {
            case Methods.PING -> replyTo.reply(Responses.result(request.id(), Json.EMPTY_OBJECT));
            // modern clients open with it and fall back to initialize on this error
            case Methods.DISCOVER -> replyTo.reply(
                    Fault.plain(ErrorCode.METHOD_NOT_FOUND, "This server speaks the revisions up to "
                                    + Revisions.NEWEST + "; open with initialize.")
                            .answer(Optional.of(request.id())));
            case Methods.INITIALIZE -> onInitialize(session, request, replyTo);
            default -> {
                if (request.method().startsWith(Methods.CONTROL_PREFIX)) {
                    onControl(session, request, replyTo);
                } else {
                    onOther(session, request, replyTo);
                }
            }
        }
    }

    private void onInitialize(Session session, Message.Request request, ReplyTo replyTo) {
        if (replyTo != session) {
            refuse(request, replyTo, "initialize must not be part of a batch.");
        } else if (session.phase != Session.Phase.NEW) {
            refuse(request, replyTo, "This session is initialized already.");
        } else if (closing.isPresent()) {
            replyTo.reply(closing.get().answer(Optional.of(request.id())));
        } else {
            welcome.onInitialize(session, request);
        }
    }

    private void onControl(Session session, Message.Request request, ReplyTo replyTo) {
        Control.Reply reply = control.on(session.link.peer(), request.method(), request.params());
        if (reply instanceof Control.Reply.Refused refused) {
            replyTo.reply(refused.fault().answer(Optional.of(request.id())));
        } else if (reply instanceof Control.Reply.Result result) {
            session.asksMpxItself = true;
            replyTo.reply(Responses.result(request.id(), result.json()));
        } else if (reply instanceof Control.Reply.Welcome let) {
            session.introduction = Optional.of(let.who());
            replyTo.reply(Responses.result(request.id(), let.json()));
        } else if (reply instanceof Control.Reply.Later later) {
            session.asksMpxItself = true;
            later.begin().accept(new LateReply(session, request.id(), replyTo));
        } else if (reply instanceof Control.Reply.HangUp) {
            session.link.abort();
        }
    }

    private void onOther(Session session, Message.Request request, ReplyTo replyTo) {
        if (session.phase == Session.Phase.NEW) {
            refuse(request, replyTo, "Send initialize first.");
            return;
        }
        if (closing.isPresent()) {
            turnAway(session, request, replyTo, closing.get());
            return;
        }
        Optional<Fault> gone = succession.refusal(session, request.method());
        if (gone.isPresent()) {
            turnAway(session, request, replyTo, gone.get());
            return;
        }
        // before the rule is asked, which may take note of what will now not happen
        Optional<Fault> full = calls.refusal(session);
        if (full.isPresent()) {
            turnAway(session, request, replyTo, full.get());
            return;
        }
        RequestRule rule = rules.getOrDefault(request.method(), RequestRule.FORWARD);
        RequestRule.Verdict verdict = rule.onRequest(session, request);
        if (verdict instanceof RequestRule.Verdict.Answer answer) {
            Frame result = Responses.result(request.id(), answer.result());
            replyTo.reply(result);
            settlements.atOnce(session, request, result);
        } else if (verdict instanceof RequestRule.Verdict.Refuse refuse) {
            turnAway(session, request, replyTo, refuse.fault());
        } else {
            calls.submit(session, rule.onSubmit(request), rule, replyTo);
        }
    }

    private void turnAway(Session session, Message.Request request, ReplyTo replyTo, Fault fault) {
        Frame answer = fault.answer(Optional.of(request.id()));
        replyTo.reply(answer);
        settlements.atOnce(session, request, answer, fault);
    }

    private static void refuse(Message.Request request, ReplyTo replyTo, String reason) {
        replyTo.reply(Fault.plain(ErrorCode.INVALID_REQUEST, reason).answer(Optional.of(request.id())));
    }
}
