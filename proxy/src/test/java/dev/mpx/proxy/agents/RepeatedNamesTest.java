package dev.mpx.proxy.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A name that stands more than once in a JSON object: agents take the last, so it is that which is looked at, changed and restored. */
@Timeout(30)
class RepeatedNamesTest {
    private static final String FILE = ".gemini/settings.json";
    private static final String MPX = AgentsHome.MPX;

    @RegisterExtension
    final AgentsHome home = new AgentsHome("mempalace-mcp");

    static Stream<Arguments> repeated() {
        return Stream.of(
                arguments("""
                        {
                          "mcpServers": {
                            "mempalace": {"command": "mempalace-mcp", "timeout": 1},
                            "other": {"command": "x"},
                            "mempalace": {"command": "mempalace-mcp", "timeout": 2} // the last
                          }
                        }
                        """, "\"mempalace-mcp\", \"timeout\": 2", "\"" + MPX + "\", \"timeout\": 2", "mcpServers.mempalace", "3, 5"),
                arguments("""
                        {
                          "mcpServers": {"mempalace": {"command": "mempalace-mcp", "a": 1}},
                          "mcpServers": {"mempalace": {"command": "mempalace-mcp", "b": 1}}
                        }
                        """, "\"mempalace-mcp\", \"b\"", "\"" + MPX + "\", \"b\"", "mcpServers", "2, 3"),
                arguments("""
                        {
                          "mcpServers": {"mempalace": {
                            "command": "docker",
                            "command": "mempalace-mcp",
                            "args": []
                          }}
                        }
                        """, "\"mempalace-mcp\"", "\"" + MPX + "\"", "mcpServers.mempalace.command", "3, 4"));
    }

    private ConfigSurvey survey() {
        return Agents.survey(home.environment()).get(0).files().get(0);
    }

    /** Red when a look takes in entries that do not count. */
    @ParameterizedTest
    @MethodSource("repeated")
    void theLastIsChangedAndAllComesBack(String before, String found, String replaced, String name, String lines) throws Exception {
        home.write(FILE, before);
        assertThat(survey().bare()).as("one counts").hasSize(1);

        List<AgentPlan> plans = home.installing();

        assertThat(AgentsHome.apply(plans)).isEqualTo(1);
        assertThat(home.read(FILE)).isEqualTo(before.replace(found, replaced));
        assertThat(AgentsHome.notes(plans)).singleElement().asString()
                .contains(name + " stands there 2 times (lines " + lines + ")", "agents take the last");
        assertThat(survey().bare()).as("doctor has nothing to say").isEmpty();
        assertThat(survey().shared()).hasSize(1);
        assertThat(survey().repeated()).singleElement().asString().startsWith(name + " stands there 2 times");
        assertThat(home.install()).as("a second run changes nothing").isZero();
        home.uninstall();
        assertThat(home.read(FILE)).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("repeated")
    void afterSomebodyElsesEditItsOwnChangeComesBackAndTheEditStays(String before, String found, String replaced, String name, String lines)
            throws Exception {
        home.write(FILE, before);
        home.install();
        home.write(FILE, home.read(FILE) + "// mine\n");

        home.uninstall();

        assertThat(home.read(FILE)).isEqualTo(before + "// mine\n");
    }

    @Test
    void anEntryThatDoesNotCountIsNone() throws Exception {
        String before = "{\"mcpServers\": {\"m\": {\"command\": \"mempalace-mcp\"}, \"m\": {\"url\": \"http://localhost\"}}}\n";
        home.write(FILE, before);

        List<AgentPlan> plans = home.installing();
        AgentsHome.apply(plans);

        assertThat(AgentsHome.notes(plans)).singleElement().asString().contains("mcpServers.m stands there 2 times");
        assertThat(survey().bare()).isEmpty();
        assertThat(home.read(FILE)).contains("\"command\": \"mempalace-mcp\"").contains("\"mempalace\": {");
        home.uninstall();
        assertThat(home.read(FILE)).isEqualTo(before);
    }

    @Test
    void ofHooksTheLastCount() throws Exception {
        String before = "{\"hooks\": {\"A\": [{\"command\": \"mempalace mine a\"}]}, \"hooks\": {\"A\": [{\"command\": \"x\","
                + " \"command\": \"mempalace mine b\"}]}, \"mcpServers\": {\"m\": {\"command\": \"mpx\"}}}\n";
        home.write(FILE, before);

        assertThat(home.install()).isEqualTo(1);

        assertThat(home.read(FILE)).isEqualTo(before.replace("mempalace mine b", MPX + " run --detach -- mempalace mine b"));
        assertThat(survey().hooks()).isEmpty();
        home.uninstall();
        assertThat(home.read(FILE)).isEqualTo(before);
    }

    @Test
    void aTableOfTomlThatIsWrittenInSeveralPlacesIsNoRepetition() throws Exception {
        home.write(".codex/config.toml", "[mcp_servers.a]\ncommand = \"mempalace-mcp\"\n[mcp_servers.b]\ncommand = \"x\"\n"
                + "[mcp_servers.a.env]\nA = \"1\"\n");

        assertThat(AgentsHome.notes(home.installing())).isEmpty();
    }
}
