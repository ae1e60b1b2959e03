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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DESIGN.md, "Cold start": clients are answered at once from what the last child said; then it is compared. */
class ColdStartTest {
    private static final String TOOLS = "{\"tools\":[{\"name\":\"a\"}]}";
    private static final String PROMPTS = "{\"prompts\":[]}";

    /** Remembers in memory what a daemon would keep in {@code profile.json}. */
    private static final class Memory implements Profiles {
        private final Map<String, Profile> byDeclared = new HashMap<>();
        private final List<String> saved = new ArrayList<>();

        @Override
        public Optional<Profile> load(byte[] declared) {
            return Optional.ofNullable(byDeclared.get(text(declared)));
        }

        @Override
        public void save(byte[] declared, Profile profile) {
            byDeclared.put(text(declared), profile);
            saved.add(text(declared));
        }

        Memory knowing(String declared, String initialize, Map<String, String> pages) {
            Map<String, byte[]> bytes = new HashMap<>();
            pages.forEach((method, page) -> bytes.put(method, page.getBytes(StandardCharsets.UTF_8)));
            byDeclared.put(declared, new Profile(initialize.getBytes(StandardCharsets.UTF_8), bytes));
            return this;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String greeting(String revision, String capabilities) {
        return "{\"protocolVersion\":\"" + revision + "\",\"capabilities\":" + capabilities
                + ",\"serverInfo\":{\"name\":\"palace\",\"version\":\"1\"}}";
    }

    private static final String GREETING = greeting(NEWEST, "{\"tools\":{},\"prompts\":{\"listChanged\":false,\"x\":1}}");

    private final Memory memory = new Memory()
            .knowing(EVERYTHING, result("\"old\"", GREETING), Map.of("tools/list", TOOLS, "prompts/list", PROMPTS));
    private final Bench bench = Bench.with().profiles(memory).bench();

    {
        bench.launcher.raising(FakeChild::notGreeting);
    }

    /** The child has been imported at last, and answers mpx's own lists. */
    private void wakeUp(String greeting, Map<String, String> lists) {
        bench.pass(Duration.ofSeconds(20));
        greet(greeting);
        answerLists(lists);
    }

    private void greet(String greeting) {
        assertThat(bench.child().waiting().get(0).method()).isEqualTo("initialize");
        bench.child().answerNext(greeting);
    }

    private void answerLists(Map<String, String> lists) {
        lists.forEach((method, page) -> {
            Message.Request asked = bench.child().waiting().stream()
                    .filter(r -> r.method().equals(method))
                    .findFirst()
                    .orElseThrow();
            bench.child().answer(asked, page);
        });
    }

    private static Map<String, String> lists(String tools, String prompts) {
        return Map.of("tools/list", tools, "prompts/list", prompts);
    }

    // ---- before the child is there

    // red when Welcome waits for the child
    @Test
    void initializeAndTheListsAreAnsweredWhileTheChildIsStillStarting() {
        FakeLink client = bench.client();
        client.type(request(1, "tools/list", "{}"));
        client.type(request(2, "prompts/list", "{}"));

        assertThat(client.take()).containsExactly(result(1, TOOLS), result(2, PROMPTS));
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("starting");
        assertThat(bench.child().sent()).hasSize(1);
    }

    // red when Welcome does not tell handshakes through asTold
    @Test
    void mpxItselfDeclaresThatListsMayChangeAndTouchesNothingElse() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, EVERYTHING));
        bench.settle();

        String answer = client.take().get(0);
        assertThat(at(answer, "result", "capabilities", "tools", "listChanged")).isEqualTo("true");
        assertThat(at(answer, "result", "capabilities", "prompts", "listChanged")).isEqualTo("true");
        assertThat(at(answer, "result", "capabilities", "prompts", "x")).isEqualTo("1");
        assertThat(at(answer, "result", "capabilities", "resources")).isEqualTo("(none)");
        assertThat(at(answer, "result", "serverInfo")).isEqualTo("{\"name\":\"palace\",\"version\":\"1\"}");
    }

    @Test
    void callsWaitForTheChildAndThenGoThere() {
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        client.type(request(2, "tools/list", "{\"cursor\":\"next\"}"));
        bench.pass(Duration.ofSeconds(19));
        assertThat(client.take()).isEmpty();
        wakeUp(GREETING, lists(TOOLS, PROMPTS));

        bench.child().waiting().stream().filter(r -> r.method().equals("tools/call")).forEach(r -> bench.child().answer(r, "{}"));
        assertThat(client.take()).containsExactly(result(1, "{}"));
        assertThat(bench.child().waiting()).anyMatch(r -> r.frame().toString().contains("\"cursor\""));
    }

    @Test
    void ifTheChildCantBeStartedCallsAreToldSoAndTheSessionGoesOn() {
        bench.launcher.failNext("no such program");
        bench.launcher.failNext("no such program");
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        bench.settle();

        assertThat(client.take()).hasSize(1).allSatisfy(line -> assertThat(code(line)).isEqualTo(-32012));
        client.type(call(2, "a"));
        wakeUp(GREETING, lists(TOOLS, PROMPTS));
        bench.child().waiting().stream().filter(r -> r.method().equals("tools/call")).forEach(r -> bench.child().answer(r, "{}"));
        assertThat(client.take()).containsExactly(result(2, "{}"));
    }

    @Test
    void whatAChildSaidThatWasToldOtherCapabilitiesIsNotUsed() {
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, "{\"roots\":{}}"));
        bench.settle();

        assertThat(client.take()).isEmpty();
        bench.pass(Duration.ofSeconds(20));
        greet(GREETING);
        assertThat(client.take()).hasSize(1);
    }

    // red when what was remembered once is used for any later child
    @Test
    void norIsThatOfTheLastChildOfThisDaemon() {
        FakeLink first = bench.client();
        wakeUp(GREETING, lists(TOOLS, PROMPTS));
        first.vanish();
        bench.child().exit(0);
        FakeLink second = bench.connect();
        second.type(initialize(1, NEWEST, "{\"roots\":{}}"));
        bench.settle();

        assertThat(second.take()).isEmpty();
    }

    @Test
    void theLastChildOfThisDaemonIsRememberedLikeAnEarlierDaemons() {
        bench.client();
        String changed = "{\"tools\":[{\"name\":\"b\"}]}";
        wakeUp(GREETING, lists(changed, PROMPTS));
        bench.child().exit(0);
        FakeLink second = bench.client();
        second.type(request(1, "tools/list", "{}"));

        assertThat(second.take()).containsExactly(result(1, changed));
        assertThat(bench.mux.snapshot().child().state()).isEqualTo("starting");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "null", "nonsense", "{}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32603,\"message\":\"x\"}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"initialize\"}"
    })
    void aMemoryThatMakesNoSenseIsNone(String initialize) {
        memory.knowing(EVERYTHING, initialize, Map.of("tools/list", TOOLS));
        FakeLink client = bench.connect();
        client.type(initialize(1, NEWEST, EVERYTHING));
        bench.settle();

        assertThat(client.take()).isEmpty();
        bench.pass(Duration.ofSeconds(20));
        greet(GREETING);
        assertThat(client.take()).hasSize(1);
    }

    @Test
    void withoutAMemoryNothingIsPromisedAndNothingAsked() {
        Bench plain = new Bench();
        FakeLink client = plain.connect();
        client.type(initialize(1, NEWEST, EVERYTHING));
        plain.settle();

        assertThat(at(client.take().get(0), "result", "capabilities", "tools")).isEqualTo("{}");
        assertThat(plain.child().waiting()).isEmpty();
    }

    // ---- when it is there

    // red when onPage does not compare
    @Test
    void aListThatDiffersIsAnnouncedToEverySessionAndTheNewOneServed() {
        FakeLink alice = bench.client();
        FakeLink bob = bench.client();
        String changed = "{\"tools\":[{\"name\":\"a\"},{\"name\":\"b\"}]}";
        wakeUp(GREETING, lists(changed, PROMPTS));

        String notice = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}";
        assertThat(alice.take()).containsExactly(notice);
        assertThat(bob.take()).containsExactly(notice);
        alice.type(request(1, "tools/list", "{}"));
        bench.child().waiting().forEach(r -> bench.child().answer(r, changed));
        assertThat(alice.take()).containsExactly(result(1, changed));
    }

    // red when every list is announced
    @Test
    void equalListsAreNotAnnounced() {
        FakeLink client = bench.client();
        wakeUp(GREETING, lists(TOOLS, PROMPTS));

        assertThat(client.take()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "prompts/list, prompts", "resources/list, resources", "resources/templates/list, resources", "tools/list, tools"
    })
    void eachListHasItsAnnouncement(String method, String announced) {
        String greeting = greeting(NEWEST, "{\"tools\":{},\"prompts\":{},\"resources\":{}}");
        Map<String, String> before = Map.of(
                "tools/list", "{}", "prompts/list", "{}", "resources/list", "{}", "resources/templates/list", "{}");
        memory.knowing(EVERYTHING, result(1, greeting), before);
        FakeLink client = bench.client();
        Map<String, String> after = new HashMap<>(before);
        after.put(method, "{\"new\":1}");
        wakeUp(greeting, after);

        assertThat(client.take())
                .containsExactly("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/" + announced + "/list_changed\"}");
    }

    @Test
    void oneThatTheChildSaysHasChangedIsNotRecalledAgain() {
        FakeLink client = bench.client();
        wakeUp(GREETING, lists(TOOLS, PROMPTS));
        bench.child().type(notification("notifications/tools/list_changed", "{}"));
        client.take();
        bench.child().exit(0);
        client.type(request(1, "tools/list", "{}"));
        bench.settle();

        assertThat(client.take()).isEmpty();
    }

    // ---- what the new one does not keep

    // red when Succession is asked only when a request arrives
    @Test
    void aCapabilityThatIsGoneIsAClearErrorOnUse() {
        FakeLink client = bench.client();
        client.type(request(1, "prompts/get", "{\"name\":\"early\"}"));
        bench.pass(Duration.ofSeconds(20));
        greet(greeting(NEWEST, "{\"tools\":{}}"));
        client.type(request(2, "prompts/list", "{}"));
        client.type(call(3, "a"));

        assertThat(client.take()).hasSize(2).allSatisfy(line -> {
            assertThat(code(line)).isEqualTo(-32601);
            assertThat(at(line, "error", "message")).contains("prompts", "replaced");
        });
        assertThat(bench.child().waiting()).extracting(Message.Request::method).doesNotContain("prompts/get", "prompts/list");
        bench.child().waiting().stream().filter(r -> r.method().equals("tools/call")).forEach(r -> bench.child().answer(r, "{}"));
        assertThat(client.take()).containsExactly(result(3, "{}"));
    }

    @Test
    void aRevisionThatIsGoneIsAClearErrorOnUseAndNewSessionsAreFine() {
        FakeLink client = bench.client();
        client.type(call(1, "early"));
        bench.pass(Duration.ofSeconds(20));
        greet(greeting("2025-03-26", "{\"tools\":{}}"));
        client.type(call(2, "late"));
        client.type(request(3, "ping", "{}"));

        List<String> lines = client.take();
        assertThat(lines).hasSize(3);
        assertThat(lines.subList(0, 2)).allSatisfy(line -> {
            assertThat(code(line)).isEqualTo(-32600);
            assertThat(at(line, "error", "message")).contains("2025-03-26", NEWEST);
        });
        assertThat(lines.get(2)).isEqualTo(result(3, "{}"));
        FakeLink fresh = bench.client();
        fresh.type(call(1, "x"));
        assertThat(fresh.take()).isEmpty();
    }

    @Test
    void aChildThatOffersMoreThanTheLastTakesNothingAway() {
        FakeLink client = bench.client();
        String more = greeting(NEWEST, "{\"tools\":{},\"prompts\":{},\"resources\":{},\"logging\":{}}");
        bench.pass(Duration.ofSeconds(20));
        greet(more);
        client.type(request(1, "resources/read", "{\"uri\":\"x\"}"));

        assertThat(client.take()).isEmpty();
        assertThat(bench.child().waiting()).extracting(Message.Request::method).contains("resources/read");
    }

    // ---- what is kept

    // red when it is saved with the handshake already
    @Test
    void itIsSavedOnceAllListsAreThere() {
        Memory empty = new Memory();
        Bench fresh = Bench.with().profiles(empty).bench();
        fresh.launcher.raising(child -> child.greetingWith(GREETING));
        fresh.client();
        FakeChild child = fresh.child();
        assertThat(child.waiting()).extracting(Message.Request::method).containsExactly("tools/list", "prompts/list");
        child.answerNext(TOOLS);
        assertThat(empty.saved).isEmpty();

        child.answerNext(PROMPTS);

        assertThat(empty.saved).containsExactly(EVERYTHING);
        Profiles.Profile profile = empty.byDeclared.get(EVERYTHING);
        assertThat(at(text(profile.initialize()), "result")).isEqualTo(GREETING);
        assertThat(profile.pages()).hasSize(2);
        assertThat(text(profile.pages().get("tools/list"))).isEqualTo(TOOLS);
    }

    @Test
    void theNextDaemonAnswersFromIt() {
        Memory shared = new Memory();
        Bench first = Bench.with().profiles(shared).bench();
        first.launcher.raising(child -> child.greetingWith(GREETING));
        first.client();
        first.child().answerNext(TOOLS);
        first.child().answerNext(PROMPTS);

        Bench second = Bench.with().profiles(shared).bench();
        second.launcher.raising(FakeChild::notGreeting);
        FakeLink client = second.client();
        client.type(request(1, "tools/list", "{}"));

        assertThat(client.take()).containsExactly(result(1, TOOLS));
    }

    @Test
    void nothingIsSavedOfAChildThatDiesBeforeItsListsAreThere() {
        bench.client();
        bench.pass(Duration.ofSeconds(20));
        greet(GREETING);
        bench.child().answerNext(TOOLS);
        bench.child().exit(1);
        bench.settle();

        assertThat(memory.saved).isEmpty();
    }

    // red when the old page stays where the new child gives an error
    @Test
    void aListThatTheNewChildRefusesIsForgotten() {
        bench.client();
        bench.pass(Duration.ofSeconds(20));
        greet(GREETING);
        bench.child().answerNext(TOOLS);
        bench.child().type(Rpc.error(bench.child().next().id(), -32601, "none"));

        assertThat(memory.saved).hasSize(1);
        assertThat(memory.byDeclared.get(EVERYTHING).pages()).containsOnlyKeys("tools/list");
        bench.child().exit(0);
        FakeLink client = bench.client();
        client.type(request(1, "prompts/list", "{}"));
        assertThat(client.take()).isEmpty();
    }

    @Test
    void annotationsSeenInItsOwnListMakeKnownReads() {
        FakeLink client = bench.client();
        client.type(call(1, "a"));
        wakeUp(GREETING, lists("{\"tools\":[{\"name\":\"a\",\"annotations\":{\"readOnlyHint\":true}}]}", PROMPTS));
        client.take();
        bench.child().exit(139);
        bench.settle();

        assertThat(client.take()).isEmpty();
        assertThat(bench.launcher.children()).hasSize(2);
    }

    // ---- the first lists in time

    private Bench serial() {
        Bench serial = Bench.with().profiles(memory).window(1).bench();
        serial.launcher.raising(child -> child.greetingWith(GREETING));
        return serial;
    }

    private static List<String> methods(FakeChild child) {
        return child.waiting().stream().map(Message.Request::method).toList();
    }

    // red when the timer of the start stops at the handshake
    @Test
    void aChildThatGivesNoneOfItsFirstListsInTheTimeForInitializeCouldNotBeStarted() {
        Bench serial = serial();
        FakeLink client = serial.client();
        client.type(call(1, "a"));
        FakeChild silent = serial.child();
        serial.pass(Timeouts.DEFAULT.initialize().minusMillis(100));
        assertThat(silent.endings()).isEmpty();
        assertThat(client.take()).isEmpty();

        serial.pass(Duration.ofMillis(100));
        assertThat(silent.endings()).containsExactly(new FakeChild.Ending(Duration.ZERO, Limits.DEFAULT.kill()));
        serial.pass(Duration.ofMillis(100));

        assertThat(client.take()).singleElement().satisfies(line -> {
            assertThat(code(line)).isEqualTo(-32012);
            assertThat(Rpc.data(line, "outcome")).isEqualTo("not-sent");
            assertThat(at(line, "error", "message")).contains("lists", "120 s");
        });
        assertThat(serial.launcher.attempts()).isEqualTo(1);
        assertThat(serial.mux.snapshot().child().failure()).isPresent();
    }

    // red when the first lists take no place in the window: the call's own time would pass while it waits for them
    @Test
    void aSerialChildIsGivenNoCallBeforeItHasGivenItsFirstLists() {
        Bench serial = serial();
        FakeLink client = serial.client();
        client.type(call(1, "a"));
        serial.pass(Duration.ofSeconds(100));
        assertThat(methods(serial.child())).containsExactly("tools/list", "prompts/list");
        assertThat(client.take()).isEmpty();
        serial.child().answerNext(TOOLS);
        assertThat(methods(serial.child())).containsExactly("prompts/list");
        serial.child().answerNext(PROMPTS);

        assertThat(methods(serial.child())).containsExactly("tools/call");
        serial.pass(Duration.ofSeconds(59));
        serial.child().answerNext("{}");
        assertThat(client.take()).containsExactly(result(1, "{}"));
    }

    // red when a child is ended for any list that is missing
    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void oneThatAnswersOtherThingsIsLeftAloneAndServesWithoutTheListThatIsMissing(int window) {
        Bench partial = Bench.with().profiles(memory).window(window).bench();
        partial.launcher.raising(child -> child.greetingWith(GREETING));
        FakeLink client = partial.client();
        client.type(call(1, "a"));
        partial.child().answerNext(TOOLS);
        Message.Request missing = partial.child().next();
        partial.pass(Duration.ofSeconds(50));
        if (window > 1) {
            partial.child().answerNext("{}");
        }
        partial.pass(Duration.ofSeconds(80));

        assertThat(partial.child().endings()).isEmpty();
        assertThat(memory.saved).hasSize(1);
        assertThat(memory.byDeclared.get(EVERYTHING).pages()).containsOnlyKeys("tools/list");
        if (window == 1) {
            partial.child().answerNext("{}");
        }
        assertThat(client.take()).containsExactly(result(1, "{}"));

        partial.child().answer(missing, "{\"prompts\":[1]}");
        assertThat(client.take()).containsExactly("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/prompts/list_changed\"}");
        assertThat(memory.byDeclared.get(EVERYTHING).pages()).hasSize(2);
    }

    @Test
    void zeroForInitializeWaitsForTheListsForEver() {
        Timeouts shipped = Timeouts.DEFAULT;
        Bench patient = Bench.with()
                .profiles(memory)
                .timeouts(new Timeouts(
                        shipped.request(), shipped.max(), shipped.total(), Duration.ZERO, shipped.grace(), Map.of(), Map.of()))
                .bench();
        patient.launcher.raising(child -> child.greetingWith(GREETING));
        patient.client();
        patient.pass(Duration.ofHours(3));

        assertThat(patient.child().endings()).isEmpty();
        assertThat(memory.saved).isEmpty();
    }

    @Test
    void aListThatIsAnsweredUnreadablyIsAnswered() {
        Bench serial = serial();
        FakeLink client = serial.client();
        client.type(call(1, "a"));
        serial.child().answerNext(TOOLS);
        serial.child().type("{\"jsonrpc\":\"2.0\",\"id\":" + serial.child().next().id() + ",\"result\":{},\"error\":{}}");

        assertThat(methods(serial.child())).containsExactly("tools/call");
        assertThat(memory.saved).hasSize(1);
    }
}
