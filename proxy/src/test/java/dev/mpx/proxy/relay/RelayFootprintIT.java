package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.whole.OsProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the relay holds of memory, with the flags it is shipped with. */
@Timeout(180)
@Alone
class RelayFootprintIT {
    private static final int LINE = 8 << 20;

    @RegisterExtension
    final TwoSides sides = new TwoSides();

    @Test
    void itIsSmallAlsoAfterLargeLinesOfSeveralSessions() throws Exception {
        sides.ready();
        String large = "x".repeat(LINE);
        List<McpClient> agents = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                McpClient agent = sides.agent().open();
                assertThat(agent.initialize().isError()).isFalse();
                agents.add(agent);
            }
            OsProcess relay = sides.relay();
            long before = relay.residentKiB();
            for (int round = 0; round < 3; round++) {
                for (McpClient agent : agents) {
                    assertThat(agent.tool("echo", "{\"text\":\"" + large + "\"}").text()).hasSize(LINE);
                }
            }
            System.out.printf("[figure] relay's RSS: %d MiB before, %d MiB after %d lines of 8 MiB there and back, peak %d MiB%n",
                    before >> 10, relay.residentKiB() >> 10, 3 * agents.size(), relay.peakKiB() >> 10);
            assertThat(relay.residentKiB()).isLessThan(100 << 10);
        } finally {
            agents.forEach(McpClient::kill);
        }
    }
}
