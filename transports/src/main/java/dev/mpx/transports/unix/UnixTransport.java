package dev.mpx.transports.unix;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.flow.ReadGate;
import dev.mpx.transports.loop.EventLoop;

/** What all UNIX links of one loop share. */
public final class UnixTransport {
    private final EventLoop loop;
    private final ByteBudget budget;
    private final LinkLimits limits;
    private final ReadGate gate;

    public UnixTransport(EventLoop loop, ByteBudget budget, LinkLimits limits) {
        this.loop = loop;
        this.budget = budget;
        this.limits = limits;
        this.gate = new ReadGate(budget, loop.scheduler());
    }

    EventLoop loop() {
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
