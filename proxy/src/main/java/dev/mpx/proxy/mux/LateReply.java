package dev.mpx.proxy.mux;

import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import java.util.Optional;

/** An answer of mpx's own that is given later, unless the client has gone by then. */
record LateReply(Session session, RpcId id, ReplyTo replyTo) implements Control.Asker {
    @Override
    public void answer(byte[] json) {
        if (isHere()) {
            replyTo.reply(Responses.result(id, json));
        }
    }

    @Override
    public void refuse(Fault fault) {
        if (isHere()) {
            replyTo.reply(fault.answer(Optional.of(id)));
        }
    }

    @Override
    public void tell(String method, byte[] params) {
        if (isHere()) {
            session.send(Notices.of(method, params));
        }
    }

    @Override
    public void onGone(Runnable then) {
        session.link.closed().subscribe(closed -> then.run(), error -> then.run());
    }

    @Override
    public Object connection() {
        return session;
    }

    @Override
    public long pending() {
        return session.link.pending();
    }

    private boolean isHere() {
        return session.presence != Session.Presence.GONE;
    }
}
