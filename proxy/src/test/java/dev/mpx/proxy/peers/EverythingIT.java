package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Eight clients of the TypeScript SDK and two of the Java SDK on one reference server. All of them
 * count their ids and progress tokens from the same number, so that one mix-up is enough to show.
 *
 * <p>The clients stay connected from the first test to the last, as agents do; the tests run in order.
 */
@RealPeers
@Timeout(90)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EverythingIT {

    private static final int TS_CLIENTS = 8;
    private static final int CALLS_EACH = 20;
    private static final String LONG_OPERATION = "trigger-long-running-operation";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<JavaPeer> javaPeers = new ArrayList<>();
    private Map<String, String> environment;
    private Path directory;
    private Path home;
    private Driver typescript;
    private Census servers;

    @BeforeAll
    void startEverybody(@TempDir Path directory) throws Exception {
        this.directory = directory;
        home = directory.resolve("home");
        environment = Installation.environment(directory);
        String server = Installation.nodeModule("@modelcontextprotocol/server-everything/dist/index.js")
                .toString();
        // The server ignores the last argument; it tells this test's server from any other's.
        String mark = home.toString();
        List<String> command = List.of(
                Installation.mpx().toString(), "--home", home.toString(),
                "--", Installation.node().toString(), server, "stdio", mark);
        servers = new Census(line -> line.get(0).endsWith("node") && line.contains(server) && line.contains(mark)
                && line.indexOf(server) == 1);
        typescript = Driver.start("everything.mjs", TS_CLIENTS, command, environment, directory);
        for (int i = 1; i <= 2; i++) {
            javaPeers.add(new JavaPeer("java-" + i, command, environment));
        }
    }

    @AfterAll
    void stopEverybody() throws Exception {
        javaPeers.forEach(JavaPeer::close);
        if (typescript != null) {
            typescript.close();
        }
        Run.mpx(environment, directory, "stop", "--home", home.toString());
        servers.close();
        threads.shutdownNow();
    }

    @Test
    @Order(1)
    void everyClientIsIntroducedToTheServerItself() {
        JsonNode opened = typescript.step("connect");
        List<String> javaServers = inAllJavaPeers(peer -> {
            peer.sdk().initialize();
            return peer.sdk().getServerInfo().name();
        });

        assertThat(opened.size()).isEqualTo(TS_CLIENTS);
        assertThat(texts(opened, "server")).containsOnly("mcp-servers/everything");
        assertThat(javaServers).containsOnly("mcp-servers/everything");
    }

    @Test
    @Order(2)
    void everybodySeesTheSameLists() {
        List<List<String>> javaTools = inAllJavaPeers(peer ->
                peer.sdk().listTools().tools().stream().map(Tool::name).toList());
        JsonNode lists = typescript.step("list");

        List<String> tools = texts(lists.get(0).get("tools"));
        assertThat(tools).contains("echo", "trigger-sampling-request", "trigger-elicitation-request");
        assertThat(javaTools).containsOnly(tools);
        for (JsonNode list : lists) {
            assertThat(texts(list.get("tools"))).isEqualTo(tools);
            for (String kind : List.of("prompts", "resources", "templates")) {
                assertThat(list.get(kind)).isNotEmpty().isEqualTo(lists.get(0).get(kind));
            }
        }
    }

    @Test
    @Order(3)
    void everyCallOfAStormGetsItsOwnAnswer() throws Exception {
        CompletableFuture<JsonNode> storm = typescript.begin("call", Map.of("times", CALLS_EACH));
        List<List<String>> echoes = inAllJavaPeers(peer -> IntStream.range(0, CALLS_EACH)
                .mapToObj(i -> peer.call("echo", Map.of("message", peer.name() + " ünï " + i)))
                .toList());

        JsonNode result = storm.get(60, TimeUnit.SECONDS);
        assertThat(result.get("wrong")).isEmpty();
        assertThat(result.get("calls").asInt()).isEqualTo(TS_CLIENTS * CALLS_EACH * 2);
        for (int peer = 0; peer < javaPeers.size(); peer++) {
            String own = "Echo: " + javaPeers.get(peer).name() + " ünï ";
            assertThat(echoes.get(peer))
                    .isEqualTo(IntStream.range(0, CALLS_EACH).mapToObj(i -> own + i).toList());
        }
    }

    @Test
    @Order(4)
    void progressReachesTheCallerAloneAndInOrder() throws Exception {
        CompletableFuture<JsonNode> running = typescript.begin("progress", Map.of("seconds", 1));
        // The token is the same in both, and a number that the TypeScript clients use too, as text.
        inAllJavaPeers(peer -> peer.call(LONG_OPERATION, Map.of("duration", 1, "steps", javaSteps(peer)), "7"));

        for (JsonNode client : running.get(30, TimeUnit.SECONDS)) {
            int total = client.get("total").asInt();
            assertThat(client.get("text").asString()).contains("Steps: " + total);
            assertThat(client.get("seen").toString()).as(client.get("client").asString())
                    .isEqualTo(IntStream.rangeClosed(1, total)
                            .mapToObj(i -> "{\"progress\":" + i + ",\"total\":" + total + "}")
                            .toList().toString().replace(" ", ""));
        }
        for (JavaPeer peer : javaPeers) {
            int total = javaSteps(peer);
            // The Java SDK hands notifications on by other threads: neither in order nor before the response.
            await().atMost(Duration.ofSeconds(5)).until(() -> peer.progress().size() >= total);
            assertThat(peer.progress()).extracting(ProgressNotification::total).containsOnly((double) total);
            assertThat(peer.progress()).extracting(ProgressNotification::progress)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.rangeClosed(1, total).mapToObj(Double::valueOf).toList());
            assertThat(peer.progress()).extracting(ProgressNotification::progressToken).containsOnly("7");
        }
    }

    @Test
    @Order(5)
    void aSampleIsAskedOfTheCallerAlone() {
        JsonNode result = typescript.step("sample");

        for (JsonNode turn : result.get("turns")) {
            String name = turn.get("client").asString();
            assertThat(turn.get("text").asString()).contains("sampled by " + name + "\"", "model of " + name);
        }
        for (JsonNode client : result.get("asked")) {
            assertThat(texts(client.get("prompts"))).singleElement().asString()
                    .endsWith("a question of " + client.get("client").asString());
        }
        for (JavaPeer peer : javaPeers) {
            assertThat(peer.sampled()).isZero();
            assertThat(peer.callThatAsks("trigger-sampling-request", Map.of("prompt", "?")))
                    .contains("sampled by " + peer.name() + "\"");
            assertThat(peer.sampled()).isBetween(1, 1 + peer.asksLost());
        }
    }

    @Test
    @Order(6)
    void theUserOfTheCallerAloneIsAsked() {
        JsonNode result = typescript.step("elicit");

        for (JsonNode turn : result.get("turns")) {
            assertThat(turn.get("text").asString())
                    .contains("Name: user of " + turn.get("client").asString() + "\n");
        }
        assertThat(result.get("asked")).allSatisfy(client ->
                assertThat(client.get("times").asInt()).isEqualTo(1));
        for (JavaPeer peer : javaPeers) {
            assertThat(peer.elicited()).isZero();
            assertThat(peer.callThatAsks("trigger-elicitation-request", Map.of()))
                    .contains("Name: user of " + peer.name() + "\n");
            assertThat(peer.elicited()).isBetween(1, 1 + peer.asksLost());
        }
    }

    @Test
    @Order(7)
    void aSampleThatCouldBeForEitherOfTwoIsAskedOfNobody() {
        JsonNode result = typescript.step("ambiguous");

        assertThat(result.get("isError").asBoolean()).as(result.toString()).isTrue();
        assertThat(result.get("asked")).isEmpty();
    }

    @Test
    @Order(8)
    void updatesOfAResourceReachItsSubscribersAlone() {
        JsonNode result = typescript.step("subscribe");

        String mine = result.get("mine").asString();
        String theirs = result.get("theirs").asString();
        for (int client = 1; client <= TS_CLIENTS; client++) {
            List<String> during = texts(result.get("during").get("ts-" + client));
            List<String> after = texts(result.get("after").get("ts-" + client));
            switch (client) {
                case 1 -> {
                    assertThat(during).isNotEmpty().containsOnly(mine);
                    assertThat(after).isEmpty();
                }
                case 3 -> {
                    assertThat(during).isNotEmpty().containsOnly(theirs);
                    assertThat(after).isNotEmpty().containsOnly(theirs);
                }
                default -> assertThat(List.of(during, after)).as("ts-" + client).containsOnly(List.of());
            }
        }
    }

    @Test
    @Order(9)
    void everySessionGetsLogMessagesByItsOwnLevel() {
        JavaPeer quiet = javaPeers.get(0);
        quiet.sdk().setLoggingLevel(LoggingLevel.EMERGENCY);
        int before = quiet.levels().size();

        JsonNode result = typescript.step("logging");
        quiet.call("echo", Map.of("message", "a round trip, so that all has arrived"));

        assertThat(texts(result.get("sent"))).contains("debug");
        assertThat(texts(result.get("errors"))).isNotEmpty();
        assertThat(texts(result.get("second"))).isEqualTo(texts(result.get("errors")));
        assertThat(texts(result.get("third"))).isEqualTo(texts(result.get("fromInfo")));
        assertThat(quiet.levels().subList(before, quiet.levels().size()))
                .allMatch("EMERGENCY"::equals);
    }

    @Test
    @Order(10)
    void aCancelledCallDisturbsNobodyElse() {
        JsonNode result = typescript.step("cancel", Map.of("seconds", 2));

        assertThat(result.get("ended").asString()).isEqualTo("aborted");
        assertThat(result.get("after").asString()).isEqualTo("Echo: still here");
        assertThat(result.get("others")).hasSize(TS_CLIENTS - 1).allSatisfy(other ->
                assertThat(other.get("text").asString()).startsWith("Long running operation completed"));
    }

    /** The specification tells a server not to answer a cancelled request: its place must come back without. */
    @Test
    @Order(11)
    void cancelledCallsThatAreNeverAnsweredDoNotUseUpTheServer() {
        JsonNode result = typescript.step("giveUp", Map.of("calls", 20));

        assertThat(result.get("text").asString()).isEqualTo("Echo: my turn");
    }

    @Test
    @Order(12)
    void nothingThatWasNotAskedForReachedAnyClient() {
        assertThat(typescript.step("violations")).isEmpty();
    }

    @Test
    @Order(13)
    void oneServerProcessServedThemAll() {
        assertThat(servers.seen()).hasSize(1).isEqualTo(servers.running());
    }

    private static int javaSteps(JavaPeer peer) {
        return peer.name().endsWith("1") ? 21 : 22;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static List<String> texts(JsonNode array, String member) {
        return array.valueStream().map(node -> node.get(member).asString()).toList();
    }

    /** Has all Java peers do a thing at once, and gives what came of it in their order. */
    private <T> List<T> inAllJavaPeers(Function<JavaPeer, T> act) {
        List<Callable<T>> tasks = javaPeers.stream().<Callable<T>>map(peer -> () -> act.apply(peer)).toList();
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(tasks)) {
                results.add(done.get());
            }
            return results;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
