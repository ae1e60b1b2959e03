package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PROTOCOL.md: {@code ping}, both ways. */
class PingTest {
    private final Bench bench = Bench.with().window(1).bench();

    @Test
    void aClientsPingIsAnsweredAtOnceWhileTheChildIsBusy() {
        FakeLink client = bench.client();
        client.type(call(1, "slow"));
        client.type(call(2, "queued"));

        client.type("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"method\":\"ping\"}");

        assertThat(client.take()).containsExactly(result("\"p\"", "{}"));
        assertThat(bench.child().sent()).noneMatch(line -> line.contains("ping"));
    }

    @Test
    void aPingIsAnsweredBeforeInitializeAndStartsNothing() {
        FakeLink client = bench.connect();
        client.type(request(0, "ping", "{}"));
        bench.settle();

        assertThat(client.take()).containsExactly(result(0, "{}"));
        assertThat(bench.launcher.attempts()).isZero();
    }

    @Test
    void aPingIsAnsweredWhileTheChildIsStarting() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(request(2, "ping", "{}"));

        assertThat(client.take()).containsExactly(result(2, "{}"));
    }

    @Test
    void theChildsPingIsAnsweredByMpx() {
        FakeLink client = bench.client();
        bench.child().take();

        bench.child().type("{\"jsonrpc\":\"2.0\",\"id\":\"theirs\",\"method\":\"ping\"}");

        assertThat(bench.child().take()).containsExactly(result("\"theirs\"", "{}"));
        assertThat(client.take()).isEmpty();
    }

    @Test
    void theChildMayPingBeforeItsHandshakeIsDone() {
        bench.launcher.raising(FakeChild::notGreeting);
        bench.connect().type(initialize(1, NEWEST, "{}"));
        bench.settle();
        bench.child().take();

        bench.child().type(request(1, "ping", "{}"));

        assertThat(bench.child().take()).containsExactly(result(1, "{}"));
    }
}
