package dev.mpx.proxy.mux;

import dev.mpx.framing.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Asks the child to ping after cancellations. A server that heeds a cancellation does not answer the call (MCP,
 * "Cancellation"), so its place in the window would be lost. Once the child has answered a later ping it has dealt with
 * the cancellation: either it has answered the call before, as a serial one does, in order, or the call holds nobody up.
 *
 * <p>One ping at a time: a child that never answers any is not asked for ever.
 */
final class Pings {
    private final OwnRequests own;
    private final Consumer<List<Call>> onPong;
    private final List<Call> next = new ArrayList<>();
    private Optional<List<Call>> asked = Optional.empty();

    /** @param onPong gets the calls that were cancelled before the ping which the child has answered */
    Pings(OwnRequests own, Consumer<List<Call>> onPong) {
        this.own = own;
        this.onPong = onPong;
    }

    /** The child has been told that this call is cancelled. */
    void after(Call cancelled) {
        next.add(cancelled);
        ask();
    }

    private void ask() {
        if (asked.isEmpty() && !next.isEmpty()) {
            List<Call> batch = List.copyOf(next);
            next.clear();
            asked = Optional.of(batch);
            own.ask(Methods.PING, Json.EMPTY_OBJECT, new OwnRequests.Outcome() {
                @Override
                public void onAnswer(Message.Response pong) {
                    onPong(batch);
                }

                /** It shows as well that the child has come so far. */
                @Override
                public void onUnreadable() {
                    onPong(batch);
                }

                @Override
                public void onForgotten() {
                    askAnew(batch);
                }
            });
        }
    }

    /** Nothing is known of how far the child has come. This is as rare as the bound of own requests is large. */
    private void askAnew(List<Call> batch) {
        asked = Optional.empty();
        next.addAll(0, batch);
        ask();
    }

    private void onPong(List<Call> batch) {
        asked = Optional.empty();
        onPong.accept(batch);
        ask();
    }

    void onChildGone() {
        next.clear();
        asked = Optional.empty();
    }
}
