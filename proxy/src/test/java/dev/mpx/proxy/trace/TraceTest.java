package dev.mpx.proxy.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import dev.mpx.proxy.mux.Control.Asker;
import dev.mpx.proxy.mux.Control.Reply;
import dev.mpx.proxy.mux.Fault;
import dev.mpx.proxy.mux.SettledCall;
import dev.mpx.proxy.mux.SettledCall.Ending;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The latest calls are kept; who follows is told of each, and nobody is waited for. */
class TraceTest {
    private final Trace trace = new Trace(() -> Instant.parse("2026-01-02T03:04:05Z").toEpochMilli());

    private static final class Reader implements Asker {
        private final List<JsonValue> answers = new ArrayList<>();
        private final List<JsonValue> told = new ArrayList<>();
        private long unread;
        private Runnable gone = () -> {};

        @Override
        public void answer(byte[] json) {
            answers.add(JsonValue.parse(json).orElseThrow());
        }

        @Override
        public void refuse(Fault fault) {
            throw new AssertionError(fault);
        }

        @Override
        public void tell(String method, byte[] params) {
            assertThat(method).isEqualTo("mpx/traced");
            told.add(JsonValue.parse(params).orElseThrow());
        }

        @Override
        public long pending() {
            return unread;
        }

        @Override
        public Object connection() {
            return this;
        }

        @Override
        public void onGone(Runnable then) {
            gone = then;
        }
    }

    private void call(long id, String params, String result) {
        Message.Request request = (Message.Request) Message.read(Frame.of(
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":" + params + "}"));
        Frame answer = Frame.of("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
        SettledCall call = new SettledCall(
                7, "claude", RpcId.of(id), "tools/call", "search", 2_500_000, 1_500_000, 99, 42, Ending.ANSWERED, 0, "");
        trace.onSettled(call, Optional.of(request), Optional.of(answer));
    }

    private static Optional<JsonValue> json(String text) {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<JsonValue> latest(String params) {
        byte[] result = ((Reply.Result) trace.ask(json(params))).json();
        return JsonValue.parse(result).orElseThrow().get("calls").orElseThrow().elements();
    }

    private Reader follow(String params) {
        Reader reader = new Reader();
        ((Reply.Later) trace.ask(json(params))).begin().accept(reader);
        return reader;
    }

    @Test
    void aCallIsALineWithoutWhatWasSaid() {
        call(1, "{\"secret\":1}", "{\"secret\":2}");

        assertThat(latest("{}")).hasToString("[{\"time\":\"2026-01-02T03:04:04.997Z\",\"session\":7,\"agent\":\"claude\",\"id\":1,"
                + "\"method\":\"tools/call\",\"tool\":\"search\",\"queuedMs\":1.000,\"childMs\":1.500,\"totalMs\":2.500,"
                + "\"requestBytes\":99,\"answerBytes\":42,\"outcome\":\"answered\"}]");
    }

    @Test
    void aFailureHasItsCodeAndReasonAndAResourceIsNotNamed() {
        trace.onSettled(
                new SettledCall(1, "a", RpcId.of("x"), "resources/read", "file:///secret", 5, SettledCall.NEVER, 1, 2, Ending.TIMED_OUT,
                        -32015, "queue-timeout"),
                Optional.empty(), Optional.empty());

        assertThat(latest("{}").get(0).toString())
                .contains("\"childMs\":null").endsWith("\"outcome\":\"timed-out\",\"code\":-32015,\"reason\":\"queue-timeout\"}")
                .doesNotContain("secret");
    }

    @Test
    void asManyAsAreKeptOrAskedForAreTold() {
        for (int i = 0; i < Trace.KEPT + 44; i++) {
            call(i, "{}", "{}");
        }
        assertThat(latest("{}")).hasSize(Trace.KEPT);
        assertThat(latest("{\"last\":3}")).extracting(line -> line.get("id").orElseThrow().toString()).containsExactly("297", "298", "299");
        assertThat(latest("{\"last\":0}")).isEmpty();
        assertThat(latest("{\"last\":-1}")).isEmpty();
    }

    @Test
    void whoFollowsIsToldUntilItIsGone() {
        call(1, "{}", "{}");
        Reader reader = follow("{\"follow\":true}");
        call(2, "{\"secret\":1}", "{\"secret\":1}");
        assertThat(reader.answers).hasSize(1);
        assertThat(reader.told).singleElement().asString().contains("\"id\":2,").doesNotContain("secret");

        reader.gone.run();
        call(3, "{}", "{}");
        assertThat(reader.told).hasSize(1);
        assertThat(trace.followers()).isZero();
    }

    @Test
    void whoReadsTooSlowlyMissesSomeAndIsToldHowMany() {
        Reader slow = follow("{\"follow\":true}");
        Reader quick = follow("{\"follow\":true}");
        slow.unread = Trace.MOST_UNREAD + 1;
        call(1, "{}", "{}");
        call(2, "{}", "{}");
        slow.unread = 0;
        call(3, "{}", "{}");
        call(4, "{}", "{}");

        assertThat(quick.told).hasSize(4).noneSatisfy(line -> assertThat(line.get("dropped")).isPresent());
        assertThat(slow.told).hasSize(2);
        assertThat(slow.told.get(0).get("dropped").orElseThrow()).hasToString("2");
        assertThat(slow.told.get(1).get("dropped")).isEmpty();
    }

    @Test
    void whatWasSaidIsToldOnlyToThoseWhoAskedAndOnlyFromThenOn() {
        call(1, "{\"secret\":1}", "{}");
        Reader curious = follow("{\"follow\":true,\"payloads\":true}");
        Reader other = follow("{\"follow\":true}");
        call(2, "{\"name\":\"search\"}", "{\"content\":[1.10]}");

        assertThat(curious.answers.get(0).toString()).doesNotContain("secret");
        assertThat(curious.told.get(0).toString()).endsWith(",\"params\":{\"name\":\"search\"},\"result\":{\"content\":[1.10]}}");
        assertThat(other.told.get(0).get("params")).isEmpty();
        assertThat(trace.ask(json("{\"payloads\":true}"))).isInstanceOf(Reply.Refused.class);
    }

    @Test
    void longPayloadsAreCut() {
        Reader curious = follow("{\"follow\":true,\"payloads\":true}");
        call(1, "{\"text\":\"" + "x".repeat(TraceLine.MOST_PAYLOAD) + "\"}", "{\"text\":\"" + "y".repeat(5 * TraceLine.MOST_PAYLOAD) + "\"}");

        JsonValue line = curious.told.get(0);
        assertThat(line.get("paramsCut").flatMap(JsonValue::text).orElseThrow()).hasSize(TraceLine.MOST_PAYLOAD + 1);
        assertThat(line.get("answerCut").flatMap(JsonValue::text).orElseThrow()).hasSizeBetween(TraceLine.MOST_PAYLOAD, TraceLine.MOST_PAYLOAD + 1);
    }

    @Test
    void onlySoManyMayFollow() {
        for (int i = 0; i < Trace.MOST_FOLLOWERS; i++) {
            follow("{\"follow\":true}");
        }
        assertThat(trace.ask(json("{\"follow\":true}"))).isInstanceOf(Reply.Refused.class);
    }
}
