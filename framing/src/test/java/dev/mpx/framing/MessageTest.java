package dev.mpx.framing;

import static dev.mpx.framing.ErrorCode.INVALID_REQUEST;
import static dev.mpx.framing.ErrorCode.PARSE_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static final String V2 = "{\"jsonrpc\":\"2.0\",";

    @Test
    void aMethodAndAnIdMakeARequest() {
        Message.Request request = read(Message.Request.class, " {\"params\":{\"a\":1},\"id\":\"x\",\"method\":\"tools/call\",\"jsonrpc\":\"2.0\"} ");

        assertThat(request.id()).isEqualTo(RpcId.of("x"));
        assertThat(request.idValue()).hasToString("\"x\"");
        assertThat(request.method()).isEqualTo("tools/call");
        assertThat(request.params()).get().hasToString("{\"a\":1}");
    }

    @Test
    void aMethodWithoutAnIdMakesANotification() {
        Message.Notification notification = read(Message.Notification.class, V2 + "\"method\":\"notifications/initialized\"}");

        assertThat(notification.method()).isEqualTo("notifications/initialized");
        assertThat(notification.params()).isEmpty();
    }

    @Test
    void anIdAndEitherAResultOrAnErrorMakeAResponse() {
        Message.Response result = read(Message.Response.class, V2 + "\"id\":1,\"result\":null}");
        Message.Response error = read(Message.Response.class, V2 + "\"id\":1,\"error\":{\"code\":1,\"message\":\"\"}}");

        assertThat(result.result()).get().hasToString("null");
        assertThat(result.error()).isEmpty();
        assertThat(error.error().flatMap(e -> e.get("code")).flatMap(JsonValue::integer)).contains(1L);
        assertThat(error.result()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"\"", "-1", "-0", "9223372036854775808", "123456789012345678901234567890", "\"\\u00e9\"", "\"é\""})
    void everyStringAndIntegerIsALegalIdAndKeepsItsBytes(String id) {
        Message.Request request = read(Message.Request.class, V2 + "\"id\":" + id + ",\"method\":\"ping\"}");

        assertThat(request.id()).hasToString(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.5", "1.0", "1e2", "true", "{}", "[1]"})
    void anythingElseIsNoId(String id) {
        assertMalformed(V2 + "\"id\":" + id + ",\"method\":\"ping\"}", INVALID_REQUEST, "");
        assertMalformed(V2 + "\"id\":" + id + ",\"result\":{}}", INVALID_REQUEST, "");
    }

    @Test
    void memberNamesMayBeEscaped() {
        Message.Request request = read(Message.Request.class,
                "{\"\\u006asonrpc\":\"2\\u002e0\",\"i\\u0064\":1,\"\\u006d\\u0065thod\":\"pi\\u006eg\",\"param\\u0073\":[]}");

        assertThat(request.method()).isEqualTo("ping");
        assertThat(request.params()).isPresent();
    }

    @Test
    void namesThatOnlyResembleTheKnownOnesAreNothing() {
        read(Message.Notification.class,
                V2 + "\"method\":\"m\",\"i\":1,\"idx\":1,\"ID\":1,\"id \":1,\"\":1,\"results\":1,\"erro\":1,\"\\\"id\":1,\"x\":{\"id\":1}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"method\":\"a\"", "\"params\":{}", "\"jsonrpc\":\"2.0\"", "\"m\\u0065thod\":\"b\""})
    void aRepeatedMemberIsRefusedUnderItsId(String again) {
        assertMalformed(V2 + "\"id\":1,\"method\":\"a\",\"params\":{}," + again + "}", INVALID_REQUEST, "1");
    }

    @Test
    void aRepeatedIdLeavesNoIdToAnswerTo() {
        assertMalformed(V2 + "\"id\":1,\"id\":1,\"method\":\"a\"}", INVALID_REQUEST, "");
        assertMalformed(V2 + "\"id\":1,\"method\":\"a\",\"method\":\"a\",\"\\u0069d\":2}", INVALID_REQUEST, "");
        assertMalformed(V2 + "\"id\":1,\"id\":2,\"method\":", PARSE_ERROR, "");
    }

    @Test
    void otherMembersMayBeRepeated() {
        read(Message.Request.class, V2 + "\"x\":1,\"x\":2,\"id\":1,\"method\":\"a\",\"params\":{\"id\":1,\"id\":2}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"id\":1,\"method\":\"a\"}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"a\"}",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"a\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":\"x\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"result\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
    })
    void whatBreaksTheRulesOfJsonRpcIsRefusedUnderItsId(String line) {
        assertMalformed(line, INVALID_REQUEST, "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"x\"", "null", "[]", " [ ] ", "{}", "{\"jsonrpc\":\"2.0\"}"})
    void whatIsNoMessageAtAllIsAnInvalidRequest(String line) {
        assertMalformed(line, INVALID_REQUEST, "");
    }

    @Test
    void aResponseWithoutAnIdIsRefused() {
        assertMalformed(V2 + "\"error\":{}}", INVALID_REQUEST, "");
    }

    @Test
    void whatLooksLikeAResponseIsMarkedSoThatItIsNotAnsweredUnderItsId() {
        assertThat(read(Message.Malformed.class, V2 + "\"id\":1,\"result\":1,\"error\":1}").response()).isTrue();
        assertThat(read(Message.Malformed.class, "{\"id\":1,\"result\":1}").response()).isTrue();
        assertThat(read(Message.Malformed.class, "{\"id\":1,\"result\":1,").response()).isTrue();
        assertThat(read(Message.Malformed.class, V2 + "\"id\":1,\"result\":1,\"method\":\"a\"}").response()).isFalse();
        assertThat(read(Message.Malformed.class, V2 + "\"id\":1}").response()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x}", "\"method\":\"a\",}", "\"method\":\"a\"", "\"method\":\"a\"} x", "\"method\":\"a\"}{}", "\"x\":01}", "\"x\":\"\u0001\"}"})
    void invalidJsonIsRefusedUnderTheIdThatCameBefore(String rest) {
        assertMalformed(V2 + "\"id\":7," + rest, PARSE_ERROR, "7");
    }

    @Test
    void anIdThatWasNotReadToItsEndDoesNotCount() {
        assertMalformed(V2 + "\"id\":7", PARSE_ERROR, "7");
        assertMalformed(V2 + "\"id\":\"7", PARSE_ERROR, "");
        assertMalformed(V2 + "\"method\":x,\"id\":7}", PARSE_ERROR, "");
    }

    @Test
    void invalidUtf8IsAParseError() {
        byte[] line = (V2 + "\"id\":7,\"method\":\"?\"}").getBytes(StandardCharsets.UTF_8);
        line[line.length - 3] = (byte) 0xff;

        Message.Malformed malformed = (Message.Malformed) Message.read(Frame.of(line));

        assertThat(malformed.code()).isEqualTo(PARSE_ERROR);
        assertThat(malformed.reason()).contains("invalid UTF-8 at byte " + (line.length - 3));
        assertThat(malformed.id()).contains(RpcId.of(7));
    }

    static Stream<byte[]> rejected() {
        return Documents.rejected();
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void whatIsNotJsonIsAParseError(byte[] json) {
        assertThat(Message.read(Frame.of(json)))
                .isInstanceOfSatisfying(Message.Malformed.class, m -> assertThat(m.code()).isEqualTo(PARSE_ERROR));
    }

    @Test
    void nestingBeyondAThousandLevelsIsRefusedWithItsReason() {
        String allowed = "[".repeat(999) + "]".repeat(999);

        read(Message.Request.class, V2 + "\"id\":1,\"method\":\"a\",\"params\":" + allowed + "}");
        Message.Malformed malformed = read(Message.Malformed.class, V2 + "\"id\":1,\"method\":\"a\",\"params\":[" + allowed + "]}");
        assertThat(malformed.reason()).contains("nested deeper than 1000 levels");
    }

    @Test
    void anArrayIsABatchOfFramesThatShareItsBytes() {
        Frame line = Frame.of(" [ {\"a\":1} , 5,[] ] ");

        Message.Batch batch = (Message.Batch) Message.read(line);

        assertThat(batch.elements()).extracting(Frame::toString).containsExactly("{\"a\":1}", "5", "[]");
        assertThat(batch.elements()).allMatch(element -> element.array() == line.array());
    }

    @Test
    void aBatchElementIsReadWhereItStands() {
        Message.Batch batch = read(Message.Batch.class, "[" + V2 + "\"id\":1,\"method\":\"a\"}," + V2 + "\"id\":2,\"method\":\"a\"}]");

        Frame second = batch.elements().get(1);
        Message.Request request = (Message.Request) Message.read(second);

        assertThat(new Splicer(second).replace(request.idValue(), new byte[] {'9'}).splice())
                .hasToString(V2 + "\"id\":9,\"method\":\"a\"}");
    }

    @Test
    void aBatchMustBeValidThroughoutAndOfBoundedSize() {
        assertMalformed("[{},", PARSE_ERROR, "");
        assertMalformed("[{}] x", PARSE_ERROR, "");
        read(Message.Batch.class, "[" + "0,".repeat(ContiguousReader.MAX_BATCH - 1) + "0]");
        assertMalformed("[" + "0,".repeat(ContiguousReader.MAX_BATCH) + "0]", INVALID_REQUEST, "");
    }

    @Test
    void aFrameOfSeveralPartsIsReadToo() {
        byte[] json = (V2 + "\"id\":1,\"result\":\"" + "x".repeat(10_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        JsonValue id = JsonValue.parse(json).orElseThrow().get("id").orElseThrow();
        Frame gathered = new Splicer(Frame.of(json)).replace(id, new byte[] {'2'}).splice();

        Message.Response response = (Message.Response) Message.read(gathered);

        assertThat(response.id()).isEqualTo(RpcId.of(2));
        assertThat(response.frame().buffers()).hasSize(1);
    }

    @Property(tries = 500)
    void readingNeverThrowsAndFindsWhatJsonValueFinds(@ForAll("envelopes") String text) {
        Message message = Message.read(Frame.of(text));
        JsonValue json = JsonValue.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();

        if (message instanceof Message.Malformed malformed) {
            assertThat(malformed.code()).isEqualTo(INVALID_REQUEST);
            malformed.id().ifPresent(id -> assertThat(id).isEqualTo(RpcId.of(json.get("id").orElseThrow()).orElseThrow()));
        } else {
            assertThat(json.get("jsonrpc").flatMap(JsonValue::text)).contains("2.0");
        }
    }

    @Provide
    Arbitrary<String> envelopes() {
        return Documents.envelopes();
    }

    @Test
    void everyKnownMethodNameReadsAsItself() {
        for (String method : List.of("initialize", "ping", "tools/call", "tools/list", "tasks/list", "roots/list", "", "x", "tools/cull", "é")) {
            assertThat(read(Message.Notification.class, V2 + "\"method\":\"" + method + "\"}").method()).isEqualTo(method);
        }
    }

    private static void assertMalformed(String line, int code, String id) {
        Message.Malformed malformed = read(Message.Malformed.class, line);
        assertThat(malformed.code()).as(line).isEqualTo(code);
        assertThat(malformed.id().map(RpcId::toString).orElse("")).as(line).isEqualTo(id);
        assertThat(malformed.reason()).isNotBlank();
    }

    private static <M extends Message> M read(Class<M> kind, String line) {
        Message message = Message.read(Frame.of(line));
        assertThat(message).isInstanceOf(kind);
        return kind.cast(message);
    }
}
