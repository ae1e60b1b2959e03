package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.error;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import dev.mpx.framing.RpcId;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: "any request, known method or not", "response", "response with an unknown id", and the ids under Framing. */
class CallIdsTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    @Test
    void everyRequestReachesTheChildUnderAnIdNeverUsedBefore() {
        Set<RpcId> ids = new HashSet<>();
        for (int round = 0; round < 5; round++) {
            alice.type(call(1, "echo"));
            bob.type(call(1, "echo"));
            ids.add(bench.child().waiting().get(0).id());
            ids.add(bench.child().waiting().get(1).id());
            bench.child().answerNext("{}");
            bench.child().answerNext("{}");
        }

        assertThat(ids).hasSize(10);
    }

    @Test
    void answersGoToWhoeverAskedInWhateverOrderTheyCome() {
        alice.type(call(1, "a"));
        bob.type(call(1, "b"));
        alice.type(call(2, "c"));
        Message.Request a = bench.child().next();
        Message.Request b = bench.child().next();
        Message.Request c = bench.child().next();

        bench.child().answer(c, "\"c\"");
        bench.child().answer(b, "\"b\"");
        bench.child().answer(a, "\"a\"");

        assertThat(alice.take()).containsExactly(result(2, "\"c\""), result(1, "\"a\""));
        assertThat(bob.take()).containsExactly(result(1, "\"b\""));
    }

    @Test
    void anErrorOfTheChildIsAnAnswerLikeAnyOther() {
        alice.type(call(1, "a"));
        bench.child().type(error(bench.child().next().id(), -32050, "no"));

        assertThat(alice.take()).containsExactly(error(1, -32050, "no"));
    }

    static Stream<String> legalIds() {
        return Stream.of(
                "0", "-0", "-5", "\"\"", "\"a\"", "\"\\u0061\\/\"", "9223372036854775808", "-123456789012345678901234567890",
                "\"" + "x".repeat(10_000) + "\"", "\"\u00e9\u20ac\"");
    }

    @ParameterizedTest
    @MethodSource("legalIds")
    void anIdGoesBackByteForByte(String id) {
        alice.type(call(id, "echo"));
        bench.child().answerNext("{}");

        assertThat(alice.take()).containsExactly(result(id, "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/call", "prompts/get", "resources/read", "completion/complete", "vendor/unheard-of"})
    void aMethodMpxHasNoBusinessWithIsForwarded(String method) {
        alice.type(request(1, method, "{\"uri\":\"u\"}"));

        assertThat(bench.child().next().method()).isEqualTo(method);
    }

    @Test
    void nothingButTheIdIsChangedOnTheWayThere() {
        alice.type(" { \"method\" : \"tools/call\",\"x\":1E400, \"id\" : \"mine\" ,\"params\":{\"n\":1.10,\"id\":\"mine\","
                + "\"s\":\"\\u00e9\\/\",\"_meta\":{\"k\":[ ]}} ,\"jsonrpc\":\"2.0\"} ");
        Message.Request call = bench.child().next();

        assertThat(call.frame().toString())
                .isEqualTo(" { \"method\" : \"tools/call\",\"x\":1E400, \"id\" : " + call.id() + " ,\"params\":{\"n\":1.10,"
                        + "\"id\":\"mine\",\"s\":\"\\u00e9\\/\",\"_meta\":{\"k\":[ ]}} ,\"jsonrpc\":\"2.0\"} ");
    }

    @Test
    void nothingButTheIdIsChangedOnTheWayBack() {
        alice.type(call("\"mine\"", "echo"));
        String id = bench.child().next().id().toString();

        bench.child().type("{\"x\": 1e2,\"result\":{\"id\":" + id + ",\"n\":12345678901234567890},\"id\" :" + id
                + ", \"jsonrpc\":\"2.0\" }");

        assertThat(alice.take())
                .containsExactly("{\"x\": 1e2,\"result\":{\"id\":" + id
                        + ",\"n\":12345678901234567890},\"id\" :\"mine\", \"jsonrpc\":\"2.0\" }");
    }

    @Test
    void aMessageOfAnySizePassesUnchanged() {
        String much = "{\"x\":\"" + "x".repeat(900_000) + "\"}";
        alice.type(request("\"mine\"", "tools/call", much));
        Message.Request call = bench.child().next();
        assertThat(call.frame().toString()).isEqualTo(request(call.id(), "tools/call", much));
        bench.child().answer(call, much);

        assertThat(alice.take()).containsExactly(result("\"mine\"", much));
    }

    @Test
    void aRequestUnderAnIdInFlightIsRefusedAndTheFirstGoesOn() {
        alice.type(call(1, "first"));
        alice.type(call(1, "second"));

        assertThat(alice.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32600);
            assertThat(id(line)).isEqualTo("1");
        });
        assertThat(bench.child().waiting()).hasSize(1);
        bench.child().answerNext("\"first\"");
        assertThat(alice.take()).containsExactly(result(1, "\"first\""));
    }

    @Test
    void twoSpellingsOfAnIdAreOneId() {
        alice.type(call("\"a\"", "first"));
        alice.type(call("\"\\u0061\"", "second"));

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32600));
        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void aNumberAndAStringAreTwoIds() {
        alice.type(call("1", "first"));
        alice.type(call("\"1\"", "second"));

        assertThat(bench.child().waiting()).hasSize(2);
    }

    @Test
    void anIdIsFreeAgainOnceItWasAnswered() {
        alice.type(call(1, "first"));
        bench.child().answerNext("1");
        alice.type(call(1, "second"));
        bench.child().answerNext("2");

        assertThat(alice.take()).containsExactly(result(1, "1"), result(1, "2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "\"1\"", "\"\"", "18446744073709551617"})
    void anAnswerToNothingIsDroppedAndCounted(String id) {
        alice.type(call(1, "echo"));

        bench.child().type(result(id, "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bob.take()).isEmpty();
        assertThat(bench.count(Counter.ANSWERS_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aSecondAnswerToACallIsDroppedAndCounted() {
        alice.type(call(1, "echo"));
        Message.Request call = bench.child().next();

        bench.child().answer(call, "1");
        bench.child().answer(call, "2");

        assertThat(alice.take()).containsExactly(result(1, "1"));
        assertThat(bench.count(Counter.ANSWERS_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void theSnapshotShowsWhatRuns() {
        alice.type(call(1, "slow"));
        bench.pass(java.time.Duration.ofSeconds(3));

        assertThat(bench.mux.snapshot().running()).singleElement().satisfies(running -> {
            assertThat(running.target()).isEqualTo("slow");
            assertThat(running.method()).isEqualTo("tools/call");
            assertThat(running.age()).hasSeconds(3);
        });
    }
}
