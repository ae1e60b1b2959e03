package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.Alone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** With the heap the daemon is shipped with: too much at once ends in waiting and in answers, not in a dead daemon. */
@Timeout(150)
@Alone
class MemoryIT {
    private static final int SESSIONS = 100;
    private static final int LINE = 30 << 20;
    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final byte[] CHUNK = new byte[64 << 10];

    static {
        Arrays.fill(CHUNK, (byte) 'x');
    }

    @RegisterExtension
    final UserHome user = new UserHome();

    private final List<String> server = ScriptedServer.command();

    @Test
    void aHundredSessionsThatEachSendThirtyMebibytesAtOnceAreAllAnswered() throws Exception {
        ExecutorService senders = Executors.newFixedThreadPool(SESSIONS);
        List<McpClient> clients = new ArrayList<>();
        try (Bystander bystander = Bystander.with(user.session(server))) {
            for (int i = 0; i < SESSIONS; i++) {
                McpClient client = user.socket().open();
                client.initialize();
                clients.add(client);
            }
            OsProcess daemon = user.daemon();
            long before = daemon.residentKiB();
            long start = System.nanoTime();
            List<Future<?>> sent = new ArrayList<>();
            for (McpClient client : clients) {
                sent.add(senders.submit(() -> sendLargeCall(client)));
            }
            String pid = null;
            for (int i = 0; i < SESSIONS; i++) {
                long left = LIMIT.toNanos() - (System.nanoTime() - start);
                Json answer = Json.parse(clients.get(i).nextLine(Duration.ofNanos(left))
                        .orElseThrow(() -> new AssertionError("no answer within " + LIMIT + ", or no connection any more")));
                assertThat(answer.has("result")).as("session %s: %s", i, answer.raw()).isTrue();
                String text = answer.at("result", "content").elements().get(0).at("text").text();
                assertThat(text).isEqualTo(pid == null ? text : pid);
                pid = text;
            }
            for (Future<?> one : sent) {
                one.get();
            }
            System.out.printf("[figure] %d x %d MiB at once: %.1f s; daemon's RSS %d MiB before, %d MiB after, peak %d MiB;"
                            + " the bystander's %d calls took %d ms at most%n",
                    SESSIONS, LINE >> 20, (System.nanoTime() - start) / 1e9, before >> 10, daemon.residentKiB() >> 10,
                    daemon.peakKiB() >> 10, bystander.calls(), bystander.worst().toMillis());
            bystander.sawNothing(Duration.ofSeconds(10));
            assertThat(bystander.calls()).as("its calls meanwhile").isGreaterThan(20);
            assertThat(user.daemon()).isEqualTo(daemon);
            assertThat(user.statusJson().at("counters", "child_starts").integer()).isEqualTo(1);
            assertThat(Files.readString(user.home().resolve("logs/daemon.log"))).doesNotContain("OutOfMemory");
            await().until(() -> user.statusJson().at("buffers", "bytes").integer() < LINE);
        } finally {
            clients.forEach(McpClient::kill);
            senders.shutdownNow();
        }
    }

    /** In pieces, out of one array: this side's memory is not what is tested. */
    private static void sendLargeCall(McpClient client) {
        client.sendRaw(bytes("{\"jsonrpc\":\"2.0\",\"id\":\"large\",\"method\":\"tools/call\",\"params\":{\"name\":\"pid\",\"arguments\":{\"x\":\""));
        for (int i = 0; i < LINE / CHUNK.length; i++) {
            client.sendRaw(CHUNK);
        }
        client.sendRaw(bytes("\"}}}\n"));
    }

    /** A fresh daemon, since one that has had large answers before has the memory already. */
    @Test
    void aLargeResultTakesNoMoreThanTwiceItsSize() throws Exception {
        try (McpClient client = user.session(server)) {
            client.initialize();
            client.tool("size", "{\"bytes\":100000}");
            OsProcess daemon = user.daemon();
            long before = daemon.peakKiB();

            assertThat(client.tool("size", "{\"bytes\":" + (16 << 20) + "}").text()).hasSize(16 << 20);

            long grown = daemon.peakKiB() - before;
            System.out.printf("[figure] one result of 16 MiB: the daemon grew by %.1f MiB%n", grown / 1024.0);
            assertThat(grown).isLessThan(32 << 10);
        }
    }

    @Test
    void clientsThatDoNotReadTheirLargeAnswersAreClosedAndHurtNobody() throws Exception {
        // No more than that many large answers can stand before a small one in the server's single pipe.
        user.set("MPX_CHILD_WINDOW", "4");
        List<SocketChannel> deaf = new ArrayList<>();
        try (Bystander bystander = Bystander.with(user.session(server))) {
            OsProcess daemon = user.daemon();
            for (int i = 0; i < 10; i++) {
                deaf.add(askingForMuch());
            }
            await().atMost(Duration.ofSeconds(60)).until(() -> user.statusJson().at("counters", "sessions_slow").integer() > 0
                    && user.statusJson().at("running").elements().isEmpty());
            int calls = bystander.calls();
            await().until(() -> bystander.calls() > calls + 20);
            try (McpClient newcomer = user.socket().open()) {
                newcomer.initialize();
                assertThat(newcomer.tool("size", "{\"bytes\":10000000}").text()).hasSize(10_000_000);
            }
            System.out.printf("[figure] ten clients that do not read: daemon's peak RSS %d MiB; the bystander's slowest call %d ms%n",
                    daemon.peakKiB() >> 10, bystander.worst().toMillis());
            // Four large answers may stand before its own in the pipe, and wait for a deaf client to be closed, two seconds each.
            bystander.sawNothing(Duration.ofSeconds(20));
            assertThat(user.daemon()).isEqualTo(daemon);
            assertThat(user.statusJson().at("counters", "child_starts").integer()).isEqualTo(1);
        } finally {
            for (SocketChannel channel : deaf) {
                channel.close();
            }
        }
    }

    /** A session with six calls for 30 MiB each that never reads a byte. */
    private SocketChannel askingForMuch() {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(user.socketPath()));
            StringBuilder lines = new StringBuilder("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
                    + "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"deaf\",\"version\":\"1\"}}}\n");
            for (int id = 1; id <= 6; id++) {
                lines.append("{\"jsonrpc\":\"2.0\",\"id\":").append(id)
                        .append(",\"method\":\"tools/call\",\"params\":{\"name\":\"size\",\"arguments\":{\"bytes\":").append(LINE).append("}}}\n");
            }
            channel.write(ByteBuffer.wrap(bytes(lines.toString())));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
