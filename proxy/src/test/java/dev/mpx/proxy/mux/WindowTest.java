package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.error;
import static dev.mpx.proxy.mux.Rpc.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DESIGN.md, "Window": how many calls the child holds at once. */
class WindowTest {
    private static Bench bench(int window) {
        return Bench.with().window(window).bench();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void theChildHoldsNoMoreThanTheWindowAndGetsTheNextWithEachAnswer(int window) {
        Bench bench = bench(window);
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        for (int i = 0; i < 2 * window; i++) {
            alice.type(call(i, "a"));
            bob.type(call(i, "b"));
        }
        assertThat(bench.child().waiting()).hasSize(window);

        for (int i = 0; i < 3 * window; i++) {
            bench.child().answerNext("{}");
            assertThat(bench.child().waiting()).hasSize(window);
        }
        for (int i = 0; i < window; i++) {
            bench.child().answerNext("{}");
        }
        assertThat(alice.take()).hasSize(2 * window);
        assertThat(bob.take()).hasSize(2 * window);
    }

    @Test
    void anErrorFreesItsPlaceToo() {
        Bench bench = bench(1);
        FakeLink alice = bench.client();
        alice.type(call(1, "a"));
        alice.type(call(2, "a"));

        bench.child().type(error(bench.child().next().id(), -1, "no"));

        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void anAnswerToNothingFreesNoPlace() {
        Bench bench = bench(1);
        FakeLink alice = bench.client();
        alice.type(call(1, "a"));
        alice.type(call(2, "a"));
        Message.Request first = bench.child().next();

        bench.child().type(error(9_999, -1, "no"));
        assertThat(bench.child().waiting()).isEmpty();
        bench.child().answer(first, "{}");
        bench.child().answer(first, "{}");
        assertThat(bench.child().waiting()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void cancelledCallsKeepTheirPlaceUntilTheChildAnswersThem(int window) {
        Bench bench = bench(window);
        FakeLink alice = bench.client();
        for (int i = 0; i <= window; i++) {
            alice.type(call(i, "a"));
        }
        for (int i = 0; i < window; i++) {
            alice.type(cancelled(i));
        }
        Message.Request first = bench.child().next();
        assertThat(bench.child().waiting()).hasSize(window - 1);

        bench.child().answer(first, "{}");
        assertThat(bench.child().waiting()).hasSize(window);
    }

    @Test
    void callsOfWhoeverLeftKeepTheirPlaceUntilTheChildAnswersThem() {
        Bench bench = bench(1);
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        alice.type(call(1, "a"));
        bob.type(call(1, "b"));
        alice.vanish();
        Message.Request alices = bench.child().next();
        assertThat(bench.child().waiting()).isEmpty();

        bench.child().answer(alices, "{}");
        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void aCallTakenBackUnsentGivesUpItsPlace() {
        Bench bench = bench(1);
        FakeLink alice = bench.client();
        bench.child().stopReading();
        alice.type(call(1, "a"));
        alice.type(call(2, "b"));
        alice.type(cancelled(1));

        bench.child().readOn();

        assertThat(bench.child().waiting()).singleElement().satisfies(call ->
                assertThat(call.frame().toString()).contains("\"b\""));
    }

    @Test
    void aCallOfWhichOneByteHasLeftKeepsItsPlace() {
        Bench bench = bench(1);
        FakeLink alice = bench.client();
        bench.child().stopReading();
        alice.type(call(1, "a"));
        alice.type(call(2, "b"));
        bench.child().readOneByte();
        alice.type(cancelled(1));

        bench.child().readOn();

        assertThat(bench.child().waiting()).singleElement().satisfies(call ->
                assertThat(call.frame().toString()).contains("\"a\""));
    }

    @Test
    void whatMpxAnswersItselfTakesNoPlace() {
        Bench bench = bench(1);
        FakeLink alice = bench.client();
        for (int i = 0; i < 10; i++) {
            alice.type(request(i, "ping", "{}"));
            alice.type(request("\"t" + i + "\"", "tasks/get", "{\"taskId\":\"x\"}"));
        }
        alice.type(call(99, "a"));

        assertThat(bench.child().waiting()).hasSize(1);
    }

    // red when the place of a cancelled call is given up only by its answer
    @Test
    void aCancelledCallGivesUpItsPlaceOnceTheChildHasAnsweredALaterPing() {
        Bench bench = Bench.with().window(1).bench();
        FakeLink client = bench.client();
        client.type(call(1, "cancelled"));
        client.type(call(2, "next"));
        client.type(cancelled(1));
        FakeChild child = bench.child();
        Message.Request cancelled = child.next();
        assertThat(child.waiting()).isEmpty();

        child.pong();

        assertThat(child.next().frame().toString()).contains("next");
        child.answer(cancelled, "{}");
        assertThat(client.take()).noneMatch(line -> line.contains("\"id\":1,"));
        assertThat(bench.count(Counter.ANSWERS_LATE)).isEqualTo(1);
    }

    // red when who gave up his place is forgotten at once: a wrong guess shows one user's data to another
    @Test
    void aRequestOfTheChildMayStillBeForWhoeverGaveUpHisPlace() {
        Bench bench = Bench.with().window(4).bench();
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        alice.type(call(1, "cancelled"));
        alice.type(cancelled(1));
        bench.child().pong();
        bob.type(call(2, "sampling"));
        bob.take();

        bench.child().says(request(7, "roots/list", "{}"));

        assertThat(bob.take()).isEmpty();
        assertThat(alice.take()).noneMatch(line -> line.contains("roots/list"));
    }
}
