package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.transports.Sending;
import java.util.Optional;

/** A frame in a simulated outbox. */
final class Out implements Sending {
    private final SimLink<?> link;
    final Frame frame;
    /** The request it carries, if it is a client's on its way to the child. */
    Optional<Ask> ask = Optional.empty();

    private boolean begun;
    private boolean withdrawn;

    Out(SimLink<?> link, Frame frame) {
        this.link = link;
        this.frame = frame;
    }

    void begin() {
        begun = true;
    }

    @Override
    public boolean begun() {
        return begun;
    }

    @Override
    public boolean withdraw() {
        if (!begun && !withdrawn) {
            withdrawn = true;
            link.withdrawn(this);
        }
        return withdrawn;
    }
}
