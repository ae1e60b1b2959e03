package dev.mpx.proxy.mux;

import static dev.mpx.proxy.mux.Bench.EVERYTHING;
import static dev.mpx.proxy.mux.Bench.NEWEST;
import static dev.mpx.proxy.mux.Rpc.call;
import static dev.mpx.proxy.mux.Rpc.notification;
import static dev.mpx.proxy.mux.Rpc.request;
import static dev.mpx.proxy.mux.Rpc.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Issue 6: schemas that model APIs accept, by whatever way a list of tools gets to a client. */
class FlatListsTest {
    private static final String GIVEN = "{\"tools\":[{\"name\":\"plain\",\"inputSchema\":{\"type\":\"object\"}},"
            + "{\"name\":\"odd\",\"inputSchema\":{\"type\":\"object\",\"allOf\":[{\"required\":[\"x\"]}]}}],\"nextCursor\":\"c\"}";
    private static final String FLAT = "{\"tools\":[{\"name\":\"plain\",\"inputSchema\":{\"type\":\"object\"}},"
            + "{\"name\":\"odd\",\"inputSchema\":{\"type\":\"object\",\"required\":[\"x\"]}}],\"nextCursor\":\"c\"}";
    private static final String GREETING = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}}}";

    /** Remembers what it is told, and knows the list. */
    private static final class Memory implements Profiles {
        private final List<Profile> saved = new ArrayList<>();

        @Override
        public Optional<Profile> load(byte[] declared) {
            return Optional.of(new Profile(bytes(result(1, GREETING)), Map.of("tools/list", bytes(GIVEN))));
        }

        @Override
        public void save(byte[] declared, Profile profile) {
            saved.add(profile);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> rewritten(Bench bench) {
        return bench.mux.snapshot().adapted().schemas();
    }

    @Test
    void aFreshListAndACachedOneAreFlat() {
        Bench bench = Bench.with().stableLists().flatSchemas().bench();
        FakeLink client = bench.client();
        assertThat(rewritten(bench)).isEmpty();
        client.type(request("\"a\"", "tools/list", "{}"));
        bench.child().answerNext(GIVEN);
        client.type(request(2, "tools/list", "{}"));

        assertThat(client.take()).containsExactly(result("\"a\"", FLAT), result(2, FLAT));
        assertThat(bench.child().waiting()).isEmpty();
        assertThat(rewritten(bench)).containsExactly("odd");
    }

    @Test
    void aFurtherPageIsFlat() {
        Bench bench = Bench.with().stableLists().flatSchemas().bench();
        FakeLink client = bench.client();
        client.type(request(1, "tools/list", "{\"cursor\":\"c\"}"));
        bench.child().answerNext(GIVEN);

        assertThat(client.take()).containsExactly(result(1, FLAT));
    }

    @Test
    void aListOfAServerThatAnnouncesNothingIsFlat() {
        Bench bench = Bench.with().flatSchemas().bench();
        FakeLink client = bench.client();
        client.type(request(1, "tools/list", "{}"));
        bench.child().answerNext(GIVEN);
        client.type("[" + request(2, "tools/list", "{}") + "]");

        assertThat(client.take()).first().isEqualTo(result(1, FLAT));
    }

    // red when ListCache.recall keeps the page as it is
    @Test
    void whatIsRememberedOfAnEarlierServerIsFlatAndKeptAsItWas() {
        Memory memory = new Memory();
        Bench bench = Bench.with().flatSchemas().profiles(memory).bench();
        bench.launcher.raising(FakeChild::notGreeting);
        FakeLink client = bench.client(NEWEST, EVERYTHING);
        client.type(request(1, "tools/list", "{}"));
        assertThat(client.take()).containsExactly(result(1, FLAT));
        assertThat(rewritten(bench)).containsExactly("odd");

        bench.pass(Duration.ofSeconds(20));
        bench.child().answerNext(GREETING);
        bench.child().answerNext(GIVEN);

        assertThat(client.take()).as("nothing has changed").isEmpty();
        assertThat(memory.saved).singleElement().satisfies(
                profile -> assertThat(new String(profile.pages().get("tools/list"), StandardCharsets.UTF_8)).isEqualTo(GIVEN));
        assertThat(rewritten(bench)).containsExactly("odd");
    }

    @Test
    void aNewChildAndAChangeOfTheListForgetWhatWasRewritten() {
        Bench bench = Bench.with().stableLists().flatSchemas().bench();
        FakeLink client = bench.client();
        client.type(request(1, "tools/list", "{}"));
        bench.child().answerNext(GIVEN);
        bench.child().type(notification("notifications/tools/list_changed", "{}"));
        assertThat(rewritten(bench)).isEmpty();

        client.type(request(2, "tools/list", "{}"));
        bench.child().answerNext(GIVEN);
        bench.child().exit(1);
        client.type(call(3, "wake"));
        bench.settle();
        assertThat(rewritten(bench)).isEmpty();
    }

    @Test
    void whereItIsNotAskedForNothingIsTouched() {
        Bench bench = new Bench();
        FakeLink client = bench.client();
        client.type(request(1, "tools/list", "{}"));
        bench.child().answerNext(GIVEN);

        assertThat(client.take()).containsExactly(result(1, GIVEN));
        assertThat(bench.mux.snapshot().adapted().flatSchemas()).isFalse();
    }

    @Test
    void otherListsAreNotTouched() {
        Bench bench = Bench.with().stableLists().flatSchemas().bench();
        FakeLink client = bench.client();
        client.type(request(1, "prompts/list", "{}"));
        bench.child().answerNext(GIVEN);

        assertThat(client.take()).containsExactly(result(1, GIVEN));
    }
}
