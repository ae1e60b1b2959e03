package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;

/** What is done with the requests of one method beyond forwarding them: a row of PROTOCOL.md's first table. */
interface RequestRule {
    /** Forwarded and answered as they are. */
    RequestRule FORWARD = new RequestRule() {};

    /** What becomes of a request. */
    sealed interface Verdict {
        /** It becomes a call to the child. */
        Verdict FORWARD = new Forward();

        record Forward() implements Verdict {}

        /** mpx answers it, with this JSON as its result. */
        record Answer(byte[] result) implements Verdict {}

        record Refuse(Fault fault) implements Verdict {}
    }

    /** Asked once when the request arrives. */
    default Verdict onRequest(Session session, Message.Request request) {
        return Verdict.FORWARD;
    }

    /**
     * The request becomes a call.
     *
     * @return what is queued: the request, or one spliced from it with the same id
     */
    default Message.Request onSubmit(Message.Request request) {
        return request;
    }

    /** Asked once more when the call's turn has come: what was true when it arrived may no longer be. */
    default Verdict onTurn(Call call) {
        return Verdict.FORWARD;
    }

    /**
     * The child has answered; called for abandoned calls too, whose answer goes nowhere.
     *
     * @return the frame to deliver, which is {@code response.frame()} or spliced from it; the id is put back afterwards
     */
    default Frame onResponse(Call call, Message.Response response) {
        return response.frame();
    }

    /** The call will never be answered by the child: cancelled before it was sent, or the child died with it. */
    default void onLost(Call call) {}
}
