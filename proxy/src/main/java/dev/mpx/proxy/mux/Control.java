package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonValue;
import dev.mpx.transports.Peer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * mpx's own methods on a session's link ({@code mpx/hello}, {@code mpx/status}, {@code mpx/stop}), which the daemon
 * carries out. Called on the multiplexer's scheduler; must not block.
 */
@FunctionalInterface
public interface Control {
    /** What mpx's own methods answer. */
    sealed interface Reply {
        /** @param json the result, as JSON */
        record Result(byte[] json) implements Reply {}

        /** A shim is let in; its session is known by this from now on. */
        record Welcome(byte[] json, Introduction who) implements Reply {}

        record Refused(Fault fault) implements Reply {}

        /** An answer that takes its time, and is given through what this is handed. */
        record Later(Consumer<Asker> begin) implements Reply {}

        /** The link is closed without a word, so that a shim looks for another daemon. */
        record HangUp() implements Reply {}
    }

    /** One who has asked and has not been answered. */
    interface Asker {
        /** @param json the result */
        void answer(byte[] json);

        void refuse(Fault fault);

        /** @param params of a notification, as JSON */
        void tell(String method, byte[] params);

        /** Bytes on their way to it that it has not read. */
        default long pending() {
            return 0;
        }

        /** Called when the connection has ended, answered or not. */
        void onGone(Runnable then);

        /** The same for all that is asked on one connection, and for nothing else. */
        Object connection();
    }

    /** @param peer who asks; a guest may be refused what an owner may do */
    Reply on(Peer peer, String method, Optional<JsonValue> params);
}
