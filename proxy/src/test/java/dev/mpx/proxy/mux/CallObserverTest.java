package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.error;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.proxy.mux.SettledCall.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who observes calls is told of each once, with how it ended and how long it took. */
class CallObserverTest {
    private final List<SettledCall> told = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final Bench bench = Bench.with().window(1).request(Duration.ofSeconds(30)).limits(Limits.DEFAULT.withQueuedCalls(3))
            .observer(this::note).bench();
    private final FakeLink alice = bench.client();

    private void note(SettledCall call, Optional<Message.Request> request, Optional<Frame> answer) {
        told.add(call);
        sizes.add(request.map(r -> r.frame().length()).orElse(-1));
        answer.ifPresent(frame -> assertThat(frame.length()).isEqualTo(call.answerBytes()));
    }

    private SettledCall only() {
        assertThat(told).hasSize(1);
        return told.get(0);
    }

    @Test
    void anAnsweredCallIsToldWithItsTimesAndSizes() {
        alice.type(call(1, "first"));
        alice.type(call("\"two\"", "second"));
        bench.pass(Duration.ofMillis(300));
        bench.child().answerNext("{}");
        bench.pass(Duration.ofMillis(50));
        bench.child().answerNext("{}");

        SettledCall second = told.get(1);
        assertThat(told).extracting(SettledCall::ending).containsExactly(Ending.ANSWERED, Ending.ANSWERED);
        assertThat(second.session()).isEqualTo(1);
        assertThat(second.agent()).isEqualTo("agent");
        assertThat(second.id()).hasToString("\"two\"");
        assertThat(second.method()).isEqualTo("tools/call");
        assertThat(second.target()).isEqualTo("second");
        assertThat(second.total()).isEqualTo(Duration.ofMillis(350));
        assertThat(second.queued()).isEqualTo(Duration.ofMillis(300));
        assertThat(second.onChild()).contains(Duration.ofMillis(50));
        assertThat(second.requestBytes()).isEqualTo(call("\"two\"", "second").length());
        assertThat(second.answerBytes()).isEqualTo(result("\"two\"", "{}").length());
        assertThat(sizes).containsExactly(call(1, "first").length(), call("\"two\"", "second").length());
    }

    @Test
    void anErrorOfTheServersIsToldWithItsCode() {
        alice.type(call(1, "tool"));
        bench.child().type(error(bench.child().next().id(), -32602, "no"));

        assertThat(only().ending()).isEqualTo(Ending.ERROR);
        assertThat(only().code()).isEqualTo(-32602);
        assertThat(only().reason()).isEmpty();
    }

    @Test
    void aCallThatTimesOutIsToldOnceAlthoughItsAnswerComesLate() {
        alice.type(call(1, "slow"));
        bench.pass(Duration.ofSeconds(31));
        bench.child().answerNext("{}");

        assertThat(only().ending()).isEqualTo(Ending.TIMED_OUT);
        assertThat(only().code()).isEqualTo(Fault.TIMED_OUT);
        assertThat(only().reason()).isEqualTo("timeout");
        assertThat(only().total()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(31));
    }

    @Test
    void aCallThatDiesWithTheServerHasFailed() {
        alice.type(call(1, "write"));
        bench.child().exit(1);
        bench.settle();

        assertThat(only().ending()).isEqualTo(Ending.FAILED);
        assertThat(only().code()).isEqualTo(Fault.CHILD_DIED);
        assertThat(only().reason()).isEqualTo("child-died");
    }

    @Test
    void aCancelledCallIsToldWhetherOrNotTheServerHadIt() {
        alice.type(call(1, "on-it"));
        alice.type(call(2, "queued"));
        alice.type(cancelled(2));
        alice.type(cancelled(1));
        bench.child().answerNext("{}");

        assertThat(told).extracting(SettledCall::ending).containsExactly(Ending.CANCELLED, Ending.CANCELLED);
        assertThat(told).extracting(c -> c.onChild().isPresent()).containsExactly(false, true);
        assertThat(told).extracting(SettledCall::answerBytes).containsExactly(0, 0);
    }

    @Test
    void theCallsOfAClientThatLeftAreToldAsSuch() {
        alice.type(call(1, "on-it"));
        alice.hangUp();
        bench.settle();
        bench.pass(Limits.DEFAULT.linger());

        assertThat(only().ending()).isEqualTo(Ending.CLIENT_GONE);
    }

    @Test
    void aRefusedRequestIsToldToo() {
        IntStream.rangeClosed(1, 4).forEach(i -> alice.type(call(i, "much")));

        assertThat(only().ending()).isEqualTo(Ending.REFUSED);
        assertThat(only().code()).isEqualTo(Fault.QUEUE_FULL);
        assertThat(only().reason()).isEqualTo("queue-full");
        assertThat(only().onChild()).isEmpty();
    }

    @Test
    void textsOfAClientAreKeptShort() {
        alice.type(call("\"" + "i".repeat(5000) + "\"", "t".repeat(5000)));
        bench.child().answerNext("{}");

        assertThat(only().id().json().length).isLessThan(300);
        assertThat(only().target()).hasSizeLessThan(300);
    }

    @Test
    void latenciesAreKeptByToolAndTheMostUsedComesFirst() {
        alice.type(call(1, "rare"));
        bench.pass(Duration.ofSeconds(2));
        bench.child().answerNext("{}");
        for (int i = 0; i < 10; i++) {
            alice.type(call(10 + i, "common"));
            bench.pass(Duration.ofMillis(20));
            bench.child().answerNext("{}");
        }
        alice.type(request(30, "resources/read", "{\"uri\":\"file:///x\"}"));
        bench.child().type(error(bench.child().next().id(), -32002, "no"));

        List<Snapshot.Latency> latencies = bench.mux.snapshot().latencies();
        assertThat(latencies).extracting(Snapshot.Latency::tool).containsExactly("common", "rare", "resources/read");
        assertThat(latencies).extracting(Snapshot.Latency::calls).containsExactly(10L, 1L, 1L);
        assertThat(latencies).extracting(Snapshot.Latency::failed).containsExactly(0L, 0L, 1L);
        assertThat(latencies.get(0).p50()).isBetween(Duration.ofMillis(19), Duration.ofMillis(21));
        assertThat(latencies.get(1).max()).isEqualTo(Duration.ofSeconds(2));
        assertThat(latencies.get(1).p99()).isBetween(Duration.ofMillis(1980), Duration.ofSeconds(2));
    }

    @Test
    void whatTookLongInTheQueueIsNotTheServersShare() {
        alice.type(call(1, "hog"));
        alice.type(call(2, "quick"));
        bench.pass(Duration.ofSeconds(5));
        bench.child().answerNext("{}");
        bench.pass(Duration.ofMillis(100));
        bench.child().answerNext("{}");

        Snapshot.Latency quick = bench.mux.snapshot().latencies().stream().filter(l -> l.tool().equals("quick")).findFirst().orElseThrow();
        assertThat(quick.p50()).isBetween(Duration.ofMillis(5050), Duration.ofMillis(5150));
        assertThat(quick.childP99()).isBetween(Duration.ofMillis(99), Duration.ofMillis(101));
    }

    @Test
    void namesBeyondTheBoundAreCountedTogether() {
        for (int i = 0; i < ToolLatencies.NAMES + 50; i++) {
            alice.type(call(i, "tool-" + i));
            bench.child().answerNext("{}");
        }

        List<Snapshot.Latency> latencies = bench.mux.snapshot().latencies();
        assertThat(latencies).hasSize(ToolLatencies.NAMES + 1);
        assertThat(latencies.get(0).tool()).isEqualTo(ToolLatencies.OTHERS);
        assertThat(latencies.get(0).calls()).isEqualTo(50);
    }

    @Test
    void figuresCountEachCallBelowItsBound() {
        for (long millis : List.of(0L, 2L, 40L, 400_000L)) {
            alice.type(call(millis, "tool"));
            bench.lose(Duration.ofMillis(millis));
            bench.child().answerNext("{}");
        }

        CallFigures figures = bench.mux.callFigures().get(0);
        assertThat(figures.endings()).containsEntry(Ending.ANSWERED, 4L);
        assertThat(figures.total().count()).isEqualTo(4);
        assertThat(figures.total().sum()).isEqualTo(Duration.ofMillis(400_042));
        assertThat(upTo(figures, Duration.ofMillis(1))).isEqualTo(1);
        assertThat(upTo(figures, Duration.ofMillis(25))).isEqualTo(2);
        assertThat(upTo(figures, Duration.ofMinutes(5))).isEqualTo(3);
    }

    private static long upTo(CallFigures figures, Duration bound) {
        return figures.total().upTo().get(CallFigures.Distribution.BOUNDS.indexOf(bound));
    }
}
