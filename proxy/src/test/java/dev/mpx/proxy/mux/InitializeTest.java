package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.EVERYTHING;
import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.at;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.code;
import static dev.mpx.proxy.mux.Rpc.initialize;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.Message;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PROTOCOL.md: {@code initialize}, {@code notifications/initialized}, requests before and a second one, and Versions. */
class InitializeTest {
    private final Bench bench = new Bench();

    @Test
    void exactlyOneInitializeReachesTheChildAndItIsMpxsOwn() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink alice = bench.connect();
        FakeLink bob = bench.connect();
        alice.type(initialize(1, NEWEST, "{}"));
        bob.type(initialize(1, "2024-11-05", "{}"));
        bench.settle();
        Message.Request greeting = bench.child().next();
        bench.child().answer(greeting, "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}");
        bench.client();

        assertThat(greeting.method()).isEqualTo("initialize");
        assertThat(greeting.params().orElseThrow().at("clientInfo").orElseThrow().toString())
                .isEqualTo("{\"name\":\"mpx\",\"version\":\"0.1.0\"}");
        assertThat(bench.child().waiting()).isEmpty();
        assertThat(bench.launcher.attempts()).isEqualTo(1);
    }

    @Test
    void everyClientIsAnsweredFromTheChildsResultWithItsOwnIdAndRevision() {
        String greeting = "{\"capabilities\":{\"x\":1.10},\"protocolVersion\":\"%s\",\"instructions\":\"\\u00e9\"}";
        bench.launcher.raising(child -> child.greetingWith(greeting.formatted("2025-11-25")));
        FakeLink alice = bench.connect();
        FakeLink bob = bench.connect();

        alice.type(initialize("\"a\"", NEWEST, "{}"));
        bench.settle();
        bob.type(initialize(0, "2025-03-26", "{}"));

        assertThat(alice.take()).containsExactly(result("\"a\"", greeting.formatted("2025-11-25")));
        assertThat(bob.take()).containsExactly(result(0, greeting.formatted("2025-03-26")));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25, 2025-11-25",
        "2025-03-26, 2025-11-25, 2025-03-26",
        "2024-11-05, 2025-06-18, 2024-11-05",
        "2025-11-25, 2025-06-18, 2025-06-18",
        "2026-07-28, 2025-11-25, 2025-11-25",
        "1999-01-01, 2025-11-25, 2025-11-25",
        "nonsense, 2025-06-18, 2025-06-18",
    })
    void aClientGetsTheRevisionItAskedForIfKnownAndNotNewerThanTheChilds(String asked, String childs, String agreed) {
        bench.launcher.raising(child ->
                child.greetingWith("{\"protocolVersion\":\"" + childs + "\",\"capabilities\":{}}"));
        FakeLink client = bench.connect();

        client.type(initialize(1, asked, "{}"));
        bench.settle();

        assertThat(at(client.take().get(0), "result", "protocolVersion")).isEqualTo('"' + agreed + '"');
    }

    @Test
    void theChildGetsOneInitializedAndTheClientsOwnAreSwallowed() {
        bench.client();
        bench.client();
        bench.settle();

        assertThat(bench.child().sent().stream().filter(line -> line.contains("notifications/initialized")))
                .containsExactly("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }

    @Test
    void theChildIsToldInitializedBeforeAnyCall() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(call(2, "early"));
        bench.settle();

        List<String> sent = bench.child().sent();
        assertThat(sent).hasSize(3);
        assertThat(at(sent.get(0), "method")).isEqualTo("\"initialize\"");
        assertThat(at(sent.get(1), "method")).isEqualTo("\"notifications/initialized\"");
        assertThat(at(sent.get(2), "method")).isEqualTo("\"tools/call\"");
    }

    @Test
    void aSecondInitializeIsRefusedAndTheSessionGoesOn() {
        FakeLink client = bench.client();

        client.type(initialize(2, NEWEST, "{}"));
        client.type(call(3, "echo"));
        bench.child().answerNext("{}");

        List<String> lines = client.take();
        assertThat(code(lines.get(0))).isEqualTo(-32600);
        assertThat(lines.get(1)).isEqualTo(result(3, "{}"));
    }

    @Test
    void aSecondInitializeIsRefusedWhileTheFirstWaits() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(initialize(2, NEWEST, "{}"));
        client.type(initialize(1, NEWEST, "{}"));

        assertThat(client.take()).hasSize(2).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32600));
        bench.settle();
        assertThat(client.take()).singleElement().satisfies(line -> assertThat(at(line, "id")).isEqualTo("1"));
    }

    @Test
    void aRequestBeforeInitializeIsRefused() {
        bench.client();
        FakeLink client = bench.connect();

        client.type(call(1, "echo"));
        client.type(request(2, "tools/list", "{}"));

        assertThat(client.take()).hasSize(2).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32600));
        assertThat(bench.child().waiting()).isEmpty();
    }

    @Test
    void aRequestWhileInitializeWaitsWaitsToo() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        client.type(call(2, "echo"));
        assertThat(client.take()).isEmpty();

        bench.settle();
        bench.child().answerNext("{}");

        assertThat(client.take()).extracting(Rpc::id).containsExactly("1", "2");
    }

    @Test
    void discoverIsAnsweredAtOnceAlsoWhileTheChildIsStarting() {
        FakeLink client = bench.connect();
        client.type(request(1, "server/discover", "{}"));
        client.type(initialize(2, NEWEST, "{}"));
        client.type(request(3, "server/discover", "{}"));

        assertThat(client.take()).hasSize(2).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32601));
        bench.settle();
        assertThat(client.take()).extracting(Rpc::id).containsExactly("2");
    }

    @Test
    void mpxsOwnMethodsNeedNoInitialize() {
        Bench own = Bench.with()
                .control((peer, method, params) -> new Control.Reply.Result(("\"" + method + "\"").getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .bench();
        FakeLink client = own.connect();

        client.type(request(1, "mpx/status", "{}"));

        assertThat(client.take()).containsExactly(result(1, "\"mpx/status\""));
        assertThat(own.launcher.attempts()).isZero();
    }

    @Test
    void whatAShimTellsOfItselfIsShownInTheSnapshot() {
        Introduction who = new Introduction(
                "0.1.0", java.util.OptionalLong.of(7), java.util.OptionalLong.of(6), "claude", "/home", "here");
        Bench own = Bench.with()
                .control((peer, method, params) -> new Control.Reply.Welcome(Json.EMPTY_OBJECT, who))
                .bench();
        FakeLink client = own.connect();

        client.type(request(1, "mpx/hello", "{}"));

        assertThat(client.take()).containsExactly(result(1, "{}"));
        assertThat(own.mux.snapshot().clients().get(0).introduction()).isEqualTo(Optional.of(who));
    }

    @Test
    void anInitializeWithoutARevisionIsRefusedAndMayBeRepeated() {
        FakeLink client = bench.connect();

        client.type(request(1, "initialize", "{}"));
        client.type(request(2, "initialize", "{\"protocolVersion\":5}"));
        client.type("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"initialize\"}");

        assertThat(client.take()).hasSize(3).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32602));
        bench.shakeHands(client, NEWEST, "{}");
    }

    @Test
    void theChildIsTheFirstClientsAndGetsItsCapabilities() {
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink alice = bench.connect();
        FakeLink bob = bench.connect();
        alice.type(initialize(1, NEWEST, "{\"roots\":{\"listChanged\":true}}"));
        bob.type(initialize(1, NEWEST, EVERYTHING));
        bench.settle();

        assertThat(bench.child().next().params().orElseThrow().at("capabilities").orElseThrow().toString())
                .isEqualTo("{\"roots\":{\"listChanged\":true}}");
    }

    @Test
    void capabilitiesThatAreFixedAreDeclaredWhoeverTheClientsAre() {
        Bench fixed = Bench.with().declaring("{\"sampling\":{}}").bench();
        fixed.launcher.raising(FakeChild::notGreeting);
        fixed.connect().type(initialize(1, NEWEST, EVERYTHING));
        fixed.settle();

        assertThat(fixed.child().next().params().orElseThrow().at("capabilities").orElseThrow().toString())
                .isEqualTo("{\"sampling\":{}}");
    }

    @Test
    void theChildIsAskedForTheNewestRevisionWhateverTheFirstClientSpeaks() {
        bench.launcher.raising(FakeChild::notGreeting);
        bench.connect().type(initialize(1, "2024-11-05", "{}"));
        bench.settle();

        assertThat(bench.child().next().params().orElseThrow().at("protocolVersion").orElseThrow().text())
                .contains(NEWEST);
    }

    @Test
    void aClientIsSentNothingOfTheServersBeforeItIsInitialized() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{}"));
        bench.settle();
        client.take();

        bench.child().type(notification("notifications/tools/list_changed", "{}"));
        assertThat(client.take()).isEmpty();

        client.type(notification("notifications/initialized", "{}"));
        bench.child().type(notification("notifications/tools/list_changed", "{}"));
        assertThat(client.take()).hasSize(1);
    }
}
