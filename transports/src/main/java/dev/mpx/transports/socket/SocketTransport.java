package dev.mpx.transports.socket;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.flow.ReadGate;
import dev.mpx.transports.loop.EventLoop;

/** What all socket links of one loop share, of whatever family. */
public final class SocketTransport {
    private final EventLoop loop;
    private final ByteBudget budget;
    private final LinkLimits limits;
    private final ReadGate gate;

    public SocketTransport(EventLoop loop, ByteBudget budget, LinkLimits limits) {
        this.loop = loop;
        this.budget = budget;
        this.limits = limits;
        this.gate = new ReadGate(budget, loop.scheduler());
    }

    /** The loop that drives them. */
    public EventLoop loop() {
        return loop;
    }

    ByteBudget budget() {
        return budget;
    }

    LinkLimits limits() {
        return limits;
    }

    ReadGate gate() {
        return gate;
    }
}
