package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.EVERYTHING;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md, Framing: batch arrays, which are legal at revision 2025-03-26 alone. */
class BatchTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client("2025-03-26", EVERYTHING);
    private final FakeLink bob = bench.client();

    private static List<String> elements(String array) {
        return JsonValue.parse(array.getBytes(StandardCharsets.UTF_8)).orElseThrow().elements().stream()
                .map(JsonValue::toString)
                .toList();
    }

    private static String batch(String... lines) {
        return "[" + String.join(" , ", lines) + "]";
    }

    @Test
    void theChildSeesSingleMessagesAndTheClientOneArrayOnceTheLastAnswerIsThere() {
        alice.type(batch(call(1, "a"), call("\"2\"", "b"), request(3, "ping", "{}")));
        Message.Request a = bench.child().next();
        Message.Request b = bench.child().next();
        assertThat(a.frame().toString()).isEqualTo(call(a.id(), "a"));

        bench.child().answer(b, "\"b\"");
        assertThat(alice.take()).isEmpty();
        bench.child().answer(a, "\"a\"");

        assertThat(alice.take()).singleElement().satisfies(array ->
                assertThat(elements(array)).containsExactlyInAnyOrder(
                        result(1, "\"a\""), result("\"2\"", "\"b\""), result(3, "{}")));
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void aBatchOfNothingToAnswerIsAnsweredWithNothing() {
        bench.child().take();

        alice.type(batch(notification("vendor/a", "{}"), result(7, "{}")));

        assertThat(alice.take()).isEmpty();
        assertThat(bench.child().take()).containsExactly(notification("vendor/a", "{}"));
    }

    @Test
    void whatIsBadInABatchIsAnsweredInItsArray() {
        alice.type(batch("1", "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", "[" + request(9, "ping", "{}") + "]",
                request(3, "ping", "{}"), initialize(4, "2025-03-26", "{}")));

        assertThat(alice.take()).singleElement().satisfies(array -> {
            List<String> answers = elements(array);
            assertThat(answers).extracting(Rpc::id).containsExactly("null", "null", "null", "3", "4");
            assertThat(answers.get(0)).contains("-32600");
            assertThat(code(answers.get(4))).isEqualTo(-32600);
        });
    }

    @Test
    void twoEqualIdsInABatchAreOneInFlightAndOneRefused() {
        alice.type(batch(call(1, "a"), call(1, "b")));
        bench.child().answerNext("{}");

        assertThat(alice.take()).singleElement().satisfies(array ->
                assertThat(elements(array)).hasSize(2).contains(result(1, "{}")).anyMatch(line -> line.contains("-32600")));
    }

    @Test
    void aCancelledCallLeavesNoAnswerInTheArray() {
        alice.type(batch(call(1, "a"), call(2, "b")));
        alice.type(cancelled(1));
        bench.child().answerNext("\"a\"");
        bench.child().answerNext("\"b\"");

        assertThat(alice.take()).containsExactly("[" + result(2, "\"b\"") + "]");
    }

    @Test
    void aBatchOfWhichEveryCallIsCancelledIsAnsweredWithNothing() {
        alice.type(batch(call(1, "a")));
        alice.type(batch(cancelled(1)));
        bench.child().answerNext("\"a\"");

        assertThat(alice.take()).isEmpty();
    }

    @Test
    void theArrayCarriesTheErrorsOfADeadChild() {
        alice.type(batch(call(1, "a"), request(2, "ping", "{}")));
        bench.child().exit(1);

        assertThat(alice.take()).singleElement().satisfies(array ->
                assertThat(elements(array)).hasSize(2).anyMatch(line -> line.contains("-32011")));
    }

    @Test
    void anEmptyArrayIsRefused() {
        alice.type("[]");

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32600));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-06-18", "2025-11-25"})
    void atAnyOtherRevisionItIsOneError(String revision) {
        FakeLink carol = bench.client(revision, "{}");
        carol.type(batch(call(1, "a"), call(2, "b")));

        assertThat(carol.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32600);
            assertThat(id(line)).isEqualTo("null");
        });
        assertThat(bench.child().waiting()).isEmpty();
    }

    @Test
    void beforeInitializeItIsOneError() {
        FakeLink carol = bench.connect();
        carol.type(batch(request(1, "ping", "{}"), request(2, "ping", "{}")));

        assertThat(carol.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32600));
    }

    @Test
    void aBatchOfTheChildIsTakenApart() {
        bob.type(call(1, "a"));
        bob.type(call(2, "b"));
        Message.Request a = bench.child().next();
        Message.Request b = bench.child().next();

        bench.child().type(batch(result(b.id(), "\"b\""), "7", result(a.id(), "\"a\"")));

        assertThat(bob.take()).containsExactly(result(2, "\"b\""), result(1, "\"a\""));
        assertThat(bench.count(Counter.CHILD_LINES_UNREADABLE)).isEqualTo(1);
    }
}
