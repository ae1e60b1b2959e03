package dev.mpx.proxy.mux;

/** Takes calls out of wherever they are, as long as the child has seen nothing of them. */
final class CallRecall {
    private final FairQueue queue;
    private final HeldCalls held;
    private final Window window;
    private final ProgressTokens tokens;

    CallRecall(FairQueue queue, HeldCalls held, Window window, ProgressTokens tokens) {
        this.queue = queue;
        this.held = held;
        this.window = window;
        this.tokens = tokens;
    }

    /**
     * Takes an open call out.
     *
     * @return whether not one byte of it is or will be on the child; if one is, the call stays where it is
     */
    boolean takesOut(Call call) {
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
}
