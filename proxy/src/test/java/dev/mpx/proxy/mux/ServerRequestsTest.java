package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.error;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.OversizedLine;
import dev.mpx.framing.RpcId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: {@code sampling/createMessage}, {@code elicitation/create}, {@code roots/list}, other requests, and the answers. */
class ServerRequestsTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    /** Puts a request of the child to Alice, who alone has a call on it, and gives the id she was given. */
    private String askAlice(Object childsId) {
        alice.type(call("\"c" + childsId + "\"", "x"));
        bench.child().type(request(childsId, "sampling/createMessage", "{}"));
        bench.child().take();
        return id(alice.take().get(0));
    }

    private void assertRefused(int code) {
        assertThat(bench.child().take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("5");
            assertThat(code(line)).isEqualTo(code);
        });
        assertThat(alice.take()).isEmpty();
        assertThat(bob.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampling/createMessage", "elicitation/create", "roots/list"})
    void itIsPutToTheOnlySessionWithACallOnTheChildAndTheAnswerGoesBackUnderTheChildsId(String method) {
        alice.type(call(1, "x"));
        bench.child().take();

        bench.child().type(request("\"\\u0061\"", method, "{\"n\":1.10}"));
        String asked = alice.take().get(0);
        assertThat(asked).isEqualTo(request(id(asked), method, "{\"n\":1.10}"));
        alice.type(result(id(asked), "{\"m\":1.10}"));

        assertThat(bench.child().take()).containsExactly(result("\"\\u0061\"", "{\"m\":1.10}"));
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void anErrorOfTheClientIsAnAnswerToo() {
        String id = askAlice(5);
        alice.type(error(id, -1, "denied"));

        assertThat(bench.child().take()).containsExactly(error(5, -1, "denied"));
    }

    @Test
    void itsIdIsNewEachTimeAndHasANonceOfThisDaemon() {
        String first = askAlice(5);
        alice.type(result(first, "{}"));
        bench.child().type(request(5, "sampling/createMessage", "{}"));
        String second = id(alice.take().get(0));

        assertThat(second).isNotEqualTo(first);
        assertThat(first).matches("\"mpx-[0-9a-f]{16}-1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampling/createMessage", "elicitation/create", "roots/list"})
    void itIsNeverGuessedWhichOfTwoIsMeant(String method) {
        alice.type(call(1, "x"));
        bob.type(call(1, "x"));
        bench.child().take();

        bench.child().type(request(5, method, "{}"));

        assertRefused(-32603);
    }

    @Test
    void aCancelledCallCountsUntilTheChildHasAnsweredIt() {
        alice.type(call(1, "x"));
        bob.type(call(1, "x"));
        alice.type(cancelled(1));
        bench.child().take();
        bench.child().type(request(5, "sampling/createMessage", "{}"));
        assertRefused(-32603);

        bench.child().answerNext("{}");
        bench.child().type(request(5, "sampling/createMessage", "{}"));
        assertThat(bob.take()).hasSize(1);
    }

    @Test
    void theCallOfADepartedSessionCountsUntilTheChildHasAnsweredIt() {
        alice.type(call(1, "x"));
        bob.type(call(1, "x"));
        alice.vanish();
        bench.child().take();

        bench.child().type(request(5, "sampling/createMessage", "{}"));

        assertRefused(-32603);
    }

    @Test
    void whatOnlyADepartedSessionCanHaveCausedIsPutToNobody() {
        alice.type(call(1, "x"));
        alice.vanish();
        bench.child().take();

        bench.child().type(request(5, "roots/list", "{}"));

        assertRefused(-32603);
    }

    @Test
    void aQueuedCallDoesNotCount() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink carol = narrow.client();
        FakeLink dave = narrow.client();
        carol.type(call(1, "x"));
        dave.type(call(1, "x"));

        narrow.child().type(request(5, "elicitation/create", "{}"));

        assertThat(carol.take()).hasSize(1);
        assertThat(dave.take()).isEmpty();
    }

    @Test
    void theOwnerOfTheRelatedTaskIsMeantWhoeverElseHasACall() {
        alice.type(request(1, "tools/call", "{\"task\":{},\"name\":\"x\"}"));
        bench.child().answerNext("{\"task\":{\"taskId\":\"t\",\"status\":\"working\"}}");
        alice.take();
        bob.type(call(1, "x"));

        bench.child().type(request(5, "elicitation/create",
                "{\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t\"}}}"));

        assertThat(alice.take()).hasSize(1);
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void aRelatedTaskNobodyOwnsIsPutToNobody() {
        bob.type(call(1, "x"));
        bench.child().take();

        bench.child().type(request(5, "elicitation/create",
                "{\"_meta\":{\"io.modelcontextprotocol/related-task\":{\"taskId\":\"t\"}}}"));

        assertRefused(-32603);
    }

    @Test
    void rootsOutsideAnyCallAreTheOnlyInitializedSessionsOnes() {
        Bench single = new Bench();
        FakeLink carol = single.client();
        single.connect();

        single.child().type(request(5, "roots/list", "{}"));

        assertThat(carol.take()).hasSize(1);
    }

    @Test
    void rootsOutsideAnyCallAreNobodysIfThereAreTwo() {
        bench.child().take();

        bench.child().type(request(5, "roots/list", "{}"));

        assertRefused(-32603);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sampling/createMessage", "elicitation/create"})
    void anythingElseOutsideAnyCallIsNobodysEvenIfThereIsOneSession(String method) {
        Bench single = new Bench();
        FakeLink carol = single.client();
        single.child().take();

        single.child().type(request(5, method, "{}"));

        assertThat(carol.take()).isEmpty();
        assertThat(single.child().take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32603));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sampling\":null}", "{\"sampling\":false}", "{\"roots\":{}}"})
    void aClientThatDidNotDeclareTheCapabilityIsNotAsked(String capabilities) {
        Bench single = Bench.with().declaring(Bench.EVERYTHING).bench();
        FakeLink carol = single.client(NEWEST, capabilities);
        carol.type(call(1, "x"));
        single.child().take();

        single.child().type(request(5, "sampling/createMessage", "{}"));

        assertThat(carol.take()).isEmpty();
        assertThat(single.child().take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32601));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vendor/ask", "tasks/list", "initialize", "tools/list"})
    void anyOtherRequestIsAnsweredWithAnErrorAndPutToNobody(String method) {
        alice.type(call(1, "x"));
        bench.child().take();

        bench.child().type(request(5, method, "{}"));

        assertRefused(-32601);
    }

    @Test
    void anAnswerIsAcceptedOnlyFromTheSessionThatWasAsked() {
        String id = askAlice(5);

        bob.type(result(id, "\"bobs\""));
        assertThat(bench.child().take()).isEmpty();
        assertThat(bench.count(Counter.CLIENT_ANSWERS_UNKNOWN)).isEqualTo(1);

        alice.type(result(id, "\"alices\""));
        assertThat(bench.child().take()).containsExactly(result(5, "\"alices\""));
    }

    @Test
    void aSecondAnswerIsDropped() {
        String id = askAlice(5);
        alice.type(result(id, "1"));
        alice.type(result(id, "2"));

        assertThat(bench.child().take()).containsExactly(result(5, "1"));
        assertThat(bench.count(Counter.CLIENT_ANSWERS_UNKNOWN)).isEqualTo(1);
    }

    @Test
    void anAnswerToNothingIsDroppedWithoutAnAnswer() {
        bench.child().take();
        alice.type(result(5, "{}"));
        alice.type(result("\"mpx-0000000000000000-1\"", "{}"));

        assertThat(bench.child().take()).isEmpty();
        assertThat(alice.take()).isEmpty();
        assertThat(bench.count(Counter.CLIENT_ANSWERS_UNKNOWN)).isEqualTo(2);
    }

    @Test
    void theChildsCancelGoesToTheSessionThatHoldsTheRequest() {
        String id = askAlice(5);

        bench.child().type(notification("notifications/cancelled", "{\"reason\":\"r\",\"requestId\": 5}"));
        assertThat(alice.take())
                .containsExactly(notification("notifications/cancelled", "{\"reason\":\"r\",\"requestId\": " + id + "}"));
        assertThat(bob.take()).isEmpty();

        alice.type(result(id, "{}"));
        assertThat(bench.child().take()).isEmpty();
    }

    @Test
    void theChildsCancelOfAnythingElseIsDropped() {
        askAlice(5);

        bench.child().type(cancelled(6));
        bench.child().type(cancelled("\"5\""));
        bench.child().type(notification("notifications/cancelled", "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(3);
    }

    @Test
    void aSecondRequestUnderAnIdStillOpenIsRefused() {
        askAlice(5);
        bench.child().type(request(5, "sampling/createMessage", "{}"));

        assertRefused(-32600);
    }

    @Test
    void openRequestsAreBounded() {
        alice.type(call(1, "x"));
        for (int i = 0; i <= Limits.DEFAULT.serverRequests(); i++) {
            bench.child().type(request(i, "sampling/createMessage", "{}"));
        }

        assertThat(alice.take()).hasSize(Limits.DEFAULT.serverRequests());
        List<String> toChild = bench.child().take();
        assertThat(code(toChild.get(toChild.size() - 1))).isEqualTo(-32603);
    }

    @Test
    void anAnswerThatCantBeReadIsAnErrorForTheChild() {
        String id = askAlice(5);

        alice.type("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":1,\"error\":2}");

        assertThat(bench.child().take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("5");
            assertThat(code(line)).isEqualTo(-32603);
        });
    }

    @Test
    void anAnswerOverTheLineLimitIsAnErrorForTheChild() {
        String id = askAlice(5);

        alice.type(new OversizedLine(100_000_000, Optional.of(RpcId.of(id.substring(1, id.length() - 1))), false));

        assertThat(bench.child().take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("5");
            assertThat(code(line)).isEqualTo(-32603);
            assertThat(at(line, "error", "message")).contains("100000000 bytes");
        });
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void aRequestOverTheLineLimitIsAnswered() {
        alice.type(call(1, "x"));
        bench.child().take();

        bench.child().type(new OversizedLine(100_000_000, Optional.of(RpcId.of(5)), true));

        assertThat(bench.child().take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("5");
            assertThat(code(line)).isEqualTo(-32603);
        });
        assertThat(alice.take()).isEmpty();
    }
}
