package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md: {@code logging/setLevel} and {@code notifications/message}. */
class LogLevelsTest {
    private final Bench bench = logging();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    private static Bench logging() {
        Bench bench = new Bench();
        bench.launcher.raising(child -> child.greetingWith(
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"logging\":{}}}"));
        return bench;
    }

    private static String setLevel(Object id, String level) {
        return request(id, "logging/setLevel", "{\"level\":\"" + level + "\"}");
    }

    private static String message(String level) {
        return notification("notifications/message", "{\"level\":\"" + level + "\",\"data\":1.10}");
    }

    /** The levels the child has been asked for since this was last asked. */
    private List<String> asked() {
        List<String> levels = bench.child().waiting().stream()
                .filter(request -> request.method().equals("logging/setLevel"))
                .map(request -> request.params().flatMap(p -> p.get("level")).flatMap(JsonValue::text).orElseThrow())
                .toList();
        levels.forEach(level -> bench.child().answerNext("{}"));
        return levels;
    }

    @Test
    void aLevelIsAnsweredAtOnceAndTheChildIsAskedForTheMostVerboseOfAll() {
        alice.type(setLevel(1, "error"));
        assertThat(alice.take()).containsExactly(result(1, "{}"));
        assertThat(asked()).containsExactly("info");

        bob.type(setLevel(1, "warning"));
        assertThat(asked()).containsExactly("warning");
        alice.type(setLevel(2, "debug"));
        assertThat(asked()).containsExactly("debug");
        alice.type(setLevel(3, "emergency"));
        assertThat(asked()).containsExactly("warning");
    }

    @Test
    void theChildIsNotAskedAgainForWhatItHas() {
        alice.type(setLevel(1, "debug"));
        bob.type(setLevel(1, "debug"));
        bob.type(setLevel(2, "error"));

        assertThat(asked()).containsExactly("debug");
    }

    @Test
    void aChildThatIsSlowToAnswerIsAskedForTheLatestLevelAndNotForEachOfThem() {
        for (int i = 0; i < 100; i++) {
            alice.type(setLevel(2 * i, "debug"));
            alice.type(setLevel(2 * i + 1, "info"));
        }
        alice.type(setLevel("\"last\"", "notice"));
        bob.type(setLevel(1, "notice"));

        assertThat(asked()).containsExactly("debug");
        assertThat(asked()).containsExactly("notice");
        assertThat(asked()).isEmpty();
    }

    @Test
    void eachSessionIsFilteredByItsOwnLevel() {
        alice.type(setLevel(1, "debug"));
        bob.type(setLevel(1, "error"));
        alice.take();
        bob.take();

        for (LogLevel level : LogLevel.values()) {
            bench.child().type(message(level.word()));
        }

        assertThat(alice.take()).hasSize(8).startsWith(message("debug"));
        assertThat(bob.take()).containsExactly(
                message("error"), message("critical"), message("alert"), message("emergency"));
    }

    @Test
    void aSessionThatNeverAskedGetsInfoAndUp() {
        alice.type(setLevel(1, "debug"));

        bench.child().type(message("debug"));
        bench.child().type(message("info"));

        assertThat(bob.take()).containsExactly(message("info"));
    }

    @Test
    void aSessionThatComesLaterAndNeverAsksGetsInfoAndUpToo() {
        alice.type(setLevel(1, "error"));
        bob.type(setLevel(1, "error"));
        assertThat(asked()).containsExactly("info");
        assertThat(asked()).containsExactly("error");

        bench.client();

        assertThat(asked()).containsExactly("info");
    }

    @Test
    void aSessionThatLeavesNoLongerCounts() {
        alice.type(setLevel(1, "debug"));
        bob.type(setLevel(1, "error"));
        assertThat(asked()).containsExactly("debug");

        alice.vanish();

        assertThat(asked()).containsExactly("error");
    }

    @Test
    void aNewChildIsAskedForWhatTheSessionsWant() {
        alice.type(setLevel(1, "debug"));
        bench.child().exit(1);
        bob.type(call(1, "wake"));
        bench.settle();

        assertThat(asked()).containsExactly("debug");
    }

    @Test
    void aChildNobodyAskedAnythingOfIsLeftAsItIs() {
        assertThat(asked()).isEmpty();
    }

    @Test
    void aLevelThatIsNoneIsRefused() {
        alice.type(setLevel(1, "loud"));
        alice.type(request(2, "logging/setLevel", "{}"));

        assertThat(alice.take()).hasSize(2).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32602));
        assertThat(asked()).isEmpty();
    }

    @Test
    void aServerThatDoesNotLogIsNotAsked() {
        Bench mute = new Bench();
        FakeLink client = mute.client();

        client.type(setLevel(1, "debug"));

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32601));
        assertThat(mute.child().waiting()).isEmpty();
    }

    @Test
    void mpxsOwnRequestTakesNoPlaceInTheWindowAndItsAnswerReachesNobody() {
        Bench narrow = Bench.with().window(1).bench();
        narrow.launcher.raising(child -> child.greetingWith(
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"logging\":{}}}"));
        FakeLink client = narrow.client();
        client.type(setLevel(1, "debug"));
        client.type(call(2, "echo"));
        client.take();

        List<Message.Request> waiting = narrow.child().waiting();
        assertThat(waiting).extracting(Message.Request::method).containsExactly("logging/setLevel", "tools/call");
        narrow.child().answer(waiting.get(0), "{}");
        assertThat(client.take()).isEmpty();
        assertThat(narrow.count(Counter.ANSWERS_UNKNOWN)).isZero();
    }
}
