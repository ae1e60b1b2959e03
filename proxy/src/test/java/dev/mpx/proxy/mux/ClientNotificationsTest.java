package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.notification;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** PROTOCOL.md: "any other notification" of a client. */
class ClientNotificationsTest {
    private static final String VENDORS = notification("vendor/something", "{\"n\":1.10}");

    private final Bench bench = new Bench();

    @Test
    void itIsForwardedOnceInitialized() {
        FakeLink client = bench.client();
        bench.child().take();

        client.type(VENDORS);

        assertThat(bench.child().take()).containsExactly(VENDORS);
    }

    @Test
    void itIsDroppedBeforeThat() {
        bench.client();
        FakeLink late = bench.connect();
        bench.child().take();

        late.type(VENDORS);
        late.type(notification("notifications/initialized", "{}"));
        late.type(VENDORS);
        late.type(initialize(1, NEWEST, "{}"));
        late.type(VENDORS);

        assertThat(bench.child().take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(3);
    }

    @Test
    void itIsDroppedWhileThereIsNoChild() {
        FakeLink client = bench.client();
        bench.child().exit(0);

        client.type(VENDORS);
        bench.settle();

        assertThat(bench.launcher.attempts()).isEqualTo(1);
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(1);
    }
}
