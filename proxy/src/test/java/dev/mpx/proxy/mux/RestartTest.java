package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.data;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DESIGN.md, "The child": restart with exponential backoff and jitter, and what clients are told meanwhile. */
class RestartTest {
    private final Bench bench = new Bench();

    @AfterEach
    void neverTwoWereAlive() {
        assertThat(bench.launcher.mostAlive()).isLessThanOrEqualTo(1);
    }

    // ---- how long it waits

    private static Duration delayAfter(int failures, long seed) {
        Backoff backoff = new Backoff(new Random(seed));
        for (int i = 0; i < failures; i++) {
            backoff.failed();
        }
        return backoff.delay();
    }

    // red without the bound
    @Test
    void theWaitDoublesFromTheSecondFailureOnUpToHalfAMinute() {
        assertThat(delayAfter(0, 1)).isZero();
        assertThat(delayAfter(1, 1)).isZero();
        for (int failures = 2; failures < 200; failures++) {
            long full = failures > 9 ? 30_000 : Math.min(30_000, 200L << (failures - 2));
            for (int seed = 0; seed < 20; seed++) {
                assertThat(delayAfter(failures, seed)).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
            }
        }
    }

    // red without jitter: every daemon of a machine that wakes would try at the same moments
    @Test
    void itIsNotTheSameEachTime() {
        Set<Duration> delays = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            delays.add(delayAfter(8, seed));
        }
        assertThat(delays).hasSizeGreaterThan(40);
    }

    private FakeLink crashSoonAfterStart(int times) {
        FakeLink client = bench.client();
        for (int i = 0; i < times; i++) {
            client.type(call("\"crash" + i + "\"", "x"));
            bench.pass(Duration.ofSeconds(40));
            bench.child().exit(1);
        }
        client.take();
        return client;
    }

    private boolean startsAtOnce(FakeLink client) {
        client.type(call("\"next\"", "x"));
        bench.settle();
        return bench.mux.snapshot().child().state().equals("ready");
    }

    @Test
    void aChildThatKeepsDyingSoonIsWaitedFor() {
        FakeLink client = crashSoonAfterStart(5);

        assertThat(startsAtOnce(client)).isFalse();
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("backing-off");
        bench.pass(Duration.ofSeconds(30));
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result("\"next\"", "{}"));
    }

    // red when nothing resets the backoff
    @Test
    void aHealthyMinuteForgetsIt() {
        FakeLink client = crashSoonAfterStart(5);
        client.type(call(1, "x"));
        bench.pass(Duration.ofSeconds(40));
        bench.child().answerNext("{}");
        bench.pass(Duration.ofSeconds(61));
        bench.child().exit(1);

        assertThat(startsAtOnce(client)).isTrue();
    }

    @Test
    void lessThanAMinuteDoesNot() {
        FakeLink client = crashSoonAfterStart(5);
        client.type(call(1, "x"));
        bench.pass(Duration.ofSeconds(20));
        bench.child().answerNext("{}");
        bench.pass(Duration.ofSeconds(20));
        bench.child().exit(1);

        assertThat(startsAtOnce(client)).isFalse();
    }

    // ---- what is a crash

    // red when the end of the child's output is taken for a crash before its status is known
    @Test
    void anExitWithStatusZeroWhileIdleIsNoCrashHoweverOften() {
        FakeLink client = bench.client();
        for (int i = 0; i < 20; i++) {
            bench.child().exit(0);
            assertThat(startsAtOnce(client)).isTrue();
            bench.child().answerNext("{}");
        }

        assertThat(client.take()).hasSize(20);
        assertThat(bench.count(Counter.CHILD_DEATHS)).isZero();
    }

    @Test
    void withACallOnItIsOne() {
        FakeLink client = bench.client();
        client.type(call(1, "x"));
        bench.child().exit(0);

        assertThat(bench.count(Counter.CHILD_DEATHS)).isEqualTo(1);
        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32011));
    }

    @Test
    void anyOtherStatusIsOneToo() {
        bench.client();
        bench.child().exit(1);

        assertThat(bench.count(Counter.CHILD_DEATHS)).isEqualTo(1);
    }

    // ---- what clients are told

    @Test
    void whenItCantStartAgainCallsGetItsLastWordsAndALaterCallTriesAgain() {
        FakeLink client = bench.client();
        bench.launcher.raising(child -> {
            child.notGreeting();
            child.says("ImportError: no chromadb");
        });
        bench.child().exit(1);
        client.type(call(1, "x"));
        bench.settle();
        bench.child().exit(3);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(data(line, "outcome")).isEqualTo("not-sent");
            assertThat(data(line, "stderr")).isEqualTo("[ImportError: no chromadb]");
            assertThat(at(line, "error", "message")).contains("status 3", "mpx status");
        });
        bench.launcher.raising(child -> {});
        bench.pass(Duration.ofHours(1));
        assertThat(bench.launcher.attempts()).isEqualTo(2);
        client.type(call(2, "x"));
        bench.pass(Duration.ofSeconds(1));
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(2, "{}"));
    }
}
