package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.data;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * DESIGN.md, "The child": a tree that is not gone 10 s after SIGKILL is wedged. Calls fail with a clear error, and
 * there is never a second child.
 */
class WedgedTest {
    private static final String LONG = "long";
    /** SIGTERM, three seconds, SIGKILL, ten seconds, and two in which a guard speaks, or is killed because it does not. */
    private static final Duration WEDGED = Duration.ofSeconds(15);
    private static final Duration MOMENT = Duration.ofMillis(600);

    private final Bench bench = Bench.with().tools(Map.of(LONG, Duration.ZERO)).bench();
    private final FakeLink client = bench.client();
    private final FakeChild stuck = bench.child().immortal();

    @AfterEach
    void neverTwoWereAlive() {
        assertThat(bench.launcher.mostAlive()).isEqualTo(1);
    }

    private void stall() {
        stuck.says("chromadb: opening", "virtiofs: no answer");
        client.type(call(1, "stuck"));
        bench.pass(Duration.ofSeconds(62).plus(MOMENT));
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("stalled");
        client.take();
    }

    private static void assertNamesTheCulprit(String line) {
        assertThat(code(line)).isEqualTo(-32012);
        assertThat(data(line, "outcome")).isEqualTo("not-sent");
        assertThat(at(line, "error", "message")).contains("4001");
        assertThat(data(line, "stderr")).isEqualTo("[chromadb: opening,virtiofs: no answer]");
    }

    // red when Child.end starts no timer
    @Test
    void tenSecondsAfterTheKillWhoeverWaitsIsToldOfTheProcessThatWillNotEnd() {
        stall();
        client.type(call(2, "waits"));
        bench.pass(WEDGED.minus(MOMENT.multipliedBy(2)));
        assertThat(client.take()).isEmpty();
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("stalled");

        bench.pass(MOMENT.multipliedBy(2));

        assertThat(client.take()).singleElement().satisfies(WedgedTest::assertNamesTheCulprit);
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("wedged");
    }

    // red when Child.whyWedged does not ask for ProcessLink.stuck
    @Test
    void whatIsKnownOfTheCulpritIsInTheMessage() {
        stuck.stuckAs("pid 7 (python3), which waits on rpc_wait in the kernel (state D)");
        stall();
        client.type(call(2, "waits"));
        bench.pass(WEDGED);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(at(line, "error", "message")).contains(
                    "hangs: pid 7 (python3), which waits on rpc_wait in the kernel (state D). ", "your data is safe", "see `mpx status`");
        });
    }

    // red when need() does nothing in this state
    @Test
    void fromThenOnEveryCallIsToldAtOnce() {
        stall();
        bench.pass(WEDGED);
        for (int i = 2; i < 20; i++) {
            client.type(call(i, "new"));
            assertThat(client.take()).singleElement().satisfies(WedgedTest::assertNamesTheCulprit);
        }
    }

    @Test
    void callsThatWereOnItAreNotLeftWaiting() {
        FakeLink other = bench.client();
        other.type(call(1, LONG));
        stall();
        bench.pass(WEDGED);

        assertThat(other.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("1");
            assertThat(code(line)).isEqualTo(-32011);
            assertThat(data(line, "outcome")).isEqualTo("unknown");
        });
    }

    // red when failSent answers what it has taken back
    @Test
    void aCallOfWhichNoByteHadLeftIsToldSo() {
        FakeLink other = bench.client();
        client.type(call(1, "stuck"));
        stuck.stopReading();
        other.type(call(1, LONG));
        stuck.says("chromadb: opening", "virtiofs: no answer");
        bench.pass(Duration.ofSeconds(62).plus(MOMENT));
        assertThat(other.take()).isEmpty();
        bench.pass(WEDGED);

        assertThat(other.take()).singleElement().satisfies(WedgedTest::assertNamesTheCulprit);
    }

    @Test
    void anotherChildIsNotStartedHoweverLongItTakes() {
        stall();
        for (int i = 2; i < 100; i++) {
            client.type(call(i, "new"));
            bench.pass(Duration.ofMinutes(1));
            bench.connect().type(initialize(1, Bench.NEWEST, "{}"));
        }

        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void whenItIsGoneAtLastTheNextCallIsServed() {
        stall();
        bench.pass(Duration.ofMinutes(5));
        client.take();
        stuck.exit(137);
        bench.pass(Duration.ofSeconds(1));
        client.type(call(2, "new"));
        bench.settle();

        bench.child().answerNext("{}");

        assertThat(client.take()).containsExactly(result(2, "{}"));
    }

    @Test
    void aChildThatHangsBeforeItsHandshakeIsWedgedToo() {
        Bench cold = new Bench();
        cold.launcher.raising(child -> child.notGreeting().immortal());
        FakeLink early = cold.connect();
        early.type(initialize(1, Bench.NEWEST, "{}"));
        cold.pass(Timeouts.DEFAULT.initialize().plus(WEDGED).plus(MOMENT));

        assertThat(early.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(at(line, "error", "message")).contains("4001");
        });
        early.type(initialize(2, Bench.NEWEST, "{}"));
        assertThat(early.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32012));
        assertThat(cold.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void nothingOfTheCallsIsLeftInMemory() {
        long before = bench.budget.held();
        stall();
        client.type(call(2, "waits"));
        bench.pass(WEDGED);
        List<String> lines = client.take();
        stuck.exit(137);

        assertThat(lines).hasSize(1);
        assertThat(bench.mux.snapshot().running()).isEmpty();
        assertThat(bench.budget.held()).isEqualTo(before);
    }
}
