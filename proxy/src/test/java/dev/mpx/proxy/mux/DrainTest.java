package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Shutting down: PROTOCOL.md, -32016; no process and no session is left. */
class DrainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Bench bench = Bench.with().window(1).bench();

    private static void assertShuttingDown(String line, String outcome) {
        assertThat(code(line)).isEqualTo(-32016);
        // an agent has no connection in its hands: the shim makes the next one by itself
        assertThat(at(line, "error", "message")).doesNotContainIgnoringCase("connect");
        if (outcome.contains("not-sent")) {
            assertThat(at(line, "error", "message")).contains("Send it again");
        }
        assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo(outcome);
    }

    @Test
    void withNothingToWaitForEverySessionIsClosedAndTheChildEnded() {
        FakeLink alice = bench.client();
        FakeLink silent = bench.connect();
        Bench.DrainWatch drained = bench.drain(PATIENCE);

        assertThat(alice.isClosed()).isTrue();
        assertThat(silent.isClosed()).isTrue();
        assertThat(bench.child().endings())
                .containsExactly(new FakeChild.Ending(Limits.DEFAULT.stop(), Limits.DEFAULT.kill()));
        assertThat(drained.isComplete()).isFalse();
        bench.settle();
        assertThat(drained.isComplete()).isTrue();
        assertThat(bench.launcher.alive()).isZero();
    }

    @Test
    void withoutAChildItIsCompleteAtOnceAndStartsNone() {
        bench.connect();

        assertThat(bench.drain(PATIENCE).isComplete()).isTrue();
        bench.pass(Duration.ofMinutes(2));
        assertThat(bench.launcher.attempts()).isZero();
    }

    @Test
    void aCallOnTheChildMayFinishAndQueuedOnesAreRefusedUnsent() {
        FakeLink alice = bench.client();
        alice.type(call(1, "running"));
        alice.type(call(2, "queued"));
        Bench.DrainWatch drained = bench.drain(PATIENCE);

        assertThat(alice.take()).singleElement().satisfies(line -> assertShuttingDown(line, "\"not-sent\""));
        assertThat(alice.isClosed()).isFalse();
        bench.pass(Duration.ofSeconds(20));
        bench.child().answerNext("{}");
        assertThat(alice.take()).containsExactly(result(1, "{}"));
        assertThat(alice.isClosed()).isTrue();
        bench.settle();
        assertThat(drained.isComplete()).isTrue();
    }

    @Test
    void whatComesMeanwhileIsRefusedUnsentAndPingIsStillAnswered() {
        FakeLink alice = bench.client();
        alice.type(call(1, "running"));
        bench.drain(PATIENCE);
        FakeLink late = bench.connect();

        alice.type(call(2, "late"));
        alice.type(request(3, "ping", "{}"));
        late.type(initialize(1, NEWEST, "{}"));

        assertShuttingDown(alice.take().get(0), "\"not-sent\"");
        assertThat(alice.sent()).contains(result(3, "{}"));
        assertShuttingDown(late.take().get(0), "\"not-sent\"");
    }

    @Test
    void aCallThatTakesLongerThanThePatienceFailsWithItsOutcomeUnknown() {
        FakeLink alice = bench.client();
        alice.type(call(1, "running"));
        Bench.DrainWatch drained = bench.drain(PATIENCE);
        bench.pass(PATIENCE);

        assertThat(alice.take()).singleElement().satisfies(line -> assertShuttingDown(line, "\"unknown\""));
        assertThat(alice.isClosed()).isTrue();
        bench.settle();
        assertThat(drained.isComplete()).isTrue();
    }

    @Test
    void aCallOfWhichNoByteHadLeftIsSaidNotToHaveBeenSentAndIsNot() {
        FakeLink alice = bench.client();
        bench.child().stopReading();
        alice.type(call(1, "stuck"));
        bench.drain(PATIENCE);
        bench.pass(PATIENCE);

        assertThat(alice.take()).singleElement().satisfies(line -> {
            assertShuttingDown(line, "\"not-sent\"");
            // red when it gets the sentence of the calls that were sent
            assertThat(at(line, "error", "message")).contains("nothing of this was sent").doesNotContain("not known");
        });
        bench.child().readOn();
        assertThat(bench.child().sent()).noneMatch(line -> line.contains("stuck"));
    }

    @Test
    void whoeverWaitsToBeLetInIsRefused() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink alice = bench.connect();
        FakeLink bob = bench.connect();
        alice.type(initialize(1, NEWEST, "{}"));
        bob.type(initialize(1, NEWEST, "{}"));
        bob.type(call(2, "early"));
        bench.settle();
        Bench.DrainWatch drained = bench.drain(PATIENCE);
        bench.settle();

        assertThat(alice.take()).singleElement().satisfies(line -> assertShuttingDown(line, "\"not-sent\""));
        assertThat(bob.take()).hasSize(2).allSatisfy(line -> assertShuttingDown(line, "\"not-sent\""));
        assertThat(drained.isComplete()).isTrue();
    }

    @Test
    void aChildOnItsWayIsEndedAsSoonAsItIsThere() {
        bench.connect().type(initialize(1, NEWEST, "{}"));
        Bench.DrainWatch drained = bench.drain(PATIENCE);
        assertThat(drained.isComplete()).isFalse();
        bench.settle();

        assertThat(drained.isComplete()).isTrue();
        assertThat(bench.launcher.alive()).isZero();
    }

    @Test
    void noChildIsStartedAnyMore() {
        FakeLink alice = bench.client();
        alice.type(call(1, "running"));
        bench.drain(PATIENCE);
        bench.child().exit(1);
        bench.pass(Duration.ofMinutes(2));

        assertThat(alice.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32011));
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void itWaitsForAChildThatTakesItsTime() {
        bench.launcher.raising(child -> child.dyingIn(Duration.ofSeconds(8)));
        bench.client();
        Bench.DrainWatch drained = bench.drain(PATIENCE);
        bench.pass(Duration.ofSeconds(7));
        assertThat(drained.isComplete()).isFalse();
        bench.pass(Duration.ofSeconds(2));

        assertThat(drained.isComplete()).isTrue();
    }

    @Test
    void drainingTwiceIsDrainingOnce() {
        bench.client();
        Bench.DrainWatch first = bench.drain(PATIENCE);
        Bench.DrainWatch second = bench.drain(PATIENCE);
        bench.settle();

        assertThat(first.isComplete()).isTrue();
        assertThat(second.isComplete()).isTrue();
        assertThat(bench.child().endings()).hasSize(1);
    }

    @Test
    void whoeverComesAfterTheEndIsClosed() {
        bench.client();
        bench.drain(PATIENCE);
        bench.settle();

        assertThat(bench.connect().isClosed()).isTrue();
    }

    @Test
    void memoryThatIsShortDoesNotMakeItWaitForEver() {
        Bench small = Bench.with().budget(100_000).bench();
        FakeLink alice = small.client();
        FakeLink reader = small.client();
        reader.type(call(1, "running"));
        alice.type(call(2, "running"));
        Message.Request first = small.child().next();
        alice.stopReading();
        Bench.DrainWatch drained = small.drain(PATIENCE);
        small.child().answer(small.child().next(), "\"" + "x".repeat(200_000) + "\"");
        small.child().answer(first, "{}");
        small.pass(PATIENCE.plusSeconds(20));

        assertThat(drained.isComplete()).isTrue();
    }
}
