package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** docs/settings.md: what a user says of a server, in the packaged program. */
@Timeout(180)
class ProfileIT {
    private static final String SAID = "Takes this or that. At least one of these must hold: (1) `this` is given; (2) `that` is given.";

    @RegisterExtension
    final UserHome user = new UserHome();

    private void settings(String toml) throws IOException {
        Files.writeString(Files.createDirectories(user.home()).resolve("mpx.toml"), toml);
    }

    private static Json either(McpClient client, String params) throws IOException {
        return client.request("tools/list", params).result("tools").elements().stream()
                .filter(tool -> tool.at("name").text().equals("either"))
                .findFirst()
                .orElseThrow();
    }

    private static void assertFlat(Json tool) {
        assertThat(tool.at("inputSchema").has("anyOf")).isFalse();
        assertThat(tool.at("inputSchema", "properties").has("that")).isTrue();
        assertThat(tool.at("description").text()).isEqualTo(SAID);
    }

    @Test
    void schemasAreFlatInEveryListAClientGetsAndTheStatusNamesTheTools() throws Exception {
        settings("[child]\nrewrite_schemas = true\n");
        List<String> server = slowWhenKnown();
        try (McpClient agent = user.agent(server).open(); McpClient second = user.session(server)) {
            agent.initialize();
            assertFlat(either(agent, "{}"));
            assertFlat(either(second, "{}"));
            assertThat(agent.callTool("either", "{\"that\":\"x\"}").get().text()).isEqualTo("{\"that\":\"x\"}");
            assertThat(user.status().stdout()).contains("schemas   rewritten for model APIs: either");
            assertThat(user.statusJson().at("schemas").toString()).isEqualTo("{\"rewrite\":true,\"rewritten\":[\"either\"]}");
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(user.home().resolve("profile.json")));
        }
        assertThat(user.stop().status()).isZero();
        Files.createFile(user.directory().resolve("slow"));

        try (McpClient agent = user.agent(server).open()) {
            agent.initialize();
            assertFlat(either(agent, "{}"));
            assertThat(user.statusJson().at("child", "state").text()).isEqualTo("starting");
            assertThat(user.statusJson().at("schemas", "rewritten").toString()).isEqualTo("[\"either\"]");
        }
    }

    /** Its first client is told nothing of the start that failed. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aServerThatMindsSocketsHasPipesBeforeAnybodyIsToldOfIt() throws Exception {
        List<String> minds = new ArrayList<>(List.of("/bin/sh", "-c", "[ -p /proc/$$/fd/0 ] || exit 3; exec \"$@\"", "server"));
        minds.addAll(ScriptedServer.command());
        try (McpClient agent = user.agent(minds).open()) {
            agent.initialize();
            assertThat(agent.callTool("echo", "{\"text\":\"piped\"}").get().isError()).isFalse();
        }
        assertThat(stdinOf(minds)).startsWith("pipe:");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aServerHasSocketsUnlessItsSettingsSayPipes() throws Exception {
        List<String> server = ScriptedServer.command();
        assertThat(stdinOf(server)).startsWith("socket:");
        assertThat(user.stop().status()).isZero();
        settings("[child]\nsockets = false\n");
        assertThat(stdinOf(server)).startsWith("pipe:");
    }

    private String stdinOf(List<String> server) throws Exception {
        try (McpClient agent = user.agent(server).open()) {
            agent.initialize();
            return Files.readSymbolicLink(Path.of("/proc/" + user.statusJson().at("child", "pid").integer() + "/fd/0")).toString();
        }
    }

    /** The same command line each time; it takes 20 s to start while there is a file "slow". */
    private static List<String> slowWhenKnown() {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c",
                "if [ -e \"$HOME/slow\" ]; then set -- \"$@\" --start-delay 20000; fi; exec \"$@\"", "server"));
        command.addAll(ScriptedServer.command());
        return command;
    }

    @Test
    void schemasAreFlatOnFurtherPages() throws Exception {
        settings("[child]\nrewrite_schemas = true\n");
        try (McpClient agent = user.agent(ScriptedServer.command("--page-size", "1")).open()) {
            agent.initialize();
            String cursor = "{}";
            while (true) {
                JsonResponse page = agent.request("tools/list", cursor);
                Json tool = page.result("tools").elements().get(0);
                if (tool.at("name").text().equals("either")) {
                    assertThat(cursor).contains("cursor");
                    assertFlat(tool);
                    return;
                }
                cursor = "{\"cursor\":" + page.result("nextCursor") + "}";
            }
        }
    }

    @Test
    void otherwiseTheyAreWhatTheServerSays() throws Exception {
        try (McpClient agent = user.session(ScriptedServer.command())) {
            assertThat(either(agent, "{}").at("inputSchema").has("anyOf")).isTrue();
            assertThat(user.status().stdout()).doesNotContain("schemas", "polls");
            assertThat(user.statusJson().at("schemas").toString()).isEqualTo("{\"rewrite\":false,\"rewritten\":[]}");
        }
    }

    // red when the cap is not added, and when it is not put in the place of a longer time
    @Test
    void aLongPollHoldsNobodyLongerThanItsCap() throws Exception {
        settings("""
                [child]
                window = 1
                [profile.polls]
                await_event = { argument = "timeout_ms", most = "0.5s" }
                """);
        List<String> server = ScriptedServer.command("--serial");
        try (McpClient waits = user.session(server); McpClient works = user.session(server)) {
            waits.request("tools/list", "{}");
            CompletableFuture<JsonResponse> long1 = waits.callTool("await_event", "{\"timeout_ms\":300000}");
            CompletableFuture<JsonResponse> long2 = waits.callTool("await_event", "{}");
            CompletableFuture<JsonResponse> brief = waits.callTool("await_event", "{\"timeout_ms\":1}");
            CompletableFuture<JsonResponse> echo = works.callTool("echo", "{\"text\":\"in between\"}");

            assertThat(works.await(echo).text()).isEqualTo("in between");
            for (CompletableFuture<JsonResponse> each : List.of(long1, long2)) {
                assertThat(waits.await(each).text()).isEqualTo("{\"timed_out\":true,\"events\":[],\"timeout_ms\":500}");
            }
            assertThat(waits.await(brief).text()).contains("\"timeout_ms\":1}");
            assertThat(user.status().stdout()).contains("polls     await_event waits 0.5 s at most (2 calls cut short)");
            assertThat(user.statusJson().at("polls").toString())
                    .isEqualTo("[{\"tool\":\"await_event\",\"mostMs\":500,\"capped\":2}]");
        }
    }

    @Test
    void aProfileThatMakesNoSenseIsAnErrorThatNamesFileAndLine() throws Exception {
        settings("[profile]\nreads = [\"a\"]\nwindow = 1\n");

        List<String> words = new ArrayList<>(List.of("ensure"));
        words.addAll(user.words(ScriptedServer.command()));
        Run ensure = user.mpx(words.toArray(String[]::new));

        assertThat(ensure.status()).isNotZero();
        assertThat(ensure.stderr()).contains("[profile] window in " + user.home().resolve("mpx.toml") + ", line 3", "[child] window");
    }
}
