package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client sends that it must not: answered clearly, its session goes on, nobody else notices, the child sees none of it. */
class BadInputTest {
    private final Bench bench = new Bench();
    private final FakeLink good = bench.client();
    private final FakeLink bad = bench.client();

    @AfterEach
    void theSessionGoesOnAndNobodyElseNoticed() {
        if (!bad.isClosed()) {
            bad.take();
            bad.type(call("\"after\"", "echo"));
            bench.child().answerNext("\"still here\"");
            assertThat(bad.take()).containsExactly(result("\"after\"", "\"still here\""));
        }
        assertThat(good.take()).isEmpty();
        good.type(call("\"good\"", "echo"));
        bench.child().answerNext("1");
        assertThat(good.take()).containsExactly(result("\"good\"", "1"));
        assertThat(bench.launcher.children()).hasSize(1);
    }

    private void assertAnswered(int code, String id) {
        assertThat(bad.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(code);
            assertThat(id(line)).isEqualTo(id);
            assertThat(at(line, "error", "message")).endsWith(".\"");
        });
        assertThat(bench.child().waiting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "{", "{\"jsonrpc\":\"2.0\",\"id\"", "}{", "{\"a\":01}", "\u0000", "{\"a\":\"\t\"}"})
    void garbageIsAParseError(String line) {
        bad.type(line);

        assertAnswered(-32700, "null");
    }

    @Test
    void aParseErrorNamesTheIdIfItCouldBeRead() {
        bad.type("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"a\",\"params\":{]}");

        assertAnswered(-32700, "\"x\"");
    }

    @Test
    void invalidUtf8IsAParseError() {
        byte[] bytes = request(1, "tools/call", "{\"name\":\"??\"}").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        bytes[bytes.length - 5] = (byte) 0xC3;
        bad.type(Frame.of(bytes));

        assertThat(bad.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32700));
        assertThat(bench.child().waiting()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"text\"", "null", "true"})
    void aLineThatIsNoObjectIsAnInvalidRequest(String line) {
        bad.type(line);

        assertAnswered(-32600, "null");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "null", "1e3", "{}", "[1]", "true"})
    void anIllegalIdIsAnInvalidRequest(String id) {
        bad.type(call(id, "echo"));

        assertAnswered(-32600, "null");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5} | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":\"text\"} | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":null} | 1",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"a\"} | 1",
        "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"a\"} | 1",
        "{\"id\":1,\"method\":\"a\"} | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":\"x\"} | \"x\"",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"result\":1} | 1",
        "{\"jsonrpc\":\"2.0\"} | null",
        "{} | null",
    })
    void wrongTypesAreAnInvalidRequestUnderTheIdIfItCouldBeRead(String line, String id) {
        bad.type(line);

        assertAnswered(-32600, id);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"a\"} | null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"\\u0069d\":2,\"method\":\"a\"} | null",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"method\":\"b\"} | 1",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":{},\"params\":{}} | 1",
    })
    void duplicateMembersAreAnInvalidRequest(String line, String id) {
        bad.type(line);

        assertAnswered(-32600, id);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1,\"error\":{}}", "{\"id\":1,\"result\":1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":1,\"error\":2}"
    })
    void aBadResponseIsNotAnsweredUnderItsIdWhichIsNotTheClientsOwn(String line) {
        bad.type(call(1, "echo"));
        Message.Request call = bench.child().next();

        bad.type(line);

        assertThat(bad.take()).allSatisfy(answer -> assertThat(id(answer)).isEqualTo("null"));
        bench.child().answer(call, "{}");
        assertThat(bad.take()).containsExactly(result(1, "{}"));
    }

    @Test
    void aLineOverTheLimitIsAnsweredUnderItsIdAndSaidNotToHaveBeenSent() {
        bad.type(new OversizedLine(104_857_600, Optional.of(RpcId.of("big")), true));

        assertThat(bad.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32014);
            assertThat(id(line)).isEqualTo("\"big\"");
            assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo("\"not-sent\"");
            assertThat(at(line, "error", "message")).contains("104857600");
        });
    }

    @Test
    void aLineOverTheLimitWithoutAnIdIsAnsweredUnderNone() {
        bad.type(new OversizedLine(104_857_600, Optional.empty(), false));

        assertAnswered(-32014, "null");
    }

    @Test
    void aSecondInitializeIsAnInvalidRequest() {
        bad.type(initialize(1, NEWEST, "{}"));

        assertAnswered(-32600, "1");
    }

    @Test
    void aHalfMessageAndAHangUpEndThatSessionAlone() {
        bad.type("{\"jsonrpc\":\"2.0\",\"id\":1,\"meth");
        bad.hangUp();

        assertThat(bad.isClosed()).isTrue();
        assertThat(bench.mux.sessionCount()).isEqualTo(1);
    }

    @Test
    void garbageBeforeInitializeIsAnsweredToo() {
        FakeLink fresh = bench.connect();
        fresh.type("garbage");
        fresh.type(call(1.5, "x"));
        fresh.type(call(2, "x"));

        assertThat(fresh.take()).extracting(Rpc::code).containsExactly(-32700, -32600, -32600);
        bench.shakeHands(fresh, NEWEST, "{}");
    }

    @Test
    void moreCallsThanASessionMayHaveAreRefusedOneByOne() {
        int most = Limits.DEFAULT.queuedCalls();
        for (int i = 0; i < most + 2; i++) {
            bad.type(call(i, "flood"));
        }

        List<String> refusals = bad.take();
        assertThat(refusals).hasSize(2).allSatisfy(line -> {
            assertThat(code(line)).isEqualTo(-32013);
            assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo("\"not-sent\"");
        });
        assertThat(refusals).extracting(Rpc::id).containsExactly(String.valueOf(most), String.valueOf(most + 1));
        for (int i = 0; i < most; i++) {
            bench.child().answerNext("{}");
        }
        assertThat(bad.take()).hasSize(most);
    }

    @Test
    void anInitializeThatWouldBeRememberedAtLengthIsRefused() {
        FakeLink fresh = bench.connect();
        fresh.type(initialize(1, NEWEST, "{\"x\":\"" + "x".repeat(1 << 20) + "\"}"));

        assertThat(fresh.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32600));
    }
}
