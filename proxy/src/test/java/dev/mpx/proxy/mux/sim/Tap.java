package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.mux.Timeouts;
import java.util.function.Consumer;

/**
 * Sits between the multiplexer and the world that judges it, and may tamper with what comes out or goes in: a
 * multiplexer with a planted bug. This one is honest.
 */
class Tap {
    static final Tap HONEST = new Tap();

    void fromClient(SimClient client, Line line, Consumer<Line> multiplexer) {
        multiplexer.accept(line);
    }

    void toClient(SimClient client, Frame frame, Consumer<Frame> out) {
        out.accept(frame);
    }

    void fromChild(Line line, Consumer<Line> multiplexer) {
        multiplexer.accept(line);
    }

    void toChild(Frame frame, Consumer<Frame> out) {
        out.accept(frame);
    }

    /** What the multiplexer is told of deadlines; the world goes by the right ones. */
    Timeouts timeouts(Timeouts right) {
        return right;
    }

    /** What the multiplexer is told of the server. */
    ServerTraits traits(ServerTraits right) {
        return right;
    }

    /** Whether the multiplexer takes a process for dead as soon as it has asked for its end. */
    boolean takesEndingForDead() {
        return false;
    }
}
