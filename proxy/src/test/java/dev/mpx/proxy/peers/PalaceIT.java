package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The real MemPalace behind mpx, with the configuration that mpx is made for: the agents start
 * {@code mempalace-mcp}, which is mpx under that name, first on their path.
 */
@RealPeers
@Timeout(120)
class PalaceIT {

    private static final int AGENTS = 4;
    private static final int FACTS_EACH = 15;

    @TempDir
    Path directory;

    private Map<String, String> environment;
    private Path palace;
    private Path alias;

    @ParameterizedTest
    @ValueSource(strings = {"current", "3.4.0", "3.3.6"})
    void whatFourAgentsAddAtOnceIsAllFoundAgain(String version) throws Exception {
        arrange(version);
        Map<String, Object> added = Map.of("agents", AGENTS, "facts", FACTS_EACH);

        try (Census servers = new Census(this::isPalaceServer);
                Driver agents = startAgents(AGENTS)) {
            agents.step("connect");
            for (JsonNode list : agents.step("list")) {
                assertThat(list.get("tools").toString()).contains("mempalace_kg_add", "mempalace_kg_query");
            }
            JsonNode sum = agents.step("add", Map.of("facts", FACTS_EACH));
            assertThat(sum.get("failed")).isEmpty();
            assertThat(sum.get("unread")).isEmpty();
            assertThat(sum.get("added").asInt()).isEqualTo(AGENTS * (FACTS_EACH + 1));
            assertThat(agents.step("find", added).get("missing")).isEmpty();
            assertThat(agents.step("violations")).isEmpty();
            assertThat(servers.seen()).hasSize(1).isEqualTo(servers.running());
        }
        stopAndSeeTheServerGone();

        try (Census servers = new Census(this::isPalaceServer);
                Driver newcomer = startAgents(1)) {
            newcomer.step("connect");
            assertThat(newcomer.step("find", added).get("missing")).isEmpty();
            assertThat(servers.seen()).hasSize(1);
        }
        stopAndSeeTheServerGone();

        JsonNode audit = audit(version);
        assertThat(audit.get("integrity").toString()).isEqualTo("[\"ok\"]");
        assertThat(audit.get("facts").get("everybody").asInt()).isEqualTo(AGENTS);
        for (int agent = 1; agent <= AGENTS; agent++) {
            assertThat(audit.get("facts").get("agent-" + agent).asInt()).isEqualTo(FACTS_EACH);
        }
        assertThat(filesBelow(directory)).noneMatch(file -> file.contains(".corrupt") || file.contains(".drift"));
    }

    @AfterEach
    void stop() throws Exception {
        if (alias != null) {
            Run.mpx(environment, directory, "stop", "--palace", palace.toString());
            Files.delete(alias);
        }
    }

    private void arrange(String version) throws IOException {
        palace = directory.resolve("palace");
        alias = Files.createDirectories(directory.resolve("bin")).resolve("mempalace-mcp");
        Files.createSymbolicLink(alias, Installation.mpx());
        environment = Installation.environment(directory, alias.getParent(), Installation.mempalace(version));
    }

    private Driver startAgents(int count) throws IOException {
        List<String> server = List.of(alias.toString(), "--palace", palace.toString());
        return Driver.start("palace.mjs", count, server, environment, directory);
    }

    /** The server is a python that runs the script of that name on this test's palace. */
    private boolean isPalaceServer(List<String> line) {
        return line.size() > 1
                && Path.of(line.get(0)).getFileName().toString().startsWith("python")
                && line.get(1).endsWith("/mempalace-mcp")
                && line.contains(palace.toString());
    }

    private void stopAndSeeTheServerGone() throws Exception {
        Run stop = Run.mpx(environment, directory, "stop", "--palace", palace.toString());
        assertThat(stop.status()).as(stop.stderr()).isZero();
        try (Census servers = new Census(this::isPalaceServer)) {
            await().atMost(Duration.ofSeconds(5)).until(() -> servers.running().isEmpty());
        }
    }

    private JsonNode audit(String version) throws Exception {
        Run audit = Run.program(environment, directory, List.of(
                Installation.mempalace(version).resolve("python3").toString(),
                Installation.driver("audit.py").toString(),
                palace.resolve("knowledge_graph.sqlite3").toString()));
        assertThat(audit.status()).as(audit.stderr()).isZero();
        return new JsonMapper().readTree(audit.stdout());
    }

    private static List<String> filesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(Path::toString).toList();
        }
    }
}
