package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.id;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import dev.mpx.transports.Closed;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md: "disconnect". */
class DisconnectTest {
    private final Bench bench = Bench.with().window(2).bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    @Test
    void itsCallsAreCancelledUpstreamAndKeepTheirPlaceUntilAnswered() {
        alice.type(call(1, "a"));
        alice.type(call(2, "b"));
        Message.Request a = bench.child().next();
        Message.Request b = bench.child().next();
        bob.type(call(1, "c"));
        bench.child().take();

        alice.vanish();

        assertThat(bench.child().take())
                .hasSize(2)
                .allSatisfy(line -> assertThat(at(line, "method")).isEqualTo("\"notifications/cancelled\""))
                .extracting(line -> at(line, "params", "requestId"))
                .containsExactlyInAnyOrder(a.id().toString(), b.id().toString());
        assertThat(bench.child().waiting()).isEmpty();
        bench.child().answer(a, "{}");
        assertThat(bench.child().waiting()).hasSize(1);
        assertThat(bench.count(Counter.ANSWERS_LATE)).isEqualTo(1);
    }

    @Test
    void itsQueuedCallsAreNeverSent() {
        for (int i = 0; i < 5; i++) {
            alice.type(call(i, "alices"));
        }
        alice.vanish();
        bench.child().answerNext("{}");
        bench.child().answerNext("{}");

        assertThat(bench.child().waiting()).isEmpty();
        assertThat(bench.child().sent().stream().filter(line -> line.contains("alices"))).hasSize(2);
        assertThat(bench.budget.held()).isZero();
    }

    @Test
    void theirPlacesAreNotHandedToOtherCallsOfTheSession() {
        bench.child().stopReading();
        for (int i = 0; i < 5; i++) {
            alice.type(call(i, "alices"));
        }
        int accepted = bench.child().accepted();

        alice.vanish();
        assertThat(bench.child().accepted()).isEqualTo(accepted);
        bench.child().readOn();

        assertThat(bench.child().sent()).noneMatch(line -> line.contains("alices"));
        assertThat(bench.mux.snapshot().running()).isEmpty();
    }

    @Test
    void serverRequestsPutToItAreAnsweredWithAnError() {
        alice.type(call(1, "a"));
        bench.child().type(request(5, "sampling/createMessage", "{}"));
        bench.child().take();

        alice.vanish();

        assertThat(bench.child().take()).anySatisfy(line -> {
            assertThat(id(line)).isEqualTo("5");
            assertThat(code(line)).isEqualTo(-32603);
        });
    }

    @Test
    void nobodyElseNotices() {
        alice.type(call(1, "a"));
        bob.type(call(1, "b"));
        Message.Request a = bench.child().next();
        Message.Request b = bench.child().next();

        alice.vanish();
        bench.child().answer(a, "1");
        bench.child().answer(b, "2");

        assertThat(bob.take()).containsExactly(result(1, "2"));
        assertThat(bob.isClosed()).isFalse();
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void aClientThatHasEndedItsStreamStillGetsItsAnswersAndIsThenClosed() {
        alice.type(call(1, "a"));
        alice.hangUp();
        assertThat(alice.isClosed()).isFalse();

        bench.pass(Duration.ofMillis(100));
        bench.child().answerNext("{}");

        assertThat(alice.take()).containsExactly(result(1, "{}"));
        assertThat(alice.isClosed()).isTrue();
    }

    @Test
    void aClientThatHasEndedItsStreamWaitsNoLongerThanItsPatience() {
        alice.type(call(1, "a"));
        alice.hangUp();

        bench.pass(Limits.DEFAULT.linger());

        assertThat(alice.isClosed()).isTrue();
        assertThat(bench.child().sent()).anyMatch(line -> line.contains("notifications/cancelled"));
    }

    @Test
    void aClientThatWaitsForNothingIsClosedAsSoonAsItHasEndedItsStream() {
        alice.hangUp();

        assertThat(alice.isClosed()).isTrue();
        assertThat(bench.mux.sessionCount()).isEqualTo(1);
    }

    @Test
    void comingAndGoingIsTold() {
        AtomicInteger changes = new AtomicInteger();
        bench.mux.onSessionsChanged(changes::incrementAndGet);
        FakeLink carol = bench.connect();
        assertThat(bench.mux.sessionCount()).isEqualTo(3);
        carol.vanish();

        assertThat(bench.mux.sessionCount()).isEqualTo(2);
        assertThat(changes).hasValue(2);
    }

    @Test
    void aClientThatLeavesWhileInitializeWaitsDisturbsNothing() {
        Bench fresh = new Bench();
        FakeLink hasty = fresh.connect();
        FakeLink patient = fresh.connect();
        hasty.type(initialize(1, Bench.NEWEST, "{}"));
        patient.type(initialize(1, Bench.NEWEST, "{}"));
        hasty.vanish();
        fresh.settle();

        assertThat(hasty.take()).isEmpty();
        assertThat(patient.take()).hasSize(1);
        assertThat(fresh.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void aClientWhoseLinkFailsAsItIsAcceptedIsForgotten() {
        FakeLink broken = new FakeLink(bench.time, "unix", 1, bench.budget, FakeLink.OUTBOX);
        broken.shut(new Closed(Closed.Cause.FAILED, "broken"));

        bench.mux.accept(broken);

        assertThat(bench.mux.sessionCount()).isEqualTo(2);
    }

    @Test
    void everythingOfADepartedSessionIsForgotten() {
        alice.type(call(1, "a"));
        alice.type(call(2, "b"));
        alice.type(cancelled(2));
        alice.vanish();
        bench.child().answerNext("{}");
        bench.child().answerNext("{}");

        assertThat(bench.mux.snapshot().running()).isEmpty();
        assertThat(bench.mux.snapshot().queued()).isZero();
        assertThat(bench.budget.held()).isZero();
    }
}
