package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.error;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROTOCOL.md: the lists, and {@code notifications/*}{@code /list_changed}. */
class ListsTest {
    private static final String PAGE = "{\"tools\":[{\"name\":\"a\",\"n\":1.10}],\"nextCursor\":\"c\"}";

    private final Bench bench = announcing();
    private final FakeLink alice = bench.client();
    private final FakeLink bob = bench.client();

    private static Bench announcing() {
        Bench bench = new Bench();
        bench.launcher.raising(child -> child.greetingWith("{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{"
                + "\"tools\":{\"listChanged\":true},\"prompts\":{\"listChanged\":true},"
                + "\"resources\":{\"listChanged\":true}}}"));
        return bench;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tools/list", "prompts/list", "resources/list", "resources/templates/list"})
    void aFirstPageIsAskedForOnceAndThenAnsweredFromMemory(String method) {
        alice.type(request(1, method, "{}"));
        bench.child().answerNext(PAGE);
        bob.type(request("\"b\"", method, "{\"_meta\":{}}"));
        bob.type("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"" + method + "\"}");

        assertThat(alice.take()).containsExactly(result(1, PAGE));
        assertThat(bob.take()).containsExactly(result("\"b\"", PAGE), result(2, PAGE));
        assertThat(bench.child().waiting()).isEmpty();
    }

    @Test
    void aPageWithACursorIsForwardedAsItIs() {
        alice.type(request(1, "tools/list", "{}"));
        bench.child().answerNext(PAGE);
        bob.type(request(1, "tools/list", "{\"cursor\":\"c\"}"));

        Message.Request next = bench.child().next();
        assertThat(next.params().orElseThrow().toString()).isEqualTo("{\"cursor\":\"c\"}");
        bench.child().answer(next, "{\"tools\":[]}");
        assertThat(bob.take()).containsExactly(result(1, "{\"tools\":[]}"));
    }

    @Test
    void aPageWithACursorIsNotKeptAsTheFirst() {
        alice.type(request(1, "tools/list", "{\"cursor\":\"c\"}"));
        bench.child().answerNext("{\"tools\":[]}");
        bob.type(request(1, "tools/list", "{}"));

        assertThat(bench.child().waiting()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "tools/list, tools", "prompts/list, prompts", "resources/list, resources", "resources/templates/list, resources"
    })
    void aChangeDropsThePageAndIsBroadcast(String method, String what) {
        alice.type(request(1, method, "{}"));
        bench.child().answerNext(PAGE);
        alice.take();
        String change = notification("notifications/" + what + "/list_changed", "{\"x\":1}");

        bench.child().type(change);
        alice.type(request(2, method, "{}"));

        assertThat(alice.take()).containsExactly(change);
        assertThat(bob.take()).containsExactly(change);
        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void aChangeOfOneListLeavesTheOthers() {
        alice.type(request(1, "prompts/list", "{}"));
        bench.child().answerNext(PAGE);
        bench.child().type(notification("notifications/tools/list_changed", "{}"));
        bob.type(request(1, "prompts/list", "{}"));

        assertThat(bench.child().waiting()).isEmpty();
    }

    @Test
    void aPageThatWasOnItsWayWhenTheListChangedIsDeliveredButNotKept() {
        alice.type(request(1, "tools/list", "{}"));
        bench.child().type(notification("notifications/tools/list_changed", "{}"));
        bench.child().answerNext(PAGE);
        bob.type(request(1, "tools/list", "{}"));

        assertThat(alice.take()).contains(result(1, PAGE));
        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void anErrorIsNotKept() {
        alice.type(request(1, "tools/list", "{}"));
        bench.child().type(error(bench.child().next().id(), -32603, "no"));
        bob.type(request(1, "tools/list", "{}"));

        assertThat(bench.child().waiting()).hasSize(1);
    }

    @Test
    void whoeverAskedBeforeThePageWasThereIsAnsweredWithoutTheChildWhenTheirTurnComes() {
        Bench narrow = Bench.with().window(1).stableLists().bench();
        FakeLink carol = narrow.client();
        FakeLink dave = narrow.client();
        carol.type(request(1, "tools/list", "{}"));
        dave.type(request(1, "tools/list", "{}"));
        narrow.child().answerNext(PAGE);

        assertThat(carol.take()).containsExactly(result(1, PAGE));
        assertThat(dave.take()).containsExactly(result(1, PAGE));
        assertThat(narrow.child().waiting()).isEmpty();
    }

    @Test
    void nothingIsKeptOfAChildThatDoesNotAnnounceChanges() {
        Bench silent = new Bench();
        FakeLink client = silent.client();
        client.type(request(1, "tools/list", "{}"));
        silent.child().answerNext(PAGE);
        client.type(request(2, "tools/list", "{}"));

        assertThat(silent.child().waiting()).hasSize(1);
    }

    @Test
    void listsOfAServerKnownToBeStableAreKept() {
        Bench stable = Bench.with().stableLists().bench();
        FakeLink client = stable.client();
        client.type(request(1, "tools/list", "{}"));
        stable.child().answerNext(PAGE);
        client.type(request(2, "tools/list", "{}"));

        assertThat(client.take()).containsExactly(result(1, PAGE), result(2, PAGE));
    }

    @Test
    void aNewChildIsAskedAnew() {
        alice.type(request(1, "tools/list", "{}"));
        bench.child().answerNext(PAGE);
        bench.child().exit(1);
        alice.type(call(2, "wake"));
        bench.settle();
        alice.type(request(3, "tools/list", "{}"));

        assertThat(bench.child().waiting()).extracting(Message.Request::method).containsExactly("tools/call", "tools/list");
    }
}
