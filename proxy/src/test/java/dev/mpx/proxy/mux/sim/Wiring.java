package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.Closed;
import java.util.function.Consumer;

/** Who hears of everything that passes over a simulated link, in the moment it does. */
interface Wiring<M> {
    /** The multiplexer reads a line now. */
    void read(Parcel<M> parcel, Consumer<Line> multiplexer);

    /** The multiplexer sends a frame now; whatever is handed on goes into the outbox. */
    void sending(Frame frame, Consumer<Frame> outbox);

    /** The frame is in the outbox. */
    void sent(Out out);

    /** Its first byte leaves. */
    void begun(Out out);

    /** The frame was taken back before it began to leave. */
    void withdrawn(Out out);

    /** The other side has the whole frame. */
    void received(Out out);

    /** The multiplexer will learn now that the other side has ended its stream. */
    void ended();

    /** The multiplexer will learn now that the link is closed. */
    void closed(Closed closed);
}
