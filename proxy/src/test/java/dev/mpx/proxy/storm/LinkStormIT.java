package dev.mpx.proxy.storm;

import dev.mpx.proxy.topology.HostAndContainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The storm across the boundary, over a real sshd. */
class LinkStormIT {
    @RegisterExtension
    final HostAndContainer sides = new HostAndContainer();

    @Test
    void whateverBecomesOfTheWayBetweenThemThereIsOneWriterAndNoWriteIsLostOrDoubledAndNothingIsLeftOpen() throws Exception {
        try (LinkStorm storm = new LinkStorm(sides)) {
            storm.rage();
        }
    }
}
