package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.status.TakenPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ports that settings name: which those are, and who has one that can't be had. */
class WantedPortTest {
    private static final OptionalLong NOBODY = OptionalLong.empty();

    @TempDir
    Path directory;

    private static ServerSocket listening(String address) throws IOException {
        return new ServerSocket(0, 1, InetAddress.getByName(address));
    }

    private static WantedPort metrics(ServerSocket socket) {
        return WantedPort.forMetrics(socket.getLocalPort());
    }

    @Test
    void bothPortsOfTheSettingsAreMeantAndOneThatMayBeAnyIsNone() {
        Environment named = new Environment(Map.of("MPX_METRICS_PORT", "9464", "MPX_TCP_PORT", "7433"), directory, directory);
        Environment any = new Environment(Map.of("MPX_TCP_PORT", "0"), directory, directory);

        assertThat(WantedPort.of(new Home(directory.resolve("h")), named)).extracting(WantedPort::text)
                .containsExactly("127.0.0.1:7433 for guests", "127.0.0.1:9464 for metrics");
        assertThat(WantedPort.of(new Home(directory.resolve("h")), any)).isEmpty();
    }

    @Test
    void oneThatIsFreeIsNotTaken() throws Exception {
        ServerSocket closed = listening("127.0.0.1");
        closed.close();

        assertThat(metrics(closed).taken()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whoHasOneIsNamedOnWhicheverAddressItListens() throws Exception {
        long own = ProcessHandle.current().pid();
        for (String address : List.of("127.0.0.1", "0.0.0.0", "::")) {
            try (ServerSocket socket = listening(address)) {
                TakenPort taken = metrics(socket).taken().orElseThrow();

                assertThat(taken.pid()).as(address).hasValue(own);
                assertThat(taken.sentence()).startsWith("127.0.0.1:" + socket.getLocalPort() + " (metrics) can't be had: ")
                        .contains(", by pid " + own + " (").contains("java");
                assertThat(taken.want()).startsWith("the settings have the daemon serve metrics on 127.0.0.1:" + socket.getLocalPort()
                        + ", which can't be had: ").endsWith(taken.reason());
                assertThat(taken.reason()).as("who names the address himself").doesNotContain("127.0.0.1:" + socket.getLocalPort() + " ");
                assertThat(metrics(socket).takenByOther(NOBODY)).isPresent();
                assertThat(metrics(socket).takenByOther(OptionalLong.of(1))).isPresent();
                assertThat(metrics(socket).takenByOther(OptionalLong.of(own))).as("its own daemon's").isEmpty();
            }
        }
    }

    /** Red when words of an address are read in the order in which they are written. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whoListensOnAnotherAddressIsNotInTheWay() throws Exception {
        try (ServerSocket socket = listening("127.0.0.2")) {
            assertThat(PortHolder.of(new InetSocketAddress("127.0.0.1", socket.getLocalPort()))).isEmpty();
            assertThat(PortHolder.of(new InetSocketAddress("127.0.0.2", socket.getLocalPort()))).hasValue(ProcessHandle.current().pid());
        }
    }
}
