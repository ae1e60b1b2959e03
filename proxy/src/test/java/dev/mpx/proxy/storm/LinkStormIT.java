package dev.mpx.proxy.storm;

import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.ShimProgram;
import dev.mpx.proxy.topology.HostAndContainer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The storm across the boundary: whatever becomes of the way between the two sides there is one writer, no write is lost or doubled,
 * and nothing is left open.
 */
@Alone
class LinkStormIT {
    @RegisterExtension
    final HostAndContainer sides = new HostAndContainer();

    @Test
    void byTheRelayNothingIsLostOrDoubledAndNothingIsLeftOpen() throws Exception {
        rage(LinkRoute.RELAY, LinkRoute.RELAY.faults());
    }

    @Test
    void byTheUsersSshNothingIsLostOrDoubledAndNothingIsLeftOpen() throws Exception {
        ShimProgram.NATIVE.assumePresent();
        rage(LinkRoute.OPENSSH, LinkRoute.OPENSSH.few());
    }

    @Test
    void byTcpNothingIsLostOrDoubledAndNothingIsLeftOpen() throws Exception {
        rage(LinkRoute.TCP, LinkRoute.TCP.few());
    }

    private void rage(LinkRoute route, Set<LinkFault> faults) throws Exception {
        try (LinkStorm storm = new LinkStorm(sides, route, faults)) {
            storm.rage();
        }
    }
}
