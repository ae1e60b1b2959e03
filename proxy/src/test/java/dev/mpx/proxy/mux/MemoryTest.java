package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** DESIGN.md: everything is bounded, a slow client is its own problem, and past the byte budget reading pauses. */
class MemoryTest {
    private static final int KIB = 1 << 10;
    /** The bounds of these tests: the shipped ones' sixteenth, and calls that fill them as quickly. */
    private static final int UNIT = 1 << 16;

    private static final Limits SMALL = new Limits(
            256, UNIT, 16 * UNIT, 256, 1024, Limits.DEFAULT.initialize(), Limits.DEFAULT.linger(), Limits.DEFAULT.stop(),
            Limits.DEFAULT.kill());

    /** A call of about that many bytes. */
    private static String bigCall(Object id, int bytes) {
        return request(id, "tools/call", "{\"name\":\"big\",\"x\":\"" + "x".repeat(bytes) + "\"}");
    }

    @Test
    void aSessionWithMuchQueuedIsNotReadOnUntilItHasLess() {
        Bench bench = Bench.with().window(1).limits(SMALL).budget(1L << 30).bench();
        FakeLink alice = bench.client();
        for (int i = 0; i < 40; i++) {
            alice.type(bigCall(i, UNIT));
        }
        int unread = alice.unread();
        assertThat(unread).isBetween(20, 25);

        bench.child().answerNext("{}");
        assertThat(alice.unread()).isEqualTo(unread - 1);
        for (int i = 1; i < 40; i++) {
            bench.child().answerNext("{}");
        }
        assertThat(alice.take()).hasSize(40);
        assertThat(alice.unread()).isZero();
        assertThat(bench.budget.held()).isZero();
    }

    @Test
    void pastTheBudgetReadingPausesAndResumes() {
        Bench bench = Bench.with().window(1).limits(SMALL).budget(8 * UNIT).bench();
        List<FakeLink> clients = new ArrayList<>();
        for (int c = 0; c < 20; c++) {
            FakeLink client = bench.client();
            clients.add(client);
            for (int i = 0; i < 10; i++) {
                client.type(bigCall(i, UNIT));
            }
        }
        assertThat(clients.stream().mapToInt(FakeLink::unread).sum()).isGreaterThan(200 - 8 - 2 * 20);
        assertThat(bench.budget.held()).isLessThan(8 * UNIT + 2 * 20 * UNIT);

        for (int i = 0; i < 200; i++) {
            bench.child().answerNext("{}");
        }
        assertThat(clients).allSatisfy(client -> assertThat(client.take()).hasSize(10));
        assertThat(bench.budget.held()).isZero();
    }

    @Test
    void whileMemoryIsShortTheChildIsGivenOneCallAtATime() {
        Bench bench = Bench.with().window(16).limits(SMALL).budget(UNIT).bench();
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        for (int i = 0; i < 4; i++) {
            alice.type(bigCall(i, UNIT));
            bob.type(bigCall(i, UNIT));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(bench.child().waiting()).hasSize(1);
            bench.child().answerNext("{}");
        }

        assertThat(alice.take()).hasSize(4);
        assertThat(bob.take()).hasSize(4);
    }

    @Test
    void aClientThatDoesNotReadIsClosedAndNobodyElseNotices() {
        Bench bench = new Bench();
        FakeLink slow = bench.connect(100 * KIB);
        bench.shakeHands(slow, Bench.NEWEST, "{}");
        FakeLink good = bench.client();
        slow.stopReading();
        String news = notification("notifications/tools/list_changed", "{\"x\":\"" + "x".repeat(10 * KIB) + "\"}");

        for (int i = 0; i < 20; i++) {
            bench.child().type(news);
        }

        assertThat(slow.isClosed()).isTrue();
        assertThat(good.take()).hasSize(20);
        assertThat(bench.mux.sessionCount()).isEqualTo(1);
        assertThat(bench.count(Counter.SESSIONS_SLOW)).isEqualTo(1);
        assertThat(bench.budget.held()).isZero();
    }

    @Test
    void aClientThatDoesNotReadItsAnswersIsClosedAndItsCallsAreCancelled() {
        Bench bench = Bench.with().window(1).bench();
        FakeLink slow = bench.connect(100 * KIB);
        bench.shakeHands(slow, Bench.NEWEST, "{}");
        FakeLink good = bench.client();
        slow.stopReading();
        for (int i = 0; i < 20; i++) {
            slow.type(call(i, "x"));
        }
        good.type(call(1, "good"));
        int answered = 0;
        while (!bench.child().waiting().isEmpty()) {
            bench.child().answerNext("\"" + "x".repeat(40 * KIB) + "\"");
            answered++;
        }

        assertThat(slow.isClosed()).isTrue();
        assertThat(answered).isLessThan(6);
        assertThat(good.take()).hasSize(1);
    }

    @Test
    void whileClientsAreBehindTheChildIsNotReadOn() {
        Bench bench = Bench.with().limits(SMALL).budget(UNIT).bench();
        FakeLink slow = bench.connect(64 << 20);
        bench.shakeHands(slow, Bench.NEWEST, "{}");
        slow.stopReading();
        for (int i = 0; i < 10; i++) {
            slow.type(call(i, "x"));
        }
        while (!bench.child().waiting().isEmpty()) {
            bench.child().answerNext("\"" + "x".repeat(40 * KIB) + "\"");
        }
        assertThat(bench.child().unread()).isGreaterThanOrEqualTo(5);
        bench.pass(Duration.ofSeconds(1));
        assertThat(bench.child().unread()).isGreaterThanOrEqualTo(5);

        slow.readOn();
        bench.settle();
        assertThat(bench.child().unread()).isZero();
        assertThat(slow.take()).hasSize(10);
    }

    @Test
    void aClientThatWasBehindAndHasReadIsServedOn() {
        Bench bench = Bench.with().window(1).limits(SMALL).budget(2 * UNIT).bench();
        FakeLink slow = bench.connect(64 << 20);
        bench.shakeHands(slow, Bench.NEWEST, "{}");
        slow.stopReading();
        slow.type(call(1, "x"));
        slow.type(call(2, "x"));
        bench.child().answerNext("\"" + "x".repeat(3 * UNIT) + "\"");
        assertThat(bench.child().waiting()).isEmpty();

        slow.readOn();
        bench.settle();

        assertThat(bench.child().waiting()).hasSize(1);
        bench.child().answerNext("{}");
        assertThat(slow.take()).hasSize(2).contains(result(2, "{}"));
    }

    @Test
    void aClientThatIsBehindDoesNotKeepOthersFromBeingServed() {
        Bench bench = Bench.with().window(1).limits(SMALL).budget(2 * UNIT).bench();
        FakeLink slow = bench.connect(64 << 20);
        bench.shakeHands(slow, Bench.NEWEST, "{}");
        FakeLink good = bench.client();
        slow.stopReading();
        slow.type(call(1, "x"));
        slow.type(call(2, "x"));
        good.type(call(1, "good"));
        bench.child().answerNext("\"" + "x".repeat(3 * UNIT) + "\"");

        assertThat(bench.child().waiting()).singleElement().satisfies(call ->
                assertThat(call.frame().toString()).contains("good"));
    }

    @Test
    void theBudgetIsGivenBackWhateverBecomesOfACall() {
        Bench bench = Bench.with().window(1).bench();
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        alice.type(call(1, "answered"));
        alice.type(call(2, "cancelled in the queue"));
        alice.type(call(3, "cancelled on the child"));
        bob.type(call(1, "of one who leaves"));
        alice.type(Rpc.cancelled(2));
        bench.child().answerNext("{}");
        alice.type(Rpc.cancelled(3));
        bob.vanish();
        alice.type(call(4, "lost with the child"));
        while (!bench.child().waiting().isEmpty() && bench.child().waiting().get(0).frame().toString().contains("cancelled")) {
            bench.child().answerNext("{}");
        }
        bench.child().exit(1);
        bench.settle();

        assertThat(bench.budget.held()).isLessThan(100);
        bench.launcher.children().forEach(child -> child.exit(0));
        bench.settle();
        bench.drain(Duration.ZERO);
        bench.settle();
        assertThat(bench.budget.held()).isZero();
    }

    @Test
    void notificationsForAChildThatDoesNotReadAreDroppedBeforeTheyFillItsOutbox() {
        Bench bench = new Bench();
        FakeLink noisy = bench.client();
        bench.child().stopReading();
        for (int i = 0; i < 5_000; i++) {
            noisy.type(notification("vendor/noise", "{\"x\":\"" + "x".repeat(KIB) + "\"}"));
        }

        assertThat(bench.child().pending()).isLessThan(2 << 20);
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isGreaterThan(3_000);
    }

    @Test
    void subscriptionsOfASessionAreBounded() {
        Bench bench = new Bench();
        FakeLink alice = bench.client();
        int most = Limits.DEFAULT.remembered();
        for (int i = 0; i <= most; i++) {
            alice.type(request(i, "resources/subscribe", "{\"uri\":\"u" + i + "\"}"));
            if (!bench.child().waiting().isEmpty()) {
                bench.child().answerNext("{}");
            }
        }

        List<String> lines = alice.take();
        assertThat(lines).hasSize(most + 1);
        assertThat(Rpc.code(lines.get(most))).isEqualTo(-32600);
        alice.type(request("\"again\"", "resources/subscribe", "{\"uri\":\"u1\"}"));
        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void whatIsRememberedOfTasksIsBounded() {
        Bench bench = new Bench();
        FakeLink alice = bench.client();
        int many = Limits.DEFAULT.remembered() + 10;
        for (int i = 0; i < many; i++) {
            alice.type(request(i, "tools/call", "{\"task\":{},\"_meta\":{\"progressToken\":" + i + "},\"name\":\"x\"}"));
            bench.child().answerNext("{\"task\":{\"taskId\":\"t" + i + "\",\"status\":\"working\"}}");
        }
        alice.take();

        bench.child().type(notification("notifications/progress", "{\"progressToken\":1,\"progress\":1}"));
        assertThat(alice.take()).isEmpty();
        bench.child().type(notification("notifications/progress", "{\"progressToken\":" + many + ",\"progress\":1}"));
        assertThat(alice.take()).hasSize(1);
    }
}
