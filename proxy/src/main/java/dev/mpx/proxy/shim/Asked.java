package dev.mpx.proxy.shim;

import dev.mpx.framing.RpcId;

/** A request of the agent that the daemon has yet to answer. The flag is set by the sender and read when all is over. */
final class Asked {
    /** What its answer means to the shim. */
    enum Purpose { INITIALIZE, SUBSCRIBE, ANYTHING }

    final RpcId id;
    final Purpose purpose;
    /** For SUBSCRIBE, what is subscribed to. */
    final String uri;
    /** Whether a byte of it went out. */
    volatile boolean sent;

    Asked(RpcId id, Purpose purpose, String uri) {
        this.id = id;
        this.purpose = purpose;
        this.uri = uri;
    }
}
