package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.shim.ShimProgram;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a client or a server may send that it should not: each gets a clear answer, its session goes on where that makes
 * sense, and a bystander notices nothing. Straight to the daemon's socket, and through either shim.
 */
@Timeout(90)
class BadInputIT {
    private static final int CHUNK = 1 << 20;
    /** Of one small call beside whatever happens; a machine that is busy with other things has its share in it. */
    private static final Duration UNDISTURBED = Duration.ofSeconds(3);

    private enum Way { SOCKET, NATIVE, JAVA }

    @RegisterExtension
    final UserHome user = new UserHome();

    private final List<String> server = ScriptedServer.command("--banner");

    private McpClient open(Way way) throws Exception {
        if (way == Way.SOCKET) {
            return user.socket().open();
        }
        user.use(ShimProgram.valueOf(way.name()));
        return user.agent(server).open();
    }

    private static void goesOn(McpClient client) {
        assertThat(client.tool("echo", "{\"text\":\"goes on\"}").text()).isEqualTo("goes on");
    }

    /** The next line that is for no call, as an error. */
    private static void refused(McpClient client, int code, String id) {
        Json answer = client.nextMessage();
        assertThat(answer.at("error", "code").integer()).as(answer.raw()).isEqualTo(code);
        assertThat(answer.at("id").raw()).as(answer.raw()).isEqualTo(id);
        assertThat(answer.at("error", "message").text()).isNotBlank();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void everyBadLineIsAnsweredAndTheSessionGoesOn(Way way) throws Exception {
        try (Bystander bystander = Bystander.with(user.session(server)); McpClient client = open(way)) {
            client.initialize();
            String longId = "\"" + "i".repeat(10_000) + "\"";

            client.sendLine("garbage");
            refused(client, -32700, "null");
            client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"");
            refused(client, -32700, "1");
            client.sendRaw(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xC3, '(', '"', '}', '\n'});
            refused(client, -32700, "null");
            for (String line : List.of("5", "\"text\"", "null", "[]", "[1]")) {
                client.sendLine(line);
                refused(client, -32600, "null");
            }
            client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":5}");
            refused(client, -32600, "\"a\"");
            client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"ping\",\"params\":\"text\"}");
            refused(client, -32600, "\"b\"");
            client.sendLine("{\"jsonrpc\":\"1.0\",\"id\":\"c\",\"method\":\"ping\"}");
            refused(client, -32600, "\"c\"");
            client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":\"d\",\"id\":\"e\",\"method\":\"ping\"}");
            refused(client, -32600, "null");
            client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":\"f\",\"method\":\"ping\",\"method\":\"tools/list\"}");
            refused(client, -32600, "\"f\"");
            for (String id : List.of("1.5", "null", "{}", "[1]", "true")) {
                client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
                refused(client, -32600, "null");
            }
            client.sendLine("{\"jsonrpc\":\"2.0\",\"id\":\"g\",\"result\":{}}"); // an answer to nothing
            JsonResponse second = client.request("initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}");
            assertThat(second.errorCode()).hasValue(-32600);
            assertThat(client.await(client.callWithId(longId, "tools/call", "{\"name\":\"echo\",\"arguments\":{\"text\":\"long\"}}"))
                    .text()).isEqualTo("long");

            goesOn(client);
            assertThat(client.nextLine(Duration.ZERO)).as("a line too many").isEmpty();
            bystander.sawNothing(UNDISTURBED);
            Json counters = user.statusJson().at("counters");
            assertThat(counters.at("client_lines_unreadable").integer()).isEqualTo(18);
            assertThat(counters.at("client_answers_unknown").integer()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void anIdInFlightIsRefusedAndTheFirstGoesOn(Way way) throws Exception {
        try (Bystander bystander = Bystander.with(user.session(server)); McpClient client = open(way)) {
            client.initialize();
            String call = "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"tools/call\",\"params\":{\"name\":\"sleep\",\"arguments\":{\"ms\":700}}}";
            client.sendLine(call);
            client.sendLine(call);
            refused(client, -32600, "\"x\"");
            Json answer = client.nextMessage();
            assertThat(answer.at("id").text()).isEqualTo("x");
            assertThat(answer.at("result").raw()).contains("slept");
            goesOn(client);
            bystander.sawNothing(UNDISTURBED);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void beforeInitializeOnlyPingIsAnswered(Way way) throws Exception {
        try (Bystander bystander = Bystander.with(user.session(server)); McpClient client = open(way)) {
            assertThat(client.request("tools/list", "{}").errorCode()).hasValue(-32600);
            assertThat(client.tool("pid").errorCode()).hasValue(-32600);
            assertThat(client.request("ping", "{}").isError()).isFalse();
            assertThat(client.request("server/discover", "{}").errorCode()).hasValue(-32601);
            client.notify("notifications/roots/list_changed");
            assertThat(client.initialize().isError()).isFalse();
            goesOn(client);
            bystander.sawNothing(UNDISTURBED);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void halfAMessageAndAHangUpLeaveNothingBehind(Way way) throws Exception {
        try (Bystander bystander = Bystander.with(user.session(server))) {
            int before = user.statusJson().at("sessions").elements().size();
            for (String half : List.of("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/ca", "{", "\u00ff", "x".repeat(3_000_000))) {
                McpClient client = open(way);
                client.initialize();
                client.sendRaw(half.getBytes(StandardCharsets.UTF_8));
                client.kill();
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> user.statusJson().at("sessions").elements().size() == before);
            assertThat(user.statusJson().at("buffers", "bytes").integer()).isLessThan(CHUNK);
            bystander.sawNothing(UNDISTURBED);
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aHundredMebibytesWithoutANewlineAreNotKeptAndAnsweredWhenTheLineEnds(Way way) throws Exception {
        try (Bystander bystander = Bystander.with(user.session(server)); McpClient client = open(way)) {
            client.initialize();
            byte[] chunk = new byte[CHUNK];
            Arrays.fill(chunk, (byte) 'x');

            client.sendRaw("{\"jsonrpc\":\"2.0\",\"id\":\"big\",\"method\":\"tools/call\",\"params\":{\"name\":\"".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 100; i++) {
                client.sendRaw(chunk);
            }
            await().until(() -> user.statusJson().at("buffers", "bytes").integer() < CHUNK);
            client.sendRaw("\"}}\n".getBytes(StandardCharsets.UTF_8));
            refused(client, -32014, "\"big\"");

            for (int i = 0; i < 100; i++) {
                client.sendRaw(chunk);
            }
            client.sendRaw("\n".getBytes(StandardCharsets.UTF_8));
            refused(client, -32014, "null");

            goesOn(client);
            assertThat(user.statusJson().at("counters", "client_lines_too_long").integer()).isEqualTo(2);
            for (int i = 0; i < 70; i++) {
                client.sendRaw(chunk);
            }
            client.kill();
            bystander.sawNothing(UNDISTURBED);
        }
        System.out.printf("[figure] 100 MiB without a newline by %s: daemon's peak %d MiB%n", way, user.daemon().peakKiB() / 1024);
    }

    @Test
    void aServerThatBabblesIsSurvivedAndCounted() throws Exception {
        try (Bystander bystander = Bystander.with(user.session(server)); McpClient client = user.agent(server).open()) {
            client.initialize();
            for (int i = 0; i < 5; i++) {
                assertThat(client.tool("banner").text()).isEqualTo("survived");
            }
            CompletableFuture<JsonResponse> nothing = client.callTool("raw", "{\"line\":\"[\"}");
            assertThat(client.await(nothing).text()).isEqualTo("written");
            goesOn(client);
            assertThat(client.nextLine(Duration.ofMillis(200))).as("what reached the client and was for nobody").isEmpty();
            assertThat(client.notifications()).isEmpty();
            bystander.sawNothing(UNDISTURBED);

            Json counters = Json.parse(user.status("--json").stdout()).at("counters");
            assertThat(counters.at("child_lines_unreadable").integer()).isGreaterThan(10);
            assertThat(counters.at("answers_unknown").integer()).isGreaterThan(10);
            assertThat(counters.at("child_starts").integer()).isEqualTo(1);
        }
    }
}
