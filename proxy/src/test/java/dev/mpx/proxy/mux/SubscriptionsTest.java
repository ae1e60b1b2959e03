package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.cancelled;
import static dev.mpx.proxy.mux.Rpc.error;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** PROTOCOL.md: {@code resources/subscribe}, {@code unsubscribe} and {@code notifications/resources/updated}. */
class SubscriptionsTest {
    private final Bench bench = new Bench();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    private static String subscribe(Object id, String uri) {
        return request(id, "resources/subscribe", "{\"uri\":\"" + uri + "\"}");
    }

    private static String unsubscribe(Object id, String uri) {
        return request(id, "resources/unsubscribe", "{\"uri\":\"" + uri + "\"}");
    }

    private static String updated(String uri) {
        return notification("notifications/resources/updated", "{\"uri\":\"" + uri + "\"}");
    }

    private void subscribed(FakeLink client, String uri) {
        client.type(subscribe("\"s\"", uri));
        bench.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result("\"s\"", "{}"));
    }

    private List<String> asked() {
        List<Message.Request> requests = bench.child().waiting();
        requests.forEach(request -> bench.child().answerNext("{}"));
        return requests.stream()
                .map(r -> r.method() + " " + at(r.frame().toString(), "params", "uri"))
                .toList();
    }

    @Test
    void eachSubscribeIsForwardedSoThatErrorsShow() {
        subscribed(alice, "a");
        bob.type(subscribe(1, "a"));
        bench.child().type(error(bench.child().next().id(), -32002, "gone"));

        assertThat(bob.take()).containsExactly(error(1, -32002, "gone"));
        bench.child().type(updated("a"));
        assertThat(bob.take()).isEmpty();
        assertThat(alice.take()).containsExactly(updated("a"));
    }

    @Test
    void aUriThatIsTooLongToKeepIsRefusedAndNeverSent() {
        alice.type(subscribe(1, "u".repeat(8193)));

        assertThat(alice.take()).singleElement().asString().contains("-32602").contains("8192");
        assertThat(bench.child().waiting()).isEmpty();
    }

    @Test
    void anUpdateGoesToTheSubscribedAlone() {
        subscribed(alice, "a");
        subscribed(bob, "b");

        bench.child().type(updated("a"));

        assertThat(alice.take()).containsExactly(updated("a"));
        assertThat(bob.take()).isEmpty();
    }

    @Test
    void anUpdateNobodySubscribedToExactlyGoesToThoseOfAPrefix() {
        subscribed(alice, "file:///d");
        subscribed(bob, "file:///d/x");

        bench.child().type(updated("file:///d/x"));
        bench.child().type(updated("file:///d/y"));

        assertThat(alice.take()).containsExactly(updated("file:///d/y"));
        assertThat(bob.take()).containsExactly(updated("file:///d/x"));
    }

    @Test
    void anUpdateNobodyWantsIsDroppedAndCounted() {
        subscribed(alice, "a");

        bench.child().type(updated("z"));
        bench.child().type(notification("notifications/resources/updated", "{}"));

        assertThat(alice.take()).isEmpty();
        assertThat(bob.take()).isEmpty();
        assertThat(bench.count(Counter.NOTIFICATIONS_DROPPED)).isEqualTo(2);
    }

    @Test
    void theChildIsUnsubscribedWhenTheLastSessionUnsubscribes() {
        subscribed(alice, "a");
        subscribed(bob, "a");

        alice.type(unsubscribe(1, "a"));
        assertThat(asked()).isEmpty();
        assertThat(alice.take()).containsExactly(result(1, "{}"));
        bench.child().type(updated("a"));
        assertThat(alice.take()).isEmpty();
        assertThat(bob.take()).containsExactly(updated("a"));

        bob.type(unsubscribe(1, "a"));
        assertThat(asked()).containsExactly("resources/unsubscribe \"a\"");
        assertThat(bob.take()).containsExactly(result(1, "{}"));
    }

    @Test
    void theChildIsUnsubscribedWhenTheLastSessionDisconnects() {
        subscribed(alice, "a");
        subscribed(bob, "a");
        subscribed(bob, "b");

        alice.vanish();
        assertThat(asked()).isEmpty();
        bob.vanish();
        assertThat(asked()).containsExactlyInAnyOrder("resources/unsubscribe \"a\"", "resources/unsubscribe \"b\"");
    }

    @Test
    void aSubscribeOnItsWayKeepsTheChildSubscribedWhenAnotherLeaves() {
        subscribed(alice, "a");
        bob.type(subscribe(1, "a"));
        alice.vanish();

        assertThat(asked()).containsExactly("resources/subscribe \"a\"");
        bench.child().type(updated("a"));
        assertThat(bob.take()).contains(updated("a"));
    }

    @Test
    void anUnsubscribeThatWaitsIsNotSentIfAnotherHasSubscribedMeanwhile() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink carol = narrow.client();
        FakeLink dave = narrow.client();
        carol.type(subscribe(1, "a"));
        narrow.child().answerNext("{}");
        carol.type(call(2, "slow"));
        carol.type(unsubscribe(3, "a"));
        dave.type(subscribe(1, "a"));
        while (!narrow.child().waiting().isEmpty()) {
            narrow.child().answerNext("{}");
        }

        assertThat(narrow.child().sent()).noneMatch(line -> line.contains("unsubscribe"));
        assertThat(carol.take()).extracting(Rpc::id).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void aSubscriptionTakenUpAfterItsSessionLeftIsGivenUp() {
        alice.type(subscribe(1, "a"));
        Message.Request subscribe = bench.child().next();
        alice.vanish();
        asked();
        bench.child().take();

        bench.child().answer(subscribe, "{}");

        assertThat(asked()).containsExactly("resources/unsubscribe \"a\"");
    }

    @Test
    void aSubscribeCancelledInTheQueueSubscribesNobody() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink carol = narrow.client();
        carol.type(call(1, "slow"));
        carol.type(subscribe(2, "a"));
        carol.type(cancelled(2));
        narrow.child().answerNext("{}");
        carol.take();

        narrow.child().type(updated("a"));

        assertThat(carol.take()).isEmpty();
    }

    @Test
    void aSubscribeRepeatedAndCancelledInTheQueueLeavesTheFirst() {
        Bench narrow = Bench.with().window(1).bench();
        FakeLink carol = narrow.client();
        carol.type(subscribe(0, "a"));
        narrow.child().answerNext("{}");
        carol.type(call(1, "slow"));
        carol.type(subscribe(2, "a"));
        carol.type(cancelled(2));
        carol.take();

        narrow.child().type(updated("a"));

        assertThat(carol.take()).containsExactly(updated("a"));
    }

    @Test
    void aNewChildIsSubscribedToWhatTheSessionsAre() {
        subscribed(alice, "a");
        subscribed(bob, "a");
        subscribed(bob, "b");
        bench.child().exit(1);
        alice.type(call(1, "wake"));
        bench.settle();

        assertThat(asked()).containsExactlyInAnyOrder(
                "resources/subscribe \"a\"", "resources/subscribe \"b\"", "tools/call (none)");
        alice.take();
        bench.child().type(updated("a"));
        assertThat(alice.take()).containsExactly(updated("a"));
    }
}
