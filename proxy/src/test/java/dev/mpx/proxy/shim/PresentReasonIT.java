package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay says why it can't reach the host, and why again later: an agent that was refused once hears what is the case now. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PresentReasonIT {
    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = Files.createDirectories(directory.toRealPath().resolve("h"));
    }

    private static byte[] refusal(String outlook, String message) {
        return ("{\"jsonrpc\":\"2.0\",\"id\":\"mpx-hello\",\"error\":{\"code\":-32012,\"message\":\"" + message
                + "\",\"data\":{\"mpx\":{\"reason\":\"no-daemon\",\"outlook\":\"" + outlook + "\"}}}}\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The first greetings are refused for one reason, all others for another. */
    private void refuse(ServerSocketChannel relay) throws IOException {
        for (int count = 0; relay.isOpen(); count++) {
            SocketChannel shim = relay.accept();
            shim.read(ByteBuffer.allocate(8192));
            shim.write(ByteBuffer.wrap(count < 3 ? refusal("failed", "No way, as it was.") : refusal("busy", "Still connecting; the key HAS CHANGED.")));
        }
    }

    @Test
    void whoWasToldWhyIsToldTheNextReasonAlsoIfThatIsOneToWaitFor() throws Exception {
        Path socket = home.resolve("broker.sock");
        try (ServerSocketChannel relay = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            relay.bind(UnixDomainSocketAddress.of(socket));
            new BrokerFile("0", ProcessHandle.current().pid(), Instant.now(), BootId.current(), List.of("unix:" + socket),
                    Optional.empty(), List.of("fake"), Optional.empty()).write(home.resolve("broker.json"));
            Thread answers = new Thread(() -> {
                try {
                    refuse(relay);
                } catch (IOException closed) {
                    // the test is over
                }
            });
            answers.setDaemon(true);
            answers.start();
            try (ShimProcess shim = ShimProgram.JAVA.start(home.getParent(), Map.of(),
                    List.of(ShimProgram.LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"))) {
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    shim.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}");
                    assertThat(shim.hear()).contains("HAS CHANGED", "-32012");
                });
            }
        }
    }
}
