package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.LineSplitter;
import dev.mpx.framing.Message;
import dev.mpx.proxy.palace.PalaceProfile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Large messages come in segments and were read while they came; what is done with them is what is done with any other. */
class LargeMessagesTest {
    private static final String TEXT = "x".repeat(200_000);
    private static final int CHUNK = 50_021;

    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    /** As a link gives it. */
    private static Line large(String json) {
        byte[] line = (json + "\n").getBytes(StandardCharsets.UTF_8);
        LineSplitter splitter = new LineSplitter(1 << 24);
        for (int at = 0; at < line.length - CHUNK; at += CHUNK) {
            assertThat(splitter.next(ByteBuffer.wrap(line, at, CHUNK))).isEmpty();
        }
        int last = (line.length - 1) / CHUNK * CHUNK;
        Line whole = splitter.next(ByteBuffer.wrap(line, last, line.length - last)).orElseThrow();
        assertThat(((Frame) whole).buffers().length).isGreaterThan(1);
        return whole;
    }

    @Test
    void aLargeResultKeepsEveryByteButTheId() {
        alice.type(call("\"mine\"", "x"));
        Message.Request asked = bench.child().next();

        String answer = "{\"result\":{\"content\":[{\"text\":\"" + TEXT + "\\u00e9\"}],\"n\":1.10} , \"id\": %s,\"jsonrpc\":\"2.0\"}";
        bench.child().type(large(answer.formatted(asked.id())));

        assertThat(alice.take()).containsExactly(answer.formatted("\"mine\""));
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void aLargeRequestKeepsEveryByteButTheIdAndTheProgressToken() {
        String params = "{\"arguments\":{\"text\":\"" + TEXT + "\"},\"_meta\":{\"a\":[1],\"progressToken\":%s},\"name\":\"x\"}";
        alice.type(large(request(1, "tools/call", params.formatted("\"t\""))));
        Message.Request asked = bench.child().next();
        String token = at(asked.frame().toString(), "params", "_meta", "progressToken");

        assertThat(asked.frame()).hasToString(request(asked.id(), "tools/call", params.formatted(token)));
        assertThat(token).isNotEqualTo("\"t\"");
        bench.child().type(notification("notifications/progress", "{\"progressToken\":" + token + "}"));
        assertThat(alice.take()).containsExactly(notification("notifications/progress", "{\"progressToken\":\"t\"}"));
    }

    @Test
    void aLargeListOfToolsIsAdaptedAndToldOn() {
        Bench flat = Bench.with().flatSchemas().bench();
        FakeLink client = flat.client();
        client.type(request(1, "tools/list", "{}"));
        String tool = "{\"name\":\"a\",\"description\":\"" + TEXT
                + "\",\"inputSchema\":{\"type\":\"object\",\"anyOf\":[{\"required\":[\"b\"]}]}}";

        flat.child().type(large(result(flat.child().next().id(), "{\"tools\":[{\"name\":\"z\"}," + tool + "]}")));

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(at(line, "id")).isEqualTo("1");
            assertThat(line).contains("{\"name\":\"z\"}").contains(TEXT).doesNotContain("\"anyOf\"");
        });
    }

    @Test
    void aLargeMessageThatIsBrokenAtItsEndIsAnsweredAsAnyOther() {
        String cut = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"text\":\"" + TEXT + "\"";
        alice.type(large(cut));
        alice.type(large("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":7,\"text\":\"" + TEXT + "\"}"));

        assertThat(alice.take()).satisfiesExactly(
                line -> assertThat(at(line, "error", "message")).endsWith("at byte " + cut.length() + ".\""),
                line -> {
                    assertThat(at(line, "id")).isEqualTo("2");
                    assertThat(at(line, "error", "message")).contains("params");
                });
        assertThat(bench.launcher.children()).allSatisfy(child -> assertThat(child.waiting()).isEmpty());
    }

    /** Red when it is looked for in answers of any length. */
    @Test
    void anAnswerLongerThanAnyRefusalIsNone() {
        Bench palace = Bench.with().held(PalaceProfile.TRAITS.heldAnswers().toArray(HeldAnswer[]::new)).bench();
        FakeLink client = palace.client();
        client.type(call(1, "write"));
        String error = "{\\\"success\\\": false, \\\"error\\\": \\\"palace /p is held by PID 1%s\\\"}";
        String refusal = "{\"content\":[{\"type\":\"text\",\"text\":\"" + error + "\"}]}";

        palace.child().type(result(palace.child().next().id(), refusal.formatted("")));
        assertThat(client.take()).as("asked again").isEmpty();
        palace.pass(Duration.ofMillis(200));
        palace.child().type(large(result(palace.child().next().id(), refusal.formatted(TEXT))));

        assertThat(client.take()).containsExactly(result(1, refusal.formatted(TEXT)));
    }
}
