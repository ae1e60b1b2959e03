package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.EVERYTHING;
import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DESIGN.md, "The child": its start, its death, and what both mean for calls; PROTOCOL.md: -32011, -32012, "the child dies". */
class ChildLifeTest {
    private final Bench bench = new Bench();

    @AfterEach
    void neverTwoWereAlive() {
        assertThat(bench.launcher.mostAlive()).isLessThanOrEqualTo(1);
    }

    // ---- start

    @Test
    void theChildIsStartedByTheFirstInitializeAndNotBefore() {
        FakeLink client = bench.connect();
        client.type(request(1, "ping", "{}"));
        bench.settle();
        assertThat(client.take()).hasSize(1);
        assertThat(bench.launcher.attempts()).isZero();

        bench.shakeHands(client, NEWEST, "{}");
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void manyClientsAtOnceStartOneChild() {
        for (int i = 0; i < 50; i++) {
            bench.connect().type(initialize(1, NEWEST, "{}"));
        }
        bench.settle();

        assertThat(bench.launcher.attempts()).isEqualTo(1);
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("ready");
    }

    @Test
    void itMayBeStartedAheadIfWhatItIsToldDoesNotDependOnWhoComes() {
        Bench fixed = Bench.with().declaring("{}").bench();
        fixed.mux.prewarm();
        fixed.settle();
        assertThat(fixed.mux.snapshot().child().state()).isEqualTo("ready");

        bench.mux.prewarm();
        bench.settle();
        assertThat(bench.launcher.attempts()).isZero();
    }

    @Test
    void whenItCantBeStartedWhoeverWaitsIsToldWhyAndMayAskAgain() {
        bench.launcher.failNext("no such program: palace");
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(call(2, "early"));
        bench.settle();

        assertThat(client.take()).hasSize(2).allSatisfy(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo("\"not-sent\"");
            assertThat(at(line, "error", "data", "mpx", "reason")).isEqualTo("\"child-unavailable\"");
            assertThat(at(line, "error", "message")).contains("no such program: palace");
        });
        bench.shakeHands(client, NEWEST, "{}");
    }

    @Test
    void whenItDiesBeforeItAnsweredItsLastWordsAreInTheError() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        bench.settle();
        bench.child().says("Traceback", "No module named 'chromadb' \"x\"");
        bench.child().exit(1);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(at(line, "error", "data", "mpx", "stderr"))
                    .isEqualTo("[\"Traceback\",\"No module named 'chromadb' \\\"x\\\"\"]");
            assertThat(at(line, "error", "message")).contains("status 1");
        });
    }

    @Test
    void whenItRefusesTheHandshakeItIsEndedAndWhoeverWaitsIsTold() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        bench.settle();
        bench.child().type(Rpc.error(bench.child().next().id(), -32602, "bad version"));
        assertThat(client.take()).isEmpty();
        bench.settle();

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(at(line, "error", "message")).contains("bad version");
        });
        assertThat(bench.child().isAlive()).isFalse();
    }

    @Test
    void whenItDoesNotAnswerTheHandshakeInTimeItIsEnded() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        bench.pass(Timeouts.DEFAULT.initialize().minusMillis(10));
        assertThat(client.take()).isEmpty();
        bench.pass(Duration.ofMillis(50));

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32012));
        assertThat(bench.child().endings()).hasSize(1);
    }

    @Test
    void noOtherIsStartedWhileOneThatIsToEndStillLives() {
        bench.launcher.raising(child -> child.dyingIn(Duration.ofSeconds(5)));
        FakeLink client = bench.client();
        bench.child().vanish();
        client.type(call(1, "wake"));
        bench.pass(Duration.ofSeconds(4));
        assertThat(bench.launcher.attempts()).isEqualTo(1);

        bench.pass(Duration.ofSeconds(2));
        assertThat(bench.launcher.attempts()).isEqualTo(2);
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
    }

    // ---- death

    @Test
    void aCallOnADeadChildFailsAndItIsNotKnownWhetherItWasCarriedOut() {
        FakeLink client = bench.client();
        client.type(call(1, "write"));
        bench.pass(Duration.ofSeconds(2));
        bench.child().says("Segmentation fault");
        bench.child().exit(139);

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("1");
            assertThat(code(line)).isEqualTo(-32011);
            assertThat(at(line, "error", "data", "mpx", "outcome")).isEqualTo("\"unknown\"");
            assertThat(at(line, "error", "data", "mpx", "reason")).isEqualTo("\"child-died\"");
            assertThat(at(line, "error", "data", "mpx", "elapsedMs")).isEqualTo("2000");
            assertThat(at(line, "error", "data", "mpx", "queuedMs")).isEqualTo("0");
            assertThat(at(line, "error", "data", "mpx", "child")).isEqualTo("{\"pid\":4001,\"restarts\":0}");
            assertThat(at(line, "error", "data", "mpx", "stderr")).isEqualTo("[\"Segmentation fault\"]");
        });
    }

    // red when mayBeAskedAgain is true for every call (the write-once rule)
    @Test
    void itIsNeverSentAgain() {
        FakeLink client = bench.client();
        client.type(call(1, "write"));
        bench.child().exit(1);
        client.type(call(2, "next"));
        bench.settle();

        assertThat(bench.launcher.children()).hasSize(2);
        assertThat(bench.child().sent()).noneMatch(line -> line.contains("write"));
        bench.child().answerNext("{}");
        assertThat(client.take()).extracting(Rpc::id).containsExactly("1", "2");
    }

    @Test
    void queuedCallsGoToTheNextChildInTheirOrder() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink client = narrow.client();
        client.type(call(1, "a"));
        client.type(call(2, "b"));
        client.type(call(3, "c"));
        narrow.child().exit(1);
        narrow.settle();

        assertThat(narrow.launcher.children()).hasSize(2);
        narrow.child().answerNext("\"b\"");
        narrow.child().answerNext("\"c\"");
        List<String> lines = client.take();
        assertThat(code(lines.get(0))).isEqualTo(-32011);
        assertThat(lines.subList(1, 3)).containsExactly(result(2, "\"b\""), result(3, "\"c\""));
    }

    @Test
    void callsOfWhichNoByteHadLeftGoToTheNextChildBeforeAllOthers() {
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        bench.child().stopReading();
        alice.type(call(1, "a1"));
        bob.type(call(1, "b1"));
        alice.type(request(2, "tools/call", "{\"name\":\"a2\",\"_meta\":{\"progressToken\":7}}"));
        bench.child().readOneByte();
        bench.child().exit(1);
        bench.settle();

        assertThat(alice.take()).singleElement().satisfies(line -> {
            assertThat(id(line)).isEqualTo("1");
            assertThat(code(line)).isEqualTo(-32011);
        });
        List<Message.Request> again = bench.child().waiting();
        assertThat(again).hasSize(2);
        assertThat(again.get(0).frame().toString()).contains("b1");
        assertThat(again.get(1).frame().toString()).contains("a2");
        bench.child().type(Rpc.notification("notifications/progress", "{\"progressToken\":" + again.get(1).id() + ",\"progress\":1}"));
        bench.child().answer(again.get(0), "{}");
        bench.child().answer(again.get(1), "{}");
        assertThat(bob.take()).containsExactly(result(1, "{}"));
        assertThat(alice.take()).containsExactly(
                Rpc.notification("notifications/progress", "{\"progressToken\":7,\"progress\":1}"), result(2, "{}"));
    }

    @Test
    void callsTakenBackFromADeadChildKeepTheirSessionsOrder() {
        Bench narrow = Bench.with().window(3).bench();
        FakeLink alice = narrow.client();
        FakeLink bob = narrow.client();
        narrow.child().stopReading();
        for (int i = 1; i <= 5; i++) {
            alice.type(call(i, "a" + i));
        }
        bob.type(call(1, "b1"));
        narrow.child().exit(1);
        narrow.settle();
        StringBuilder order = new StringBuilder();
        while (!narrow.child().waiting().isEmpty()) {
            Message.Request call = narrow.child().next();
            order.append(at(call.frame().toString(), "params", "name").replace("\"", "")).append(' ');
            narrow.child().answer(call, "{}");
        }

        assertThat(order.toString().replaceAll("b1 ", "").trim()).isEqualTo("a1 a2 a3 a4 a5");
        assertThat(alice.take()).hasSize(5);
        assertThat(bob.take()).hasSize(1);
    }

    @Test
    void aCancelledCallOnADeadChildIsAnsweredByNobody() {
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        client.type(cancelled(1));
        bench.child().exit(1);
        bench.settle();

        assertThat(client.take()).isEmpty();
        assertThat(bench.mux.snapshot().running()).isEmpty();
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void whoeverHoldsARequestOfADeadChildIsToldToForgetIt() {
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        alice.type(call(1, "a"));
        bench.child().type(request(5, "elicitation/create", "{}"));
        String held = id(alice.take().get(0));
        bench.child().exit(1);

        List<String> lines = alice.take();
        assertThat(lines).anySatisfy(line -> {
            assertThat(at(line, "method")).isEqualTo("\"notifications/cancelled\"");
            assertThat(at(line, "params", "requestId")).isEqualTo(held);
        });
        assertThat(bob.take()).isEmpty();
        bob.type(call(1, "wake"));
        bench.settle();
        bench.child().take();
        alice.type(result(held, "{}"));
        assertThat(bench.child().take()).isEmpty();
    }

    @Test
    void anEndWhileIdleIsNormalAndTheNextCallStartsAnother() {
        FakeLink client = bench.client();
        bench.pass(Duration.ofMinutes(10));
        bench.child().exit(0);
        bench.pass(Duration.ofMinutes(10));
        assertThat(bench.launcher.attempts()).isEqualTo(1);
        assertThat(client.take()).isEmpty();

        client.type(call(1, "wake"));
        bench.settle();
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
        assertThat(bench.mux.snapshot().child().restarts()).isEqualTo(1);
    }

    @Test
    void aChildThatClosesItsPipesIsEndedAndReplaced() {
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        FakeChild mute = bench.child();
        mute.vanish();
        assertThat(mute.endings()).hasSize(1);
        bench.settle();

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32011));
        assertThat(mute.isAlive()).isFalse();
    }

    @Test
    void aChildThatEndsItsOutputCanAnswerNoMoreAndIsEndedInPeace() {
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        FakeChild mute = bench.child();
        mute.hangUp();
        assertThat(mute.endings()).extracting(FakeChild.Ending::untilTerm).containsExactly(Limits.DEFAULT.stop());
        bench.settle();

        assertThat(client.take()).singleElement().satisfies(line -> assertThat(code(line)).isEqualTo(-32011));
    }

    @Test
    void aSessionSurvivesAnyNumberOfChildren() {
        FakeLink client = bench.client();
        for (int i = 0; i < 5; i++) {
            client.type(call(i, "a"));
            bench.pass(Duration.ofMinutes(2));
            bench.child().answerNext("{}");
            bench.child().exit(1);
        }

        assertThat(client.take()).hasSize(5);
        assertThat(client.isClosed()).isFalse();
        assertThat(bench.launcher.children()).allSatisfy(child -> assertThat(
                        child.sent().stream().filter(line -> line.contains("\"initialize\"")))
                .hasSize(1));
    }

    @Test
    void aLateAnswerOfADeadChildIsNotTakenForOneOfTheNext() {
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        Message.Request old = bench.child().next();
        bench.child().exit(1);
        client.type(call(2, "b"));
        bench.settle();
        client.take();

        bench.child().answer(old, "\"old\"");

        assertThat(client.take()).isEmpty();
        assertThat(bench.child().next().id()).isNotEqualTo(old.id());
    }

    @Test
    void theNextChildIsToldTheCapabilitiesOfTheClientWhoseArrivalStartsIt() {
        FakeLink alice = bench.client(NEWEST, "{\"roots\":{}}");
        bench.child().exit(0);
        alice.vanish();
        bench.client(NEWEST, EVERYTHING);

        assertThat(at(bench.child().sent().get(0), "params", "capabilities")).isEqualTo(EVERYTHING);
    }

    // ---- backoff

    private long startsWithin(Duration time) {
        long before = bench.launcher.attempts();
        FakeLink client = bench.connect();
        Duration step = Duration.ofMillis(20);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            bench.launcher.failNext("no");
            client.type(initialize(1, NEWEST, "{}"));
            bench.pass(step);
        }
        return bench.launcher.attempts() - before;
    }

    @Test
    void aChildThatCantBeStartedIsTriedLessAndLessOften() {
        long firstMinute = startsWithin(Duration.ofMinutes(1));
        startsWithin(Duration.ofMinutes(2));
        long later = startsWithin(Duration.ofMinutes(2));

        assertThat(firstMinute).isBetween(6L, 14L);
        assertThat(later).isBetween(4L, 8L);
    }

    @Test
    void whileItWaitsToTryAgainCallsWaitToo() {
        FakeLink client = bench.connect();
        for (int i = 0; i < 8; i++) {
            bench.launcher.failNext("no");
        }
        int refused = 0;
        for (int i = 0; i < 8; i++) {
            client.type(initialize(1, NEWEST, "{}"));
            bench.pass(Duration.ofSeconds(40));
            refused += client.take().size();
        }
        client.type(initialize(1, NEWEST, "{}"));
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("backing-off");
        assertThat(client.take()).isEmpty();
        bench.pass(Duration.ofSeconds(40));

        assertThat(refused).isEqualTo(8);
        assertThat(at(client.take().get(0), "result", "protocolVersion")).isEqualTo("\"2025-11-25\"");
    }

    @Test
    void aHealthyMinuteForgetsEarlierFailures() {
        for (int i = 0; i < 6; i++) {
            bench.launcher.failNext("no");
        }
        FakeLink client = bench.connect();
        for (int i = 0; i < 6; i++) {
            client.type(initialize(1, NEWEST, "{}"));
            bench.pass(Duration.ofSeconds(40));
        }
        client.take();
        client.type(initialize("\"hello\"", NEWEST, "{}"));
        bench.pass(Duration.ofSeconds(40));
        bench.pass(Duration.ofSeconds(61));
        bench.child().exit(1);
        client.type(call(1, "wake"));
        bench.settle();

        assertThat(bench.mux.snapshot().child().state()).isEqualTo("ready");
    }

    @Test
    void aSessionThatCouldNotBeLetInIsNotInitialized() {
        bench.launcher.failNext("no");
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(Rpc.notification("notifications/initialized", "{}"));
        bench.settle();
        bench.client();
        client.take();

        bench.child().type(Rpc.notification("notifications/tools/list_changed", "{}"));

        assertThat(client.take()).isEmpty();
    }
}
