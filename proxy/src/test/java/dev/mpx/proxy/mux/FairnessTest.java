package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DESIGN.md, "Fairness": one queue a session, served round robin. */
class FairnessTest {
    private final Bench bench = Bench.with().window(1).bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();
    private final FakeLink carol = bench.client();

    private static String tool(Message.Request call) {
        return at(call.frame().toString(), "params", "name").replace("\"", "");
    }

    /** Answers what is on the child until nothing is, and gives the tools in the order they were called. */
    private List<String> serveAll() {
        List<String> tools = new ArrayList<>();
        while (!bench.child().waiting().isEmpty()) {
            Message.Request call = bench.child().next();
            tools.add(tool(call));
            bench.child().answer(call, "{}");
        }
        return tools;
    }

    @Test
    void twoHundredCallsOfOneDelayTheSingleCallOfAnotherByOne() {
        for (int i = 0; i < 200; i++) {
            alice.type(call(i, "a"));
        }
        bob.type(call(1, "b"));

        assertThat(serveAll().indexOf("b")).isEqualTo(1);
    }

    @Test
    void aSingleCallIsDelayedByOneHoweverManyWereServedBefore() {
        for (int i = 0; i < 200; i++) {
            alice.type(call(i, "a"));
        }
        for (int i = 0; i < 50; i++) {
            bench.child().answerNext("{}");
        }
        bob.type(call(1, "b"));

        assertThat(serveAll().indexOf("b")).isEqualTo(1);
    }

    @Test
    void sessionsTakeTurns() {
        for (int i = 0; i < 3; i++) {
            alice.type(call(i, "a" + i));
        }
        for (int i = 0; i < 3; i++) {
            bob.type(call(i, "b" + i));
        }
        carol.type(call(0, "c0"));

        assertThat(serveAll()).containsExactly("a0", "b0", "c0", "a1", "b1", "a2", "b2");
    }

    @Test
    void aSessionThatAsksAgainAndAgainDoesNotKeepAnotherWaiting() {
        for (int i = 0; i < 20; i++) {
            alice.type(call(i, "a"));
        }
        List<String> tools = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            bob.type(call(i, "b"));
            Message.Request call = bench.child().next();
            tools.add(tool(call));
            bench.child().answer(call, "{}");
        }

        assertThat(tools.stream().filter("a"::equals).count()).isBetween(4L, 6L);
    }

    @Test
    void newcomersDoNotKeepAnotherWaitingForEver() {
        alice.type(call(0, "a"));
        alice.type(call(1, "a"));
        int served = 0;
        for (int i = 0; served < 2 && i < 20; i++) {
            bench.client().type(call(1, "n"));
            bench.client().type(call(1, "n"));
            Message.Request call = bench.child().next();
            served += tool(call).equals("a") ? 1 : 0;
            bench.child().answer(call, "{}");
        }

        assertThat(served).isEqualTo(2);
    }

    @Test
    void theCallsOfOneSessionKeepTheirOrder() {
        for (int i = 0; i < 20; i++) {
            alice.type(call(i, "a" + i));
        }

        List<String> tools = serveAll();
        assertThat(tools).hasSize(20).element(13).isEqualTo("a13");
    }

    @Test
    void aSessionThatLeavesLosesItsTurn() {
        alice.type(call(0, "a"));
        bob.type(call(0, "b"));
        carol.type(call(0, "c"));
        bob.vanish();

        assertThat(serveAll()).containsExactly("a", "c");
    }
}
