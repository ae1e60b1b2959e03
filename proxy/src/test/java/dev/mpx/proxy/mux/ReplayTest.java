package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.callWithToken;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.data;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.progress;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DESIGN.md, "Child death" and "No second try of a write": what is asked once more of the next child, and what never is. */
class ReplayTest {
    private final Bench bench = Bench.with().reads("search").bench();

    private FakeChild crash() {
        bench.child().exit(139);
        bench.pass(Duration.ofSeconds(1));
        return bench.child();
    }

    private static boolean wasAsked(FakeChild child, String word) {
        return child.sent().stream().anyMatch(line -> line.contains("\"" + word + "\""));
    }

    private void assertLost(FakeLink client) {
        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32011);
            assertThat(data(line, "outcome")).isEqualTo("unknown");
        });
    }

    // red when mayBeAskedAgain is true for every call (the write-once rule)
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tools/call |          {\"name\":\"write\"}",
        "tools/call |          {}",
        "tools/call |          {\"name\":\"search\",\"task\":{}}",
        "resources/subscribe | {\"uri\":\"search\"}",
        "some/method |         {\"name\":\"search\"}"
    })
    void aCallThatMayHaveWrittenIsNeverSentAgain(String method, String params) {
        FakeLink client = bench.client();
        client.type(request(1, method, params));
        assertThat(bench.child().waiting()).hasSize(1);
        bench.child().exit(139);
        client.type(call(2, "next"));
        bench.settle();

        assertThat(bench.child().waiting()).singleElement()
                .satisfies(next -> assertThat(next.frame().toString()).contains("next"));
        assertLost(client);
    }

    // red when KnownReads knows nothing
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "tools/call |               {\"name\":\"search\"}",
        "tools/list |               {\"cursor\":\"c\"}",
        "prompts/list |             {}",
        "resources/list |           {}",
        "resources/templates/list | {}",
        "prompts/get |              {\"name\":\"p\"}",
        "resources/read |           {\"uri\":\"u\"}",
        "completion/complete |      {}"
    })
    void aKnownReadIsAskedOnceMore(String method, String params) {
        FakeLink client = bench.client();
        client.type(request(1, method, params));
        Message.Request first = bench.child().next();
        FakeChild next = crash();
        assertThat(client.take()).isEmpty();

        Message.Request again = next.next();
        next.answer(again, "{\"found\":1}");

        assertThat(again.id()).isNotEqualTo(first.id());
        assertThat(again.params().orElseThrow()).hasToString(first.params().orElseThrow().toString());
        assertThat(client.take()).containsExactly(result(1, "{\"found\":1}"));
    }

    // red when mayBeAskedAgain does not look at replayed
    @Test
    void onceAndNotTwice() {
        FakeLink client = bench.client();
        client.type(call(1, "search"));
        FakeChild second = crash();
        assertThat(second.waiting()).hasSize(1);
        client.type(call(2, "search"));
        FakeChild third = crash();

        assertLost(client);
        assertThat(third.waiting()).hasSize(1);
        third.answerNext("{}");
        assertThat(client.take()).containsExactly(result(2, "{}"));
    }

    // red when Calls' listener does not pass the tools on
    @Test
    void aToolThatTheServerAnnotatesAsReadOnlyIsAKnownRead() {
        FakeLink client = bench.client();
        client.type(request(1, "tools/list", "{}"));
        bench.child().answerNext("{\"tools\":["
                + "{\"name\":\"look\",\"annotations\":{\"readOnlyHint\":true}},"
                + "{\"name\":\"put\",\"annotations\":{\"readOnlyHint\":false}},"
                + "{\"name\":\"odd\",\"annotations\":{\"readOnlyHint\":\"true\"}},"
                + "{\"name\":\"bare\"}]}");
        client.take();
        for (String tool : List.of("look", "put", "odd", "bare")) {
            client.type(call('"' + tool + '"', tool));
        }
        FakeChild next = crash();

        assertThat(next.waiting()).hasSize(1);
        next.answerNext("{}");
        assertThat(client.take()).extracting(Rpc::id)
                .containsExactlyInAnyOrder("\"put\"", "\"odd\"", "\"bare\"", "\"look\"");
    }

    @Test
    void aToolWhoseAnnotationIsGoneIsAWriteAgain() {
        FakeLink client = bench.client();
        for (String hint : List.of("true", "false")) {
            client.type(request(1, "tools/list", "{}"));
            bench.child().answerNext("{\"tools\":[{\"name\":\"look\",\"annotations\":{\"readOnlyHint\":" + hint + "}}]}");
        }
        client.take();
        client.type(call(2, "look"));
        crash();

        assertLost(client);
    }

    // red when the token is not registered anew at the second hand-over
    @Test
    void itsProgressIsDeliveredUnderItsOwnTokenAfterTheReplay() {
        FakeLink client = bench.client();
        client.type(callWithToken(1, "search", "\"mine\""));
        Message.Request first = bench.child().next();
        bench.child().type(progress(first.id()));
        FakeChild next = crash();
        Message.Request again = next.next();
        client.take();

        next.type(progress(first.id()));
        assertThat(client.take()).isEmpty();
        next.type(progress(again.id()));
        next.answer(again, "{}");

        assertThat(client.take()).containsExactly(progress("\"mine\""), result(1, "{}"));
    }

    @Test
    void unsentCallsAndReadsGoToTheNextChildInTheirOrderAndWritesFail() {
        FakeLink client = bench.client();
        client.type(call(1, "search"));
        client.type(call(2, "write"));
        bench.child().stopReading();
        client.type(call(3, "unsent"));
        FakeChild next = crash();

        assertLost(client);
        assertThat(next.waiting()).hasSize(2);
        next.answerNext("\"search\"");
        next.answerNext("\"unsent\"");
        assertThat(client.take()).containsExactly(result(1, "\"search\""), result(3, "\"unsent\""));
        assertThat(wasAsked(next, "write")).isFalse();
    }

    @Test
    void aReadThatNobodyWaitsForIsNotAskedAgain() {
        FakeLink client = bench.client();
        client.type(call(1, "search"));
        client.type(cancelled(1));
        client.type(call(2, "search"));
        bench.pass(Duration.ofSeconds(61));
        assertThat(client.take()).singleElement().satisfies(line -> assertThat(id(line)).isEqualTo("2"));
        client.type(call(3, "search"));
        FakeChild next = crash();

        assertThat(next.waiting()).hasSize(1);
        next.answerNext("{}");
        assertThat(client.take()).extracting(Rpc::id).containsExactly("3");
    }

    // red when the time on the first child counts as waiting
    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void theTimeOnTheDeadChildDoesNotCountAsWaiting(int minutes) {
        Bench patient = Bench.with().reads("search").tools(Map.of("search", Duration.ofMinutes(20))).bench();
        FakeLink client = patient.client();
        client.type(call(1, "search"));
        patient.pass(Duration.ofMinutes(minutes));
        patient.launcher.raising(FakeChild::notGreeting);
        patient.child().exit(139);
        patient.pass(Duration.ofSeconds(5));
        FakeChild next = patient.child();
        next.answer(next.next(), "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}}}");
        next.answerNext("{}");

        assertThat(client.take()).containsExactly(result(1, "{}"));
    }

    // red when a replayed call that fails in the queue is called not sent: the first child had it
    @Test
    void aReadThatFailsWhileItWaitsForItsSecondTryIsNotCalledUnsent() {
        FakeLink client = bench.client();
        client.type(call(1, "search"));
        bench.launcher.failNext("no");
        bench.child().exit(139);
        bench.settle();

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32011);
            assertThat(data(line, "reason")).isEqualTo("child-died");
            assertThat(data(line, "outcome")).isEqualTo("unknown");
        });
    }

    // red when it gets the code of calls that were never sent (PROTOCOL.md: -32015 is always not-sent)
    @Test
    void norIsOneThatWaitsTooLongForIt() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.connect();
        client.type(Rpc.initialize(1, Bench.NEWEST, "{}"));
        bench.settle();
        bench.child().answerNext("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}}}");
        client.take();
        client.type(call(1, "search"));
        bench.child().exit(139);
        for (int i = 0; i < 4; i++) {
            bench.pass(Duration.ofSeconds(100));
        }

        assertLost(client);
    }

    @Test
    void nothingOfReplayedCallsIsLeftInMemory() {
        long before = bench.budget.held();
        FakeLink client = bench.client();
        client.type(call(1, "search"));
        client.type(call(2, "search"));
        FakeChild next = crash();
        next.answerNext("{}");
        crash();

        assertThat(client.take()).hasSize(2);
        assertThat(bench.budget.held()).isEqualTo(before);
    }
}
