package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What mpx makes of the real MemPalace's tools, as a client of it sees them. */
@RealPeers
@Timeout(120)
class PalaceProfileIT {

    private static final String SAID = "At least one of these must hold: (1) `entry` is given; (2) `content` is given.";

    @TempDir
    Path directory;

    private Map<String, String> environment;
    private Path palace;
    private Path alias;

    /** 3.4.0 alone has a schema that model APIs reject. */
    @ParameterizedTest
    @CsvSource({"current, 0", "3.4.0, 1", "3.3.6, 0"})
    void noSchemaHasACombinatorAtItsRoot(String version, int rewritten) throws Exception {
        arrange(version, "");

        try (Driver agent = startAgents(1)) {
            agent.step("connect");
            List<String> odd = new ArrayList<>();
            int tools = 0;
            for (JsonNode tool : agent.step("schemas")) {
                assertThat(tool.get("root").toString()).contains("\"type\"", "\"properties\"").doesNotContain("anyOf", "oneOf", "allOf");
                if (tool.get("description").asString().endsWith(SAID)) {
                    odd.add(tool.get("name").asString());
                }
                tools++;
            }

            assertThat(tools).isGreaterThan(25);
            assertThat(odd).isEqualTo(rewritten == 0 ? List.of() : List.of("mempalace_diary_write"));
            String line = "schemas   rewritten for model APIs: mempalace_diary_write";
            assertThat(status().contains(line)).isEqualTo(rewritten > 0);
        }
    }

    @Test
    void whereThatIsSwitchedOffTheSchemaIsTheServersOwn() throws Exception {
        arrange("3.4.0", "[child]\nrewrite_schemas = false\n");

        try (Driver agent = startAgents(1)) {
            agent.step("connect");
            assertThat(agent.step("schemas").toString()).contains("anyOf").doesNotContain(SAID);
        }
    }

    /** It would wait for five minutes, and everybody else with it. */
    @Test
    void aWaitForAnEventEndsAtItsCapAsIfNothingHadHappened() throws Exception {
        arrange("current", "[profile.polls]\nmempalace_event_wait = \"3s\"\n");

        try (Driver agents = startAgents(2)) {
            agents.step("connect");
            JsonNode took = agents.step("wait");

            assertThat(took.get("waited").get("text").asString()).contains("\"timed_out\": true", "\"events\": []");
            assertThat(took.get("waited").get("ms").asInt()).isBetween(2_500, 30_000);
            assertThat(took.get("worked").get("ms").asInt()).isLessThan(30_000);
            assertThat(status()).contains("polls     mempalace_event_wait waits 3.0 s at most (1 call cut short)");
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (alias != null) {
            Run.mpx(environment, directory, "stop", "--palace", palace.toString());
            Files.delete(alias);
        }
    }

    private void arrange(String version, String settings) throws IOException {
        palace = directory.resolve("palace");
        alias = Files.createDirectories(directory.resolve("bin")).resolve("mempalace-mcp");
        Files.createSymbolicLink(alias, Installation.mpx());
        environment = Installation.environment(directory, alias.getParent(), Installation.mempalace(version));
        Files.writeString(Files.createDirectories(directory.resolve("palace.mpx")).resolve("mpx.toml"), settings);
    }

    private Driver startAgents(int count) throws IOException {
        List<String> server = List.of(alias.toString(), "--palace", palace.toString());
        return Driver.start("palace.mjs", count, server, environment, directory);
    }

    private String status() throws Exception {
        return Run.mpx(environment, directory, "status", "--palace", palace.toString()).stdout();
    }
}
