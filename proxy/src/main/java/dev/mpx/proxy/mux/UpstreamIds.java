package dev.mpx.proxy.mux;

import dev.mpx.framing.RpcId;

/** The ids under which the child sees requests: numbers, none ever used twice in this daemon's life. */
final class UpstreamIds {
    private long last;

    RpcId next() {
        return RpcId.of(++last);
    }
}
