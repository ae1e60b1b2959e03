package dev.mpx.proxy.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What others have changed after mpx is theirs. */
@Timeout(30)
class UninstallingTest {
    private static final String MPX = AgentsHome.MPX;

    @RegisterExtension
    final AgentsHome home = new AgentsHome();

    @Test
    void anAgentThatWritesItsFileAnewKeepsWhatItWrote() throws Exception {
        home.write(".claude.json", """
                {
                  "numStartups": 1,
                  "mcpServers": {"mempalace": {"command": "/v/mempalace-mcp"}}
                }
                """);
        home.install();
        home.write(".claude.json", """
                {
                  "mcpServers": {
                    "mempalace": {
                      "command": "%s",
                      "args": [
                        "--",
                        "/v/mempalace-mcp"
                      ]
                    },
                    "new": {
                      "command": "x"
                    }
                  },
                  "numStartups": 2
                }""".formatted(MPX));

        home.uninstall();

        assertThat(home.read(".claude.json")).isEqualTo("""
                {
                  "mcpServers": {
                    "mempalace": {
                      "command": "/v/mempalace-mcp"
                    },
                    "new": {
                      "command": "x"
                    }
                  },
                  "numStartups": 2
                }""");
    }

    @Test
    void argumentsThatWereAddedSinceStay() throws Exception {
        home.write(".gemini/settings.json", "{\"mcpServers\": {\"m\": {\"command\": \"uvx\", \"args\": [\"mempalace-mcp\"]}}}");
        home.write(".config/opencode/opencode.json",
                "{\"mcp\": {\"m\": {\"type\": \"local\", \"command\": [\"uvx\", \"mempalace-mcp\"]}}}");
        home.install();
        home.write(".gemini/settings.json", home.read(".gemini/settings.json")
                .replace("\"mempalace-mcp\"", "\"mempalace-mcp\", \"--palace\", \"/p\""));
        home.write(".config/opencode/opencode.json",
                home.read(".config/opencode/opencode.json").replace("\"mempalace-mcp\"", "\"mempalace-mcp\", \"--palace\", \"/p\""));

        home.uninstall();

        assertThat(home.read(".gemini/settings.json"))
                .isEqualTo("{\"mcpServers\": {\"m\": {\"command\": \"uvx\", \"args\": [\"mempalace-mcp\", \"--palace\", \"/p\"]}}}");
        assertThat(home.read(".config/opencode/opencode.json"))
                .isEqualTo("{\"mcp\": {\"m\": {\"type\": \"local\", \"command\": [\"uvx\", \"mempalace-mcp\", \"--palace\", \"/p\"]}}}");
    }

    @Test
    void anEntryThatStartsSomethingElseByNowIsLeftAlone() throws Exception {
        home.write(".gemini/settings.json", "{}\n");
        home.install();
        String theirs = home.read(".gemini/settings.json").replace(MPX, "/their/server");
        home.write(".gemini/settings.json", theirs);

        List<AgentPlan> plans = home.uninstalling();

        assertThat(AgentsHome.apply(plans)).isZero();
        assertThat(AgentsHome.notes(plans)).singleElement().asString().contains("starts something else now, so it was left alone");
        assertThat(home.read(".gemini/settings.json")).isEqualTo(theirs);
    }

    @Test
    void aFileThatMpxMadeStaysIfOthersHavePutSomethingInIt() throws Exception {
        home.install(Agent.CURSOR);
        home.write(".cursor/mcp.json", home.read(".cursor/mcp.json").replace("  \"mcpServers\"", "  \"theirs\": 1,\n  \"mcpServers\""));

        home.uninstall();

        assertThat(home.read(".cursor/mcp.json")).isEqualTo("{\n  \"theirs\": 1\n}\n");
    }

    @Test
    void severalInstallsComeBackAtOnce() throws Exception {
        String before = "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"mempalace-mcp\"}\n  }\n}\n";
        home.write(".gemini/settings.json", before);
        home.install();
        String more = "\"mcpServers\": {\n    \"b\": {\"command\": \"mempalace-mcp\", \"args\": [\"--palace\", \"/b\"]},";
        home.write(".gemini/settings.json", home.read(".gemini/settings.json").replace("\"mcpServers\": {", more));
        assertThat(home.install()).isEqualTo(1);

        home.uninstall();

        assertThat(home.read(".gemini/settings.json")).isEqualTo(before.replace("\"mcpServers\": {", more));
    }

    @Test
    void onlyTheAgentThatIsNamedComesBack() throws Exception {
        home.write(".gemini/settings.json", "{}");
        home.write(".cursor/mcp.json", "{}");
        home.install();

        home.uninstall(Agent.CURSOR);

        assertThat(home.read(".cursor/mcp.json")).isEqualTo("{}");
        assertThat(home.read(".gemini/settings.json")).contains(MPX);
    }

    @Test
    void aFileThatCantBeParsedByNowIsLeftAloneWithLineAndColumn() throws Exception {
        home.write(".gemini/settings.json", "{}");
        home.install();
        String broken = home.read(".gemini/settings.json") + "}";
        home.write(".gemini/settings.json", broken);

        List<AgentPlan> plans = home.uninstalling();

        assertThat(AgentsHome.apply(plans)).isZero();
        assertThat(AgentsHome.failures(plans)).singleElement().asString().contains("line 7, column 2: ")
                .contains("how it was before mpx is in ");
        assertThat(home.read(".gemini/settings.json")).isEqualTo(broken);
    }
}
