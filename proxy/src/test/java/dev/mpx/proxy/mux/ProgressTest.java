package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: {@code params._meta.progressToken} and {@code notifications/progress}, both ways. */
class ProgressTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    private static String callWith(Object id, String token) {
        return request(id, "tools/call", "{\"_meta\":{\"a\":1,\"progressToken\": " + token + "},\"name\":\"x\"}");
    }

    private static String progress(String token) {
        return notification("notifications/progress", "{\"progressToken\": " + token + ",\"progress\":1.10}");
    }

    private static String tokenOf(Message.Request call) {
        return at(call.frame().toString(), "params", "_meta", "progressToken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"\"", "1", "\"\\u0061\"", "9223372036854775808"})
    void aTokenIsReplacedOnTheWayThereAndPutBackByteForByte(String token) {
        alice.type(callWith(1, token));
        Message.Request call = bench.child().next();
        assertThat(call.params().orElseThrow().toString())
                .isEqualTo("{\"_meta\":{\"a\":1,\"progressToken\": " + tokenOf(call) + "},\"name\":\"x\"}");

        bench.child().type(progress(tokenOf(call)));

        assertThat(alice.take()).containsExactly(progress(token));
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void equalTokensOfTwoClientsAreTwo() {
        alice.type(callWith(1, "1"));
        bob.type(callWith(1, "1"));
        Message.Request alices = bench.child().next();
        Message.Request bobs = bench.child().next();
        assertThat(tokenOf(alices)).isNotEqualTo(tokenOf(bobs));

        bench.child().type(progress(tokenOf(bobs)));

        assertThat(bob.take()).containsExactly(progress("1"));
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void noProgressIsDeliveredAfterTheResponse() {
        alice.type(callWith(1, "7"));
        Message.Request call = bench.child().next();
        bench.child().answer(call, "{}");

        bench.child().type(progress(tokenOf(call)));

        assertThat(alice.take()).containsExactly(result(1, "{}"));
        assertThat(bench.count(Counter.PROGRESS_DROPPED)).isEqualTo(1);
    }

    @Test
    void noProgressIsDeliveredForACancelledCall() {
        alice.type(callWith(1, "7"));
        Message.Request call = bench.child().next();
        alice.type(cancelled(1));

        bench.child().type(progress(tokenOf(call)));

        assertThat(alice.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "\"1\"", "null", "{}"})
    void progressForATokenNobodyHasIsDroppedAndCounted(String token) {
        alice.type(callWith(1, "7"));

        bench.child().type(progress(token));
        bench.child().type(notification("notifications/progress", "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bench.count(Counter.PROGRESS_DROPPED)).isEqualTo(2);
    }

    @Test
    void aCallWithoutATokenGetsNone() {
        alice.type(call(1, "x"));
        Message.Request call = bench.child().next();
        assertThat(tokenOf(call)).isEqualTo("(none)");

        bench.child().type(progress(call.id().toString()));

        assertThat(alice.take()).isEmpty();
    }

    @Test
    void aTokenThatIsNoneIsLeftAsItIs() {
        alice.type(callWith(1, "{\"a\":1}"));

        assertThat(tokenOf(bench.child().next())).isEqualTo("{\"a\":1}");
    }

    @Test
    void theTokenOfACallThatStartedATaskLivesUntilTheTaskIsOver() {
        Message.Request call = startTask("t1");

        bench.child().type(progress(tokenOf(call)));
        assertThat(alice.take()).containsExactly(progress("7"));
        bench.child().type(notification("notifications/tasks/status", "{\"taskId\":\"t1\",\"status\":\"working\"}"));
        bench.child().type(progress(tokenOf(call)));
        assertThat(alice.take()).hasSize(2).contains(progress("7"));

        bench.child().type(notification("notifications/tasks/status", "{\"taskId\":\"t1\",\"status\":\"completed\"}"));
        alice.take();
        bench.child().type(progress(tokenOf(call)));
        assertThat(alice.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "failed", "cancelled"})
    void aTaskThatTurnsOutToBeOverWhenAskedForEndsItsTokenToo(String status) {
        Message.Request call = startTask("t1");
        alice.type(request(2, "tasks/get", "{\"taskId\":\"t1\"}"));
        bench.child().answerNext("{\"taskId\":\"t1\",\"status\":\"" + status + "\"}");
        alice.take();

        bench.child().type(progress(tokenOf(call)));

        assertThat(alice.take()).isEmpty();
    }

    @Test
    void aCallThatWasCancelledGetsNoProgressOfTheTaskItStarted() {
        alice.type(request(1, "tools/call", "{\"_meta\":{\"progressToken\":7},\"task\":{},\"name\":\"x\"}"));
        Message.Request call = bench.child().next();
        alice.type(cancelled(1));
        bench.child().answer(call, "{\"task\":{\"taskId\":\"t1\",\"status\":\"working\"}}");

        bench.child().type(progress(tokenOf(call)));

        assertThat(alice.take()).isEmpty();
    }

    @Test
    void aClientsProgressGoesToTheChildIfTheChildGaveThatClientTheToken() {
        alice.type(call(1, "x"));
        bench.child().type(request(5, "sampling/createMessage", "{\"_meta\":{\"progressToken\":\"theirs\"}}"));
        bench.child().take();

        alice.type(progress("\"theirs\""));
        assertThat(bench.child().take()).containsExactly(progress("\"theirs\""));

        bob.type(progress("\"theirs\""));
        alice.type(progress("\"other\""));
        alice.type(notification("notifications/progress", "{}"));
        assertThat(bench.child().take()).isEmpty();
    }

    @Test
    void aClientsProgressAfterItsAnswerIsDropped() {
        alice.type(call(1, "x"));
        bench.child().type(request(5, "sampling/createMessage", "{\"_meta\":{\"progressToken\":3}}"));
        alice.type(result(Rpc.id(alice.take().get(0)), "{}"));
        bench.child().take();

        alice.type(progress("3"));

        assertThat(bench.child().take()).isEmpty();
    }

    private Message.Request startTask(String taskId) {
        alice.type(request(1, "tools/call", "{\"_meta\":{\"progressToken\":7},\"task\":{},\"name\":\"x\"}"));
        Message.Request call = bench.child().next();
        bench.child().answer(call, "{\"task\":{\"taskId\":\"" + taskId + "\",\"status\":\"working\"}}");
        alice.take();
        return call;
    }
}
