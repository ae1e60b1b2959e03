package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Issue 3, "Recycle": on idle by age, memory of the tree, or number of calls; off by default. */
class RecycleTest {
    private static final Duration SOON = Duration.ofSeconds(3);

    private final AtomicLong resident = new AtomicLong(1 << 20);

    private Bench with(Duration age, long calls, long memory) {
        return Bench.with()
                .tools(java.util.Map.of("long", Duration.ZERO))
                .recycle(new Recycle(age, calls, memory), resident::get)
                .bench();
    }

    private static void assertRecycled(Bench bench, FakeChild old, FakeLink client) {
        assertThat(old.endings()).containsExactly(new FakeChild.Ending(Limits.DEFAULT.stop(), Limits.DEFAULT.kill()));
        assertThat(old.isAlive()).isFalse();
        assertThat(bench.count(Counter.CHILD_DEATHS)).isZero();
        assertThat(bench.launcher.attempts()).isEqualTo(1);
        client.take();
        client.type(call("\"next\"", "x"));
        bench.settle();
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result("\"next\"", "{}"));
        assertThat(bench.launcher.mostAlive()).isEqualTo(1);
    }

    @Test
    void isOffByDefault() {
        Bench bench = new Bench();
        FakeLink client = bench.client();
        for (int i = 0; i < 1000; i++) {
            client.type(call(i, "x"));
            bench.child().answerNext("{}");
        }
        bench.pass(Duration.ofDays(7));

        assertThat(bench.child().endings()).isEmpty();
    }

    // red when look() does not compare the age
    @Test
    void anOldChildIsReplaced() {
        Bench bench = with(Duration.ofHours(1), 0, 0);
        FakeLink client = bench.client();
        FakeChild old = bench.child();
        bench.pass(Duration.ofMinutes(59));
        assertThat(old.endings()).isEmpty();
        bench.pass(Duration.ofMinutes(1).plus(SOON));

        assertRecycled(bench, old, client);
    }

    @Test
    void theAgeIsThatOfEachChild() {
        Bench bench = with(Duration.ofHours(1), 0, 0);
        FakeLink client = bench.client();
        bench.pass(Duration.ofMinutes(59));
        bench.child().exit(1);
        client.type(call(1, "x"));
        bench.settle();
        bench.child().answerNext("{}");
        bench.pass(Duration.ofMinutes(30));

        assertThat(bench.child().endings()).isEmpty();
    }

    @Test
    void soIsOneThatHasAnsweredMany() {
        Bench bench = with(Duration.ZERO, 3, 0);
        FakeLink client = bench.client();
        FakeChild old = bench.child();
        for (int i = 0; i < 3; i++) {
            bench.pass(SOON);
            assertThat(old.endings()).isEmpty();
            client.type(call(i, "x"));
            old.answerNext("{}");
        }
        bench.pass(SOON);

        assertRecycled(bench, old, client);
        bench.pass(SOON);
        assertThat(bench.child().endings()).isEmpty();
    }

    @Test
    void soIsAFatOne() {
        Bench bench = with(Duration.ZERO, 0, 1 << 30);
        FakeLink client = bench.client();
        FakeChild old = bench.child();
        bench.pass(Duration.ofHours(1));
        assertThat(old.endings()).isEmpty();
        resident.set(1 << 30);
        bench.pass(SOON);
        resident.set(1);

        assertRecycled(bench, old, client);
    }

    // red when look() does not ask whether it is idle
    @Test
    void neverWhileACallIsOnIt() {
        Bench bench = with(Duration.ofMinutes(1), 1, 1);
        FakeLink client = bench.client();
        client.type(call(1, "long"));
        FakeChild old = bench.child();
        bench.pass(Duration.ofHours(1));
        assertThat(old.endings()).isEmpty();

        old.answerNext("{}");
        bench.pass(SOON);

        assertRecycled(bench, old, client);
    }

    // red when look() does not ask for tasks
    @Test
    void neverWhileATaskRunsOnIt() {
        Bench bench = with(Duration.ofMinutes(1), 0, 0);
        FakeLink client = bench.client();
        client.type(request(1, "tools/call", "{\"name\":\"x\",\"task\":{}}"));
        FakeChild old = bench.child();
        old.answerNext("{\"task\":{\"taskId\":\"t1\",\"status\":\"working\"}}");
        bench.pass(Duration.ofHours(1));
        assertThat(old.endings()).isEmpty();

        old.type(Rpc.notification("notifications/tasks/status", "{\"taskId\":\"t1\",\"status\":\"completed\"}"));
        bench.pass(SOON);

        assertRecycled(bench, old, client);
    }

    @Test
    void aCallThatComesWhileItEndsGoesToTheNext() {
        Bench bench = with(Duration.ofMinutes(1), 0, 0);
        FakeLink client = bench.client();
        FakeChild old = bench.child().dyingIn(Duration.ofSeconds(8));
        bench.pass(Duration.ofMinutes(1).plus(SOON));
        client.type(call(1, "x"));
        bench.settle();
        assertThat(client.take()).isEmpty();
        bench.pass(Duration.ofSeconds(8));

        assertThat(old.sent()).noneMatch(line -> line.contains("tools/call"));
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
    }
}
