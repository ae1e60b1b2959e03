package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * PROTOCOL.md: {@code notifications/elicitation/complete}, and that what the child says of its own accord reaches
 * nobody it does not concern. The other notifications have tests of their own.
 */
class BroadcastTest {
    private static final String COMPLETE =
            notification("notifications/elicitation/complete", "{\"elicitationId\":\"e\",\"n\":1.10}");

    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    @Test
    void theEndOfAnElicitationGoesToTheSessionThatWasAsked() {
        alice.type(call(1, "x"));
        bench.child().type(request(5, "elicitation/create", "{\"mode\":\"url\",\"elicitationId\":\"e\"}"));
        alice.take();

        bench.child().type(COMPLETE);

        assertThat(alice.take()).containsExactly(COMPLETE);
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void theEndOfAnElicitationGoesToTheSessionThatSawItInAnError() {
        bob.type(call(1, "x"));
        bench.child().type("{\"jsonrpc\":\"2.0\",\"id\":" + bench.child().next().id() + ",\"error\":{\"code\":-32042,"
                + "\"message\":\"m\",\"data\":{\"elicitations\":[{\"elicitationId\":\"d\"},{\"elicitationId\":\"e\"}]}}}");
        bob.take();

        bench.child().type(COMPLETE);

        assertThat(bob.take()).containsExactly(COMPLETE);
        assertThat(alice.take()).isEmpty();
    }

    @Test
    void anErrorThatWasSwallowedWasSeenByNobody() {
        bob.type(call(1, "x"));
        bob.type(cancelled(1));
        bench.child().type("{\"jsonrpc\":\"2.0\",\"id\":" + bench.child().next().id() + ",\"error\":{\"code\":-32042,"
                + "\"message\":\"m\",\"data\":{\"elicitations\":[{\"elicitationId\":\"e\"}]}}}");

        bench.child().type(COMPLETE);

        assertThat(bob.take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(1);
    }

    @Test
    void theEndOfAnElicitationNobodySawIsDropped() {
        bench.child().type(COMPLETE);
        bench.child().type(notification("notifications/elicitation/complete", "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bob.take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(2);
    }

    @Test
    void aNotificationMpxDoesNotKnowIsDroppedAndCounted() {
        bench.child().type(notification("vendor/news", "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(1);
    }
}
