package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.callWithToken;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.data;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.progress;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * DESIGN.md, "Expiry": a child that answers nothing until the end of the grace is stalled and is killed; one that
 * answers others is only slow.
 */
class StallTest {
    private static final String LONG = "long";
    /** From the hand-over to the end of the grace, the ticks included. */
    private static final Duration KILLED = Duration.ofSeconds(62).plusMillis(600);
    private static final Duration TICK = Duration.ofMillis(300);

    private final Bench wide = Bench.with().tools(Map.of(LONG, Duration.ZERO)).bench();
    private final Bench serial = Bench.with().window(1).bench();

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    /** Whether the child has been told to end. */
    private static boolean isKilled(FakeChild child) {
        return !child.endings().isEmpty();
    }

    private static Message.Request named(FakeChild child, String tool) {
        return child.waiting().stream()
                .filter(r -> r.frame().toString().contains("\"" + tool + "\""))
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void neverTwoWereAlive() {
        assertThat(wide.launcher.mostAlive()).isLessThanOrEqualTo(1);
        assertThat(serial.launcher.mostAlive()).isLessThanOrEqualTo(1);
    }

    // ---- when it is killed

    // red when Deadlines.settleDoubts never calls stalled()
    @Test
    void aSerialChildThatAnswersNothingIsKilledWhenTheGraceIsOver() {
        FakeLink client = serial.client();
        client.type(call(1, "stuck"));
        FakeChild stuck = serial.child();
        serial.pass(seconds(62).minusMillis(10));
        assertThat(isKilled(stuck)).isFalse();

        serial.pass(TICK.multipliedBy(2));

        assertThat(stuck.endings()).containsExactly(new FakeChild.Ending(Duration.ZERO, seconds(3)));
        assertThat(serial.count(Counter.CHILD_STALLS)).isEqualTo(1);
        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32010));
    }

    @Test
    void whileItIsBeingKilledItsStateSaysSo() {
        FakeLink client = serial.client();
        serial.child().dyingIn(seconds(5));
        client.type(call(1, "stuck"));
        serial.pass(KILLED);

        assertThat(serial.mux.snapshot().child().state()).isEqualTo("stalled");
    }

    // red when a cancelled call is no longer watched
    @Test
    void aCancelledCallThatIsNeverAnsweredLeadsToTheSame() {
        FakeLink client = serial.client();
        client.type(call(1, "stuck"));
        client.type(cancelled(1));
        serial.pass(KILLED);

        assertThat(isKilled(serial.child())).isTrue();
        assertThat(client.take()).isEmpty();
    }

    @Test
    void soDoesTheCallOfASessionThatLeft() {
        FakeLink client = serial.client();
        client.type(call(1, "stuck"));
        client.vanish();
        serial.pass(KILLED);

        assertThat(isKilled(serial.child())).isTrue();
    }

    @Test
    void soDoesAChildThatReadsNothing() {
        FakeLink client = serial.client();
        serial.child().stopReading();
        client.type(call(1, "unread"));
        serial.pass(KILLED);

        assertThat(isKilled(serial.child())).isTrue();
    }

    // red when an answer to nobody's question counts
    @Test
    void logMessagesAndBannersAreNoAnswer() {
        FakeLink client = serial.client();
        client.type(callWithToken(1, "stuck", 1));
        FakeChild child = serial.child();
        Message.Request stuck = child.next();
        serial.pass(seconds(60).plus(TICK));
        child.type(notification("notifications/message", "{\"level\":\"error\",\"data\":\"busy\"}"));
        child.type("Loading model…");
        child.type(progress(stuck.id()));
        child.type(result(999_999, "{}"));
        serial.pass(seconds(3));

        assertThat(isKilled(child)).isTrue();
    }

    @Test
    void anAnswerBeforeTheDeadlineIsNoSignOfLifeAfterIt() {
        FakeLink client = wide.client();
        client.type(call(1, "quick"));
        client.type(call(2, "stuck"));
        wide.pass(seconds(59));
        wide.child().answer(named(wide.child(), "quick"), "{}");
        wide.pass(KILLED.minus(seconds(59)));

        assertThat(isKilled(wide.child())).isTrue();
    }

    // red when a pong does not free the places of expired calls
    @Test
    void aPongSavesAChildAlsoWhenAllItsPlacesWereTakenByExpiredCalls() {
        Bench pair = Bench.with().window(2).bench();
        FakeLink client = pair.client();
        client.type(call(1, "stuck"));
        client.type(call(2, "stuck"));
        FakeChild child = pair.child();
        pair.pass(seconds(60).plus(TICK));
        child.pong();
        pair.pass(seconds(3));

        // told of a cancellation, the child goes on without these two: they hold nobody up
        assertThat(isKilled(child)).isFalse();
    }

    // ---- when it is left alone

    // red when Calls.settle does not tell the deadlines of answers
    @Test
    void aChildThatAnswersAnotherCallInTheGraceIsOnlySlow() {
        FakeLink client = wide.client();
        client.type(call(1, "slow"));
        client.type(call(2, LONG));
        wide.pass(seconds(61));
        wide.child().answer(named(wide.child(), LONG), "{}");
        wide.pass(seconds(30));

        assertThat(isKilled(wide.child())).isFalse();
        assertThat(client.take()).extracting(Rpc::id).containsExactly("1", "2");
    }

    @Test
    void soIsOneThatAnswersTheExpiredCallItselfInTheGrace() {
        FakeLink client = serial.client();
        client.type(call(1, "slow"));
        serial.pass(seconds(61));
        serial.child().answerNext("{}");
        serial.pass(seconds(30));

        assertThat(isKilled(serial.child())).isFalse();
    }

    @Test
    void soIsOneThatAnswersACancelledCallInTheGrace() {
        FakeLink client = wide.client();
        client.type(call(1, "slow"));
        client.type(call(2, LONG));
        client.type(cancelled(2));
        wide.pass(seconds(61));
        wide.child().answer(named(wide.child(), LONG), "{}");
        wide.pass(seconds(30));

        assertThat(isKilled(wide.child())).isFalse();
    }

    // red when onProgress does not count as an answer
    @Test
    void soIsOneThatMakesProgressOnALiveCallInTheGrace() {
        FakeLink client = wide.client();
        client.type(call(1, "slow"));
        client.type(callWithToken(2, LONG, 7));
        wide.pass(seconds(61));
        wide.child().type(progress(named(wide.child(), LONG).id()));
        wide.pass(seconds(30));

        assertThat(isKilled(wide.child())).isFalse();
    }

    /** A child that logs, with a slow call on it, and mpx's question for its level. */
    private static Message.Request asksForTheLevelInTheGrace(Bench bench) {
        bench.launcher.raising(child -> child.greetingWith(
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"logging\":{}}}"));
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        bench.pass(seconds(61));
        client.type(request(2, "logging/setLevel", "{\"level\":\"debug\"}"));
        return bench.child().waiting().stream()
                .filter(r -> r.method().equals("logging/setLevel"))
                .findFirst()
                .orElseThrow();
    }

    // red when Calls.onResponse does not tell the deadlines of answers to mpx itself
    @Test
    void soIsOneThatAnswersMpxItselfInTheGrace() {
        Message.Request level = asksForTheLevelInTheGrace(wide);
        wide.child().answer(level, "{}");
        wide.pass(seconds(30));

        assertThat(isKilled(wide.child())).isFalse();
    }

    // red when Calls.failOne does not
    @Test
    void soIsOneWhoseAnswerToMpxItselfCantBeRead() {
        Message.Request level = asksForTheLevelInTheGrace(wide);
        wide.child().type("{\"jsonrpc\":\"2.0\",\"id\":" + level.id() + ",\"result\":{},\"error\":{}}");
        wide.pass(seconds(30));

        assertThat(isKilled(wide.child())).isFalse();
    }

    @Test
    void aSecondAnswerToMpxItselfIsNone() {
        Message.Request level = asksForTheLevelInTheGrace(wide);
        wide.child().answer(level, "{}");
        wide.pass(seconds(2));
        FakeLink other = wide.client();
        other.type(call(1, "slow"));
        wide.pass(seconds(61));
        wide.child().answer(level, "{}");
        wide.pass(seconds(3));

        assertThat(isKilled(wide.child())).isTrue();
    }

    // red when nobody is asked to ping
    @Test
    void aPongSavesAChildThatStillHasRoomForOthers() {
        FakeLink client = wide.client();
        client.type(call(1, "slow"));
        FakeChild child = wide.child();
        wide.pass(seconds(61));
        child.pong();
        wide.pass(seconds(30));

        assertThat(isKilled(child)).isFalse();
        client.type(call(2, "next"));
        child.answer(named(child, "next"), "{}");
        assertThat(client.take()).contains(result(2, "{}"));
    }

    // red when a ping is sent for every expired call
    @Test
    void aChildThatNeverAnswersPingsIsNotAskedForEver() {
        Bench busy = Bench.with().tools(Map.of(LONG, Duration.ZERO)).bench();
        FakeLink client = busy.client();
        for (int i = 0; i < 20; i++) {
            client.type(call("\"slow" + i + "\"", "slow"));
            client.type(call("\"long" + i + "\"", LONG));
            busy.pass(seconds(61));
            FakeChild child = busy.child();
            child.answer(child.waiting().stream().filter(r -> r.frame().toString().contains(LONG)).reduce((a, b) -> b).orElseThrow(), "{}");
            busy.pass(seconds(5));
            assertThat(isKilled(child)).isFalse();
            child.answer(child.waiting().stream().filter(r -> r.frame().toString().contains("slow")).reduce((a, b) -> b).orElseThrow(), "{}");
        }

        assertThat(busy.child().pings()).hasSize(1);
    }

    // red when a pong only stays the execution
    @Test
    void aCallThatHoldsNobodyUpDoesNotCondemnTheChildLater() {
        FakeLink client = wide.client();
        client.type(call(1, "slow"));
        FakeChild child = wide.child();
        wide.pass(seconds(61));
        child.pong();
        wide.pass(seconds(600));

        assertThat(isKilled(child)).isFalse();
    }

    @Test
    void zeroGraceSwitchesTheRuleOff() {
        Timeouts shipped = Timeouts.DEFAULT;
        Bench lenient = Bench.with()
                .window(1)
                .timeouts(new Timeouts(
                        shipped.request(), shipped.max(), shipped.total(), shipped.initialize(), Duration.ZERO, Map.of(), Map.of()))
                .bench();
        FakeLink client = lenient.client();
        client.type(call(1, "slow"));
        lenient.pass(Duration.ofMinutes(20));

        assertThat(isKilled(lenient.child())).isFalse();
        assertThat(client.take()).hasSize(1);
    }

    // ---- what becomes of the others

    @Test
    void othersOnItFailAndTheirOutcomeIsUnknown() {
        FakeLink alice = wide.client();
        FakeLink bob = wide.client();
        alice.type(call(1, "stuck"));
        bob.type(call(1, LONG));
        wide.child().says("deadlock");
        wide.pass(KILLED);

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32010));
        assertThat(bob.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32011);
            assertThat(data(line, "outcome")).isEqualTo("unknown");
            assertThat(data(line, "stderr")).isEqualTo("[deadlock]");
        });
    }

    @Test
    void theQueueGoesOnWithANewChildAfterAHandshakeOfItsOwn() {
        FakeLink client = serial.client();
        client.type(call(1, "stuck"));
        serial.pass(seconds(30));
        client.type(call(2, "a"));
        client.type(call(3, "b"));
        FakeChild old = serial.child();
        old.dyingIn(seconds(3));
        serial.pass(KILLED.minus(seconds(30)));
        assertThat(serial.launcher.attempts()).isEqualTo(1);
        serial.pass(seconds(4));

        FakeChild fresh = serial.child();
        assertThat(fresh).isNotSameAs(old);
        assertThat(old.isAlive()).isFalse();
        assertThat(fresh.sent().subList(0, 2)).satisfies(lines -> {
            assertThat(at(lines.get(0), "method")).isEqualTo("\"initialize\"");
            assertThat(at(lines.get(1), "method")).isEqualTo("\"notifications/initialized\"");
        });
        fresh.answerNext("\"a\"");
        fresh.answerNext("\"b\"");
        assertThat(client.take()).hasSize(3).endsWith(result(2, "\"a\""), result(3, "\"b\""));
        assertThat(old.sent()).noneMatch(line -> line.contains("\"a\""));
    }

    // red when ChildWatch.onReady does not restore them
    @Test
    void subscriptionsAndTheLogLevelAreRestoredBeforeTheQueueGoesOn() {
        String greeting = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"logging\":{},\"resources\":{\"subscribe\":true}}}";
        serial.launcher.raising(child -> child.greetingWith(greeting));
        FakeLink alice = serial.client();
        FakeLink bob = serial.client();
        alice.type(request(1, "resources/subscribe", "{\"uri\":\"palace://x\"}"));
        serial.child().answerNext("{}");
        bob.type(request(1, "logging/setLevel", "{\"level\":\"debug\"}"));
        serial.child().answer(serial.child().next(), "{}");
        alice.type(call(2, "stuck"));
        serial.pass(seconds(30));
        bob.type(call(2, "waits"));
        alice.take();
        bob.take();
        serial.pass(KILLED.minus(seconds(30)).plus(seconds(1)));

        List<String> asked = serial.child().waiting().stream().map(r -> r.frame().toString()).toList();
        assertThat(asked).hasSize(3);
        assertThat(asked.subList(0, 2)).anyMatch(line -> line.contains("resources/subscribe") && line.contains("palace://x"));
        assertThat(asked.subList(0, 2)).anyMatch(line -> line.contains("logging/setLevel") && line.contains("debug"));
        assertThat(asked.get(2)).contains("waits");
        serial.child().waiting().forEach(r -> serial.child().answer(r, "{}"));
        assertThat(bob.take()).containsExactly(result(2, "{}"));
        serial.child().type(notification("notifications/resources/updated", "{\"uri\":\"palace://x\"}"));
        assertThat(alice.take()).anyMatch(line -> line.contains("notifications/resources/updated"));
    }

    @Test
    void aDoubtAboutADeadChildIsNoneAboutTheNext() {
        FakeLink client = serial.client();
        client.type(call(1, "stuck"));
        serial.pass(seconds(30));
        client.type(call(2, "waits"));
        serial.pass(seconds(31));
        serial.child().exit(139);
        serial.pass(seconds(5));

        assertThat(serial.launcher.children()).hasSize(2);
        assertThat(isKilled(serial.child())).isFalse();
        serial.child().answerNext("{}");
        assertThat(client.take()).extracting(Rpc::id).containsExactly("1", "2");
    }
}
