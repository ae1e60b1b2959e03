package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** DESIGN.md, "Bounded": of what mpx itself asks of the child, and is never answered, only so much is remembered. */
class OwnRequestsTest {
    private static final int BOUND = Limits.DEFAULT.remembered();

    private final Bench bench = Bench.with().window(2).bench();

    /** A session that leaves makes mpx unsubscribe the child from whatever nobody else wants. */
    private void askedByMpxItself(int times) {
        for (int left = times; left > 0; left -= 1000) {
            FakeLink client = bench.client();
            for (int i = 0; i < Math.min(left, 1000); i++) {
                client.type(request(i, "resources/subscribe", "{\"uri\":\"u" + i + "\"}"));
                bench.child().answer(bench.child().waiting().get(bench.child().waiting().size() - 1), "{}");
            }
            client.vanish();
        }
    }

    // red when OwnRequests forgets none
    @Test
    void ofAChildThatAnswersNothingOfItNoMoreThanTheBoundIsRemembered() {
        askedByMpxItself(3000);

        assertThat(bench.mux.residue().get("debts of the child")).isEqualTo(BOUND);
        assertThat(bench.count(Counter.OWN_REQUESTS_FORGOTTEN)).isEqualTo(3000 - BOUND);
        assertThat(bench.child().endings()).isEmpty();
    }

    @Test
    void withinTheBoundNoneIsForgotten() {
        askedByMpxItself(BOUND);

        assertThat(bench.count(Counter.OWN_REQUESTS_FORGOTTEN)).isZero();
    }

    // red when a forgotten ping counts as answered
    @Test
    void aPingThatIsForgottenIsAskedAgainAndItsCallKeepsItsPlace() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        bench.child().next();
        client.type(cancelled(1));
        assertThat(bench.child().pings()).hasSize(1);
        askedByMpxItself(BOUND + 10);

        assertThat(bench.child().pings()).hasSize(2);
        assertThat(bench.mux.snapshot().running()).hasSize(1);
        bench.child().answer(bench.child().pings().get(0), "{}");
        assertThat(bench.mux.snapshot().running()).hasSize(1);
        bench.child().answer(bench.child().pings().get(1), "{}");
        assertThat(bench.mux.snapshot().running()).isEmpty();
    }

    // red when a forgotten question for the level stays open for LogLevels
    @Test
    void aLevelThatWasForgottenDoesNotKeepTheNextFromBeingAskedFor() {
        bench.launcher.raising(child -> child.greetingWith(
                "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"logging\":{},\"resources\":{}}}"));
        FakeLink client = bench.client();
        client.type(request(1, "logging/setLevel", "{\"level\":\"debug\"}"));
        client.type(request(2, "logging/setLevel", "{\"level\":\"error\"}"));
        assertThat(client.take()).containsExactly(result(1, "{}"), result(2, "{}"));
        askedByMpxItself(BOUND + 10);

        assertThat(bench.child().waiting()).filteredOn(r -> r.method().equals("logging/setLevel")).hasSize(2);
    }
}
