package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When the JVM's shutdown may go on. */
@Timeout(20)
class SignalsTest {
    private final Signals signals = new Signals();
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final Thread shutdown = new Thread(signals::onShutdown);

    private void waits() {
        await().until(() -> shutdown.getState() == Thread.State.WAITING || shutdown.getState() == Thread.State.TIMED_WAITING);
    }

    private void ends() throws InterruptedException {
        shutdown.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(shutdown.isAlive()).isFalse();
    }

    @Test
    void whoServesIsToldAndTheShutdownWaitsForHim() throws Exception {
        signals.tell(told::add);
        assertThat(told).isEmpty();
        shutdown.start();
        waits();
        assertThat(told).containsExactly("a signal");
        signals.done();
        ends();
    }

    @Test
    void aSignalThatComesBeforeIsKeptForWhoeverBegins() throws Exception {
        shutdown.start();
        waits();
        signals.tell(told::add);
        await().untilAsserted(() -> assertThat(told).containsExactly("a signal"));
        waits();
        signals.done();
        ends();
    }

    @Test
    void whereNobodyCanServeTheShutdownGoesOn() throws Exception {
        shutdown.start();
        waits();
        signals.done();
        ends();
        assertThat(told).isEmpty();
    }

    @Test
    void aSignalAfterTheEndHoldsNobodyUp() throws Exception {
        signals.tell(told::add);
        signals.done();
        shutdown.start();
        ends();
    }
}
