package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.notification;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PROTOCOL.md: {@code notifications/roots/list_changed}; for {@code roots/list} see {@link ServerRequestsTest}. */
class RootsTest {
    private static final String CHANGED = notification("notifications/roots/list_changed", "{\"x\":1}");

    @Test
    void aChangeIsForwardedIfRootsAreDeclaredToTheChild() {
        Bench bench = new Bench();
        FakeLink client = bench.client(NEWEST, "{\"roots\":{}}");
        bench.child().take();

        client.type(CHANGED);

        assertThat(bench.child().take()).containsExactly(CHANGED);
    }

    @Test
    void aChangeIsDroppedIfTheyAreNot() {
        Bench bench = Bench.with().declaring("{}").bench();
        FakeLink client = bench.client(NEWEST, "{\"roots\":{}}");
        bench.child().take();

        client.type(CHANGED);

        assertThat(bench.child().take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(1);
    }
}
