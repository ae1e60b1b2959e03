package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.data;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A start that gives neither a process nor an error, as where the program stands on a file system that hangs: it is
 * bounded like a child that does not answer, and nothing else is started until it is known what became of it.
 */
class HangingLaunchTest {
    private static final Duration TIMED_OUT = Timeouts.DEFAULT.initialize().plusMillis(300);

    private final Bench bench = new Bench();
    private final FakeLink client = bench.connect();

    HangingLaunchTest() {
        bench.launcher.hangNext();
        client.type(initialize(1, NEWEST, "{}"));
    }

    @AfterEach
    void neverTwoWereAlive() {
        assertThat(bench.launcher.mostAlive()).isLessThanOrEqualTo(1);
    }

    private static void assertTold(String line) {
        assertThat(code(line)).isEqualTo(-32012);
        assertThat(data(line, "outcome")).isEqualTo("not-sent");
        assertThat(at(line, "error", "message")).contains("120 s");
    }

    // red when the timer is started with the handshake
    @Test
    void whoeverWaitsIsToldWhenTheTimeForInitializeIsOver() {
        client.type(call(2, "early"));
        bench.pass(Timeouts.DEFAULT.initialize().minusMillis(100));
        assertThat(client.take()).isEmpty();
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("starting");

        bench.pass(Duration.ofMillis(300));

        assertThat(client.take()).hasSize(2).allSatisfy(HangingLaunchTest::assertTold);
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("wedged");
        assertThat(bench.mux.snapshot().child().failure()).isPresent();
    }

    // red when the child counts as stopped then
    @Test
    void fromThenOnEveryoneIsToldAtOnceAndNoOtherStartIsTried() {
        bench.pass(TIMED_OUT);
        client.take();
        for (int i = 0; i < 20; i++) {
            FakeLink other = bench.connect();
            other.type(initialize(1, NEWEST, "{}"));
            assertThat(other.take()).singleElement().satisfies(HangingLaunchTest::assertTold);
            bench.pass(Duration.ofMinutes(1));
        }

        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    // red when what comes late is greeted
    @Test
    void aProcessThatComesLateIsEndedAndOnlyThenMayAnotherBeStarted() {
        bench.pass(TIMED_OUT);
        client.take();
        bench.launcher.raising(child -> child.dyingIn(Duration.ofSeconds(5)));
        bench.launcher.release();
        FakeChild late = bench.child();
        assertThat(late.endings()).containsExactly(new FakeChild.Ending(Duration.ZERO, Limits.DEFAULT.kill()));
        client.type(initialize(2, NEWEST, "{}"));
        bench.pass(Duration.ofSeconds(4));
        assertThat(bench.launcher.attempts()).isEqualTo(1);

        bench.pass(Duration.ofSeconds(2));
        client.take();
        bench.shakeHands(client, NEWEST, "{}");

        assertThat(late.sent()).isEmpty();
        assertThat(late.isAlive()).isFalse();
        assertThat(bench.launcher.attempts()).isEqualTo(2);
    }

    @Test
    void oneThatComesLateAndCantBeEndedIsWedged() {
        bench.pass(TIMED_OUT);
        client.take();
        bench.launcher.raising(FakeChild::immortal);
        bench.launcher.release();
        bench.pass(Duration.ofSeconds(16));
        client.type(initialize(2, NEWEST, "{}"));

        assertThat(client.take()).isNotEmpty().allSatisfy(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(at(line, "error", "message")).contains("4001");
        });
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void aFailureThatComesLateIsAnEndToo() {
        bench.pass(TIMED_OUT);
        client.take();
        bench.launcher.releaseFailing("no such program");
        bench.settle();

        bench.shakeHands(client, NEWEST, "{}");
        assertThat(bench.launcher.attempts()).isEqualTo(2);
    }

    @Test
    void aStartThatIsSlowButInTimeIsServed() {
        bench.pass(Duration.ofSeconds(100));
        bench.launcher.release();
        bench.settle();

        List<String> lines = client.take();
        assertThat(lines).singleElement().satisfies(line -> assertThat(at(line, "result")).isNotEqualTo("(none)"));
    }

    @Test
    void theTimeForInitializeCoversStartAndHandshakeTogether() {
        bench.launcher.raising(FakeChild::notGreeting);
        bench.pass(Duration.ofSeconds(100));
        bench.launcher.release();
        bench.pass(Duration.ofSeconds(19));
        assertThat(bench.child().endings()).isEmpty();
        bench.pass(Duration.ofSeconds(2));

        assertThat(bench.child().endings()).hasSize(1);
    }

    @Test
    void aDrainIsCompleteWhenWhatCameLateIsGone() {
        bench.pass(TIMED_OUT);
        Bench.DrainWatch drain = bench.drain(Duration.ofSeconds(1));
        bench.pass(Duration.ofMinutes(1));
        assertThat(drain.isComplete()).isFalse();
        bench.launcher.release();
        bench.settle();

        assertThat(drain.isComplete()).isTrue();
        assertThat(bench.launcher.alive()).isZero();
    }
}
