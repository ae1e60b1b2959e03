package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import java.util.Optional;

/** Wants to hear of every call when it is over. Called on the multiplexer's scheduler; must not block. */
@FunctionalInterface
public interface CallObserver {
    CallObserver NONE = (call, request, answer) -> {};

    /**
     * A call is settled: answered, failed, or taken back. Told once of each; an answer of the server's that comes later
     * is counted and dropped.
     *
     * @param call small, and may be kept
     * @param request as it was queued; not to be kept, since its memory is the client's budget
     * @param answer what the client gets; empty for a call that was taken back; not to be kept either
     */
    void onSettled(SettledCall call, Optional<Message.Request> request, Optional<Frame> answer);

    /** Tells both, this one first. */
    default CallObserver and(CallObserver other) {
        return (call, request, answer) -> {
            onSettled(call, request, answer);
            other.onSettled(call, request, answer);
        };
    }
}
