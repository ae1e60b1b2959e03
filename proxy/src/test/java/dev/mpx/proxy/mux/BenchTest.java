package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.Test;

class BenchTest {
    private final Bench bench = new Bench();

    @Test
    void aCallGoesToTheChildAndItsAnswerComesBack() {
        FakeLink client = bench.client();

        client.type(call(7, "echo"));
        Message.Request call = bench.child().next();
        bench.child().answer(call, "{\"ok\":true}");

        assertThat(call.method()).isEqualTo("tools/call");
        assertThat(client.take()).containsExactly(result(7, "{\"ok\":true}"));
    }
}
