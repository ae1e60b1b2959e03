package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * DESIGN.md, "Late clocks": a process that was stopped, or a machine that slept, wakes with every timer due and every
 * answer unread. Then what waits is read first, and all deadlines are extended by the lag.
 *
 * <p>All of these but the fourth are red when PatientClock takes no timer for late.
 */
class LateClockTest {
    private static final Duration TICK = Duration.ofMillis(300);
    private static final String BLOCKER = "blocker";

    private final Bench bench = new Bench();

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void anAnswerThatWaitedUnreadWhileTheMachineSleptIsDelivered() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        bench.pass(seconds(30));
        bench.lose(Duration.ofHours(8));
        assertThat(client.take()).isEmpty();

        bench.child().answerNext("{}");
        bench.pass(seconds(5));

        assertThat(client.take()).containsExactly(result(1, "{}"));
        assertThat(bench.child().endings()).isEmpty();
    }

    @Test
    void aDeadlineIsExtendedByTheTimeThatWasLostAndByNoMore() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        bench.pass(seconds(30));
        bench.lose(seconds(1000));
        bench.pass(seconds(29));
        assertThat(client.take()).isEmpty();

        bench.pass(seconds(1).plus(TICK));

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32010));
    }

    @Test
    void whatALongSleepWasMadeOfDoesNotMatter() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        for (int i = 0; i < 10; i++) {
            bench.pass(seconds(5));
            bench.lose(seconds(100));
        }
        // each time a stop begins between two ticks, and that part is not seen
        bench.pass(seconds(7));
        assertThat(client.take()).isEmpty();

        bench.pass(seconds(3).plus(TICK));

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32010));
    }

    // red when a lag of a tenth of a second is skipped, which would let a busy machine stretch deadlines for ever
    @Test
    void aTickThatIsOnlyALittleLateExtendsNothing() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        for (int i = 0; i < 60; i++) {
            bench.lose(seconds(1));
        }
        bench.pass(TICK);

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32010));
    }

    @Test
    void theQueuesClockStandsStillTooWhileTheMachineSleeps() {
        Bench serial = Bench.with().window(1).tools(Map.of(BLOCKER, Duration.ZERO)).bench();
        FakeLink client = serial.client();
        client.type(call(1, BLOCKER));
        client.type(call(2, "waits"));
        serial.pass(seconds(30));
        serial.lose(Duration.ofHours(8));
        serial.pass(seconds(29));
        assertThat(client.take()).isEmpty();

        serial.pass(seconds(1).plus(TICK));

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("2");
            assertThat(code(line)).isEqualTo(-32015);
        });
    }

    @Test
    void theGraceOfADoubtedChildIsExtendedToo() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        Message.Request call = bench.child().next();
        bench.pass(seconds(61));
        bench.lose(Duration.ofHours(1));
        bench.pass(TICK);
        assertThat(bench.child().endings()).isEmpty();

        bench.child().answer(call, "{}");
        bench.pass(seconds(5));

        assertThat(bench.child().endings()).isEmpty();
    }

    // red when the handshake's time is a plain timer
    @Test
    void aHandshakeThatWaitedUnreadWhileTheMachineSleptIsGood() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.connect();
        client.type(initialize(1, Bench.NEWEST, "{}"));
        bench.pass(seconds(30));
        bench.lose(Duration.ofHours(8));
        assertThat(bench.child().endings()).isEmpty();

        bench.child().answer(bench.child().next(), "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}");
        bench.pass(seconds(5));

        assertThat(client.take()).singleElement()
                .satisfies(line -> assertThat(at(line, "result", "protocolVersion")).isEqualTo("\"2025-11-25\""));
    }

    @Test
    void theTimeOfAHandshakeIsExtendedByTheTimeThatWasLostAndByNoMore() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.connect();
        client.type(initialize(1, Bench.NEWEST, "{}"));
        bench.pass(seconds(30));
        bench.lose(Duration.ofHours(8));
        bench.pass(seconds(89));
        assertThat(client.take()).isEmpty();

        bench.pass(seconds(1).plus(TICK));

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32012));
    }

    // red when the wait for a killed child's end is a plain timer
    @Test
    void aChildWhoseEndWasNotSeenWhileTheMachineSleptIsNotTakenForWedged() {
        FakeLink client = bench.client();
        bench.launcher.raising(child -> child.dyingIn(seconds(5)));
        FakeChild old = bench.child();
        old.immortal();
        old.vanish();
        client.type(call(1, "waits"));
        bench.pass(seconds(1));
        bench.lose(Duration.ofHours(8));
        old.exit(137);
        bench.settle();

        assertThat(client.take()).isEmpty();
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
    }
}
