package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.callWithToken;
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

/**
 * DESIGN.md, "The life of a call": deadlines on the child and in the queue, and what happens when one has passed.
 * PROTOCOL.md: -32010, -32015.
 *
 * <p>A comment above a test names a change of the code that it was seen to fail with; so in the other classes.
 */
class DeadlineTest {
    /** Deadlines are looked at four times a second. */
    private static final Duration TICK = Duration.ofMillis(300);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String BLOCKER = "blocker";

    private final Bench bench = new Bench();
    /** Serves one call at a time; one of its tools may take for ever. */
    private final Bench serial = Bench.with().window(1).tools(Map.of(BLOCKER, Duration.ZERO)).bench();

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static void assertExpired(List<String> lines, int code, String outcome) {
        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(code);
            assertThat(data(line, "outcome")).isEqualTo(outcome);
        });
    }

    // ---- on the child

    // red when expireOnChild comes a second later, or when the notice is not sent
    @Test
    void aCallThatIsNotAnsweredInAMinuteFailsAndTheChildIsToldToForgetIt() {
        FakeLink client = bench.client();
        client.type(call(7, "slow"));
        Message.Request call = bench.child().next();
        bench.child().take();
        bench.pass(MINUTE.minusMillis(10));
        assertThat(client.take()).isEmpty();

        bench.pass(TICK);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("7");
            assertThat(code(line)).isEqualTo(-32010);
            assertThat(data(line, "reason")).isEqualTo("timeout");
            assertThat(data(line, "outcome")).isEqualTo("unknown");
            assertThat(Long.parseLong(data(line, "elapsedMs"))).isBetween(60_000L, 60_300L);
            assertThat(data(line, "queuedMs")).isEqualTo("0");
            assertThat(data(line, "child")).isEqualTo("{pid:4001,restarts:0}");
        });
        assertThat(bench.child().take()).anySatisfy(line -> {
            assertThat(at(line, "method")).isEqualTo("\"notifications/cancelled\"");
            assertThat(at(line, "params", "requestId")).isEqualTo(call.id().toString());
        });
        assertThat(bench.count(Counter.CALLS_EXPIRED)).isEqualTo(1);
    }

    // red when onHandedOver counts from call.queuedAt
    @Test
    void itsTimeBeginsWhenItIsHandedToTheChild() {
        FakeLink client = serial.client();
        client.type(call(1, BLOCKER));
        client.type(call(2, "next"));
        serial.pass(seconds(50));
        serial.child().answerNext("{}");
        client.take();
        serial.pass(MINUTE.minusMillis(10));
        assertThat(client.take()).isEmpty();

        serial.pass(TICK);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32010);
            assertThat(data(line, "queuedMs")).isEqualTo("50000");
        });
    }

    // red when Deadlines.onProgress sets no new time
    @Test
    void progressOfACallBeginsItsTimeAnewAndNobodyElses() {
        FakeLink client = bench.client();
        client.type(callWithToken(1, "slow", 5));
        client.type(call(2, "other"));
        Message.Request call = bench.child().next();
        bench.pass(seconds(50));
        bench.child().type(progress(call.id()));
        client.take();

        bench.pass(seconds(10).plus(TICK));
        assertThat(client.take()).singleElement().satisfies(line -> assertThat(id(line)).isEqualTo("2"));
        bench.child().answer(bench.child().next(), "{}");
        bench.pass(seconds(50).minus(TICK.multipliedBy(2)));
        assertThat(client.take()).isEmpty();
        bench.pass(TICK.multipliedBy(2));
        assertExpired(client.take(), -32010, "unknown");
    }

    // red when onProgress does not take the minimum with mustEndBy
    @Test
    void howeverMuchProgressItMakesACallEndsAfterHalfAnHour() {
        FakeLink client = bench.client();
        client.type(callWithToken(1, "slow", 5));
        Message.Request call = bench.child().next();
        for (int i = 0; i < 45; i++) {
            bench.pass(seconds(40).minusMillis(1));
            bench.child().type(progress(call.id()));
        }
        assertThat(client.take()).hasSize(45).allMatch(progress(5)::equals);

        bench.pass(TICK);

        assertExpired(client.take(), -32010, "unknown");
    }

    // red when Timeouts.onChild looks only at request, or takes any target for a tool
    @ParameterizedTest
    @CsvSource({
        "tools/call,     {\"name\":\"quick\"}, 5",
        "tools/call,     {\"name\":\"other\"}, 20",
        "prompts/get,    {\"name\":\"quick\"}, 60",
        "resources/read, {\"uri\":\"x\"},      10",
        "foo/bar,        {},                   60"
    })
    void aMethodAndBeforeItAToolMayHaveATimeOfItsOwn(String method, String params, int seconds) {
        Timeouts shipped = Timeouts.DEFAULT;
        Bench own = Bench.with()
                .timeouts(new Timeouts(
                        shipped.request(), shipped.max(), shipped.total(), shipped.initialize(), shipped.grace(),
                        Map.of("tools/call", seconds(20), "resources/read", seconds(10)),
                        Map.of("quick", seconds(5))))
                .bench();
        FakeLink client = own.client();
        client.type(request(1, method, params));
        own.pass(seconds(seconds).minusMillis(10));
        assertThat(client.take()).isEmpty();

        own.pass(TICK);

        assertExpired(client.take(), -32010, "unknown");
    }

    // red when onChildAtMost is max alone
    @Test
    void aToolMayBeGivenMoreThanTheMaximum() {
        Bench own = Bench.with().tools(Map.of("mine", Duration.ofMinutes(45))).bench();
        FakeLink client = own.client();
        client.type(call(1, "mine"));
        own.pass(Duration.ofMinutes(45).minusMillis(10));
        assertThat(client.take()).isEmpty();

        own.pass(TICK);

        assertExpired(client.take(), -32010, "unknown");
    }

    // red when Timeouts.millis makes no exception of zero
    @Test
    void zeroSwitchesADeadlineOff() {
        Bench own = Bench.with()
                .window(1)
                .timeouts(new Timeouts(
                        Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, seconds(2), Map.of(), Map.of()))
                .bench();
        FakeLink client = own.client();
        client.type(call(1, "slow"));
        client.type(call(2, "waits"));
        own.pass(Duration.ofHours(20));
        assertThat(client.take()).isEmpty();

        own.child().answerNext("{}");
        own.child().answerNext("{}");

        assertThat(client.take()).containsExactly(result(1, "{}"), result(2, "{}"));
    }

    @Test
    void zeroForAToolIsForThatToolAlone() {
        FakeLink client = serial.client();
        client.type(call(1, BLOCKER));
        serial.pass(Duration.ofHours(2));
        assertThat(client.take()).isEmpty();
        serial.child().answerNext("{}");
        client.type(call(2, "other"));
        client.take();

        serial.pass(MINUTE.plus(TICK));

        assertExpired(client.take(), -32010, "unknown");
    }

    // ---- what the child has not read

    // red when expireOnChild does not try to take the call back
    @Test
    void aCallOfWhichTheChildHasReadNoByteIsTakenBackAndSafeToRepeat() {
        FakeLink client = bench.client();
        FakeChild stopped = bench.child();
        stopped.stopReading();
        client.type(call(1, "unread"));
        bench.pass(MINUTE.plus(TICK));

        assertExpired(client.take(), -32015, "not-sent");
        stopped.readOn();
        assertThat(stopped.sent()).noneMatch(line -> line.contains("unread") || line.contains("notifications/cancelled"));
    }

    // red when a call of which the child has read the beginning is called not sent
    @Test
    void aCallOfWhichTheChildHasReadOneByteMayHaveBeenCarriedOut() {
        FakeLink client = bench.client();
        bench.child().stopReading();
        client.type(call(1, "begun"));
        bench.child().readOneByte();
        bench.pass(MINUTE.plus(TICK));

        assertExpired(client.take(), -32010, "unknown");
    }

    // ---- in the queue

    // red when expireWaiting looks only at waitsUntil
    @Test
    void aCallThatWaitsAMinuteForItsTurnIsNeverSent() {
        FakeLink client = serial.client();
        client.type(call(1, BLOCKER));
        client.type(call(2, "waits"));
        serial.pass(MINUTE.minusMillis(10));
        assertThat(client.take()).isEmpty();

        serial.pass(TICK);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("2");
            assertThat(code(line)).isEqualTo(-32015);
            assertThat(data(line, "reason")).isEqualTo("queue-timeout");
            assertThat(data(line, "outcome")).isEqualTo("not-sent");
            assertThat(Long.parseLong(data(line, "queuedMs"))).isBetween(60_000L, 60_300L);
        });
        serial.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
        assertThat(serial.child().waiting()).isEmpty();
        assertThat(serial.child().sent()).noneMatch(line -> line.contains("waits") || line.contains("cancelled"));
    }

    // red when PatientClock.readyTime is now()
    @Test
    void theQueuesClockRunsOnlyWhileTheChildIsReady() {
        FakeLink client = serial.client();
        serial.launcher.raising(FakeChild::notGreeting);
        serial.child().exit(1);
        client.type(call(1, BLOCKER));
        client.type(call(2, "waits"));
        serial.pass(seconds(100));
        assertThat(client.take()).isEmpty();
        FakeChild slow = serial.child();
        slow.answer(slow.next(), "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}}}");

        serial.pass(MINUTE.minusMillis(20));
        assertThat(client.take()).isEmpty();
        serial.pass(TICK);
        assertExpired(client.take(), -32015, "not-sent");
    }

    // red when expireWaiting looks only at the ready time
    @Test
    void nobodyWaitsLongerThanFiveMinutesForAChildWhateverItsState() {
        Timeouts shipped = Timeouts.DEFAULT;
        Bench own = Bench.with()
                .timeouts(new Timeouts(
                        shipped.request(), shipped.max(), shipped.total(), Duration.ZERO, shipped.grace(), Map.of(),
                        Map.of("patient", Duration.ofMinutes(8))))
                .bench();
        FakeLink client = own.client();
        own.launcher.raising(FakeChild::notGreeting);
        own.child().exit(1);
        client.type(call(1, "waits"));
        client.type(call(2, "patient"));
        own.pass(Duration.ofMinutes(5).minusMillis(10));
        assertThat(client.take()).isEmpty();

        own.pass(TICK);
        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("1");
            assertThat(code(line)).isEqualTo(-32015);
            assertThat(data(line, "outcome")).isEqualTo("not-sent");
        });
        own.pass(Duration.ofMinutes(3));
        assertThat(client.take()).singleElement().satisfies(line -> assertThat(id(line)).isEqualTo("2"));
    }

    // ---- afterwards

    // red when settle finishes abandoned calls like others
    @Test
    void anAnswerThatComesTooLateIsSwallowedAndCounted() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        Message.Request call = bench.child().next();
        bench.pass(MINUTE.plus(TICK));
        client.take();

        bench.child().answer(call, "{}");

        assertThat(client.take()).isEmpty();
        assertThat(bench.count(Counter.ANSWERS_LATE)).isEqualTo(1);
        assertThat(bench.count(Counter.ANSWERS_UNKNOWN)).isZero();
        assertThat(bench.mux.snapshot().running()).isEmpty();
    }

    // red when ProgressTokens.find does not look at the call's state
    @Test
    void progressThatComesAfterTheErrorIsNotDelivered() {
        FakeLink client = bench.client();
        client.type(callWithToken(1, "slow", 5));
        Message.Request call = bench.child().next();
        bench.pass(MINUTE.plus(TICK));
        client.take();

        bench.child().type(progress(call.id()));

        assertThat(client.take()).isEmpty();
        assertThat(bench.count(Counter.PROGRESS_DROPPED)).isEqualTo(1);
    }

    @Test
    void theIdOfAnExpiredCallMayBeUsedAgainAndItsLateAnswerIsNotTakenForTheNew() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        Message.Request old = bench.child().next();
        bench.pass(MINUTE.plus(TICK));
        client.take();
        client.type(call(1, "again"));

        bench.child().answer(old, "\"old\"");
        assertThat(client.take()).isEmpty();
        FakeChild child = bench.child();
        child.waiting().stream().filter(r -> r.method().equals("tools/call")).forEach(r -> child.answer(r, "\"new\""));
        assertThat(client.take()).containsExactly(result(1, "\"new\""));
    }

    @Test
    void anExpiredCallKeepsItsPlaceUntilTheChildHasAnsweredIt() {
        Bench pair = Bench.with().window(2).tools(Map.of(BLOCKER, Duration.ZERO)).bench();
        FakeLink client = pair.client();
        client.type(callWithToken(1, BLOCKER, 1));
        client.type(call(2, "slow"));
        Message.Request blocker = pair.child().next();
        Message.Request slow = pair.child().next();
        pair.pass(MINUTE.plus(TICK));
        client.type(call(3, "waits"));
        pair.child().type(progress(blocker.id()));
        pair.settle();
        assertThat(pair.child().sent()).noneMatch(line -> line.contains("waits"));

        pair.child().answer(slow, "{}");

        assertThat(pair.child().sent()).anyMatch(line -> line.contains("waits"));
    }

    // red when expireWaiting does not look whether a call still waits
    @Test
    void aClientThatLeavesWhenItIsToldOfOneCallStopsNobodysClock() {
        FakeLink blocker = serial.client();
        blocker.type(call(1, BLOCKER));
        FakeLink slow = serial.shakeHands(serial.connect(300), Bench.NEWEST, "{}");
        slow.stopReading();
        slow.type(call(1, "a"));
        slow.type(call(2, "b"));
        slow.type(call(3, "c"));
        slow.type(call(4, "d"));
        serial.pass(seconds(10));
        FakeLink other = serial.client();
        other.type(call(1, "c"));

        serial.pass(seconds(50).plus(TICK));
        assertThat(slow.isClosed()).isTrue();
        serial.pass(seconds(10).plus(TICK));

        assertExpired(other.take(), -32015, "not-sent");
        assertThat(serial.mux.snapshot().queued()).isZero();
    }

    @Test
    void nothingOfExpiredCallsIsLeftInMemory() {
        long before = serial.budget.held();
        FakeLink client = serial.client();
        for (int i = 0; i < 20; i++) {
            client.type(call(i, "x"));
        }
        serial.pass(Duration.ofMinutes(10));
        serial.launcher.children().forEach(child -> child.exit(1));
        serial.settle();

        assertThat(client.take()).hasSize(20);
        assertThat(serial.budget.held()).isEqualTo(before);
    }
}
