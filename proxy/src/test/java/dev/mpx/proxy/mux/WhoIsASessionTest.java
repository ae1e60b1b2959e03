package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Whom a status counts among the sessions. */
class WhoIsASessionTest {
    private static final Introduction NOBODY = new Introduction("", OptionalLong.empty(), OptionalLong.empty(), "", "", "");

    private final List<Control.Asker> askers = new ArrayList<>();
    private final Bench bench = Bench.with()
            .control((peer, method, params) -> method.equals("mpx/hello")
                    ? new Control.Reply.Welcome(Json.EMPTY_OBJECT, NOBODY)
                    : new Control.Reply.Later(askers::add))
            .bench();

    private int sessions() {
        return bench.mux.snapshot().clients().size();
    }

    // red when a snapshot names every connection
    @Test
    void whoAsksMpxItselfAndNothingElseIsNone() {
        bench.client();
        FakeLink desk = bench.connect();
        desk.type(request(1, "mpx/status", "{}"));
        FakeLink other = bench.connect();
        other.type(request(1, "mpx/trace", "{\"follow\":true}"));

        assertThat(askers).hasSize(2);
        assertThat(sessions()).isEqualTo(1);
    }

    @Test
    void aClientThatAsksMpxSomethingAsWellStaysOne() {
        bench.client().type(request(1, "mpx/status", "{}"));
        FakeLink shim = bench.connect();
        shim.type(request(1, "mpx/hello", "{}"));
        shim.type(request(2, "mpx/status", "{}"));

        assertThat(sessions()).isEqualTo(2);
    }

    @Test
    void whoHasSaidNothingYetIsShown() {
        bench.connect();

        assertThat(sessions()).isEqualTo(1);
    }
}
