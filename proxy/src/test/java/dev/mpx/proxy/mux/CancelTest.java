package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: {@code notifications/cancelled} from a client. */
class CancelTest {
    private final Bench bench = Bench.with().window(1).bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    @Test
    void theRequestIdIsMappedAndNothingElseIsChanged() {
        alice.type(call("\"mine\"", "slow"));
        Message.Request call = bench.child().next();
        bench.child().take();

        alice.type(notification("notifications/cancelled", "{\"reason\":\"bored\",\"requestId\": \"mine\",\"x\":1.10}"));

        assertThat(bench.child().take())
                .containsExactly(notification(
                        "notifications/cancelled", "{\"reason\":\"bored\",\"requestId\": " + call.id() + ",\"x\":1.10}"));
    }

    @Test
    void theLateAnswerIsSwallowedAndCounted() {
        alice.type(call(1, "slow"));
        alice.type(cancelled(1));
        bench.child().answerNext("{}");

        assertThat(alice.take()).isEmpty();
        assertThat(bench.count(Counter.ANSWERS_LATE)).isEqualTo(1);
    }

    @Test
    void aCallStillQueuedIsRemovedAndNeverSent() {
        alice.type(call(1, "first"));
        alice.type(call(2, "second"));
        alice.type(call(3, "third"));
        alice.type(cancelled(2));
        bench.child().answerNext("{}");
        bench.child().answerNext("{}");

        assertThat(alice.take()).containsExactly(result(1, "{}"), result(3, "{}"));
        assertThat(bench.child().sent()).noneMatch(line -> line.contains("second") || line.contains("cancelled"));
        assertThat(bench.child().waiting()).isEmpty();
    }

    @Test
    void anIdOfSomebodyElseIsDropped() {
        alice.type(call(1, "slow"));
        bench.child().take();

        bob.type(cancelled(1));

        assertThat(bench.child().take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(1);
        bench.child().answerNext("{}");
        assertThat(alice.take()).containsExactly(result(1, "{}"));
    }

    @Test
    void ofTwoEqualIdsOnlyTheCancellersIsCancelled() {
        Bench wide = new Bench();
        FakeLink carol = wide.client();
        FakeLink dave = wide.client();
        carol.type(call(1, "carols"));
        dave.type(call(1, "daves"));
        Message.Request carols = wide.child().next();
        Message.Request daves = wide.child().next();
        wide.child().take();

        dave.type(cancelled(1));

        assertThat(wide.child().take()).singleElement().satisfies(line ->
                assertThat(at(line, "params", "requestId")).isEqualTo(daves.id().toString()));
        wide.child().answer(daves, "{}");
        wide.child().answer(carols, "{}");
        assertThat(carol.take()).containsExactly(result(1, "{}"));
        assertThat(dave.take()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"requestId\":99}", "{\"requestId\":null}", "{\"requestId\":{}}", "{}", "[1]"})
    void anIdThatMeansNothingIsDropped(String params) {
        alice.type(call(1, "slow"));
        bench.child().take();

        alice.type(notification("notifications/cancelled", params));
        alice.type("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}");

        assertThat(bench.child().take()).isEmpty();
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void anAnsweredCallCanNoLongerBeCancelled() {
        alice.type(call(1, "quick"));
        bench.child().answerNext("{}");
        bench.child().take();

        alice.type(cancelled(1));

        assertThat(bench.child().take()).isEmpty();
    }

    @Test
    void initializeCantBeCancelled() {
        Bench slow = new Bench();
        FakeLink client = slow.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(cancelled(1));
        slow.settle();

        assertThat(client.take()).extracting(Rpc::id).containsExactly("1");
        assertThat(slow.child().sent()).noneMatch(line -> line.contains("cancelled"));
    }

    @Test
    void aCallTakenBackBeforeAByteOfItLeftIsNeverSent() {
        bench.child().stopReading();
        alice.type(call(1, "slow"));
        alice.type(cancelled(1));
        bob.type(call(1, "bobs"));
        bench.child().readOn();

        assertThat(bench.child().waiting()).singleElement().satisfies(call ->
                assertThat(call.frame().toString()).contains("bobs"));
        assertThat(bench.child().sent()).noneMatch(line -> line.contains("cancelled"));
    }

    @Test
    void theIdOfACancelledCallIsFreeForANewOneAndTheLateAnswerIsNotTakenForIts() {
        Bench wide = new Bench();
        FakeLink client = wide.client();
        client.type(call(1, "old"));
        client.type(cancelled(1));
        client.type(call(1, "new"));

        wide.child().answerNext("\"old\"");
        assertThat(client.take()).isEmpty();
        wide.child().answerNext("\"new\"");
        assertThat(client.take()).containsExactly(result(1, "\"new\""));
    }
}
