package dev.mpx.proxy.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.mpx.proxy.agents.text.JsonDocument;
import dev.mpx.proxy.agents.text.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rules that are the same for all agents. */
@Timeout(30)
class InstallingTest {
    private static final String MPX = AgentsHome.MPX;
    private static final String BARE = "{\"mcpServers\": {\"mempalace\": {\"command\": \"mempalace-mcp\"}}}\n";

    @RegisterExtension
    final AgentsHome home = new AgentsHome();

    @Test
    void whatIsNestedTooDeepIsNamedWithItsPlaceInPlainWords() {
        assertThatThrownBy(() -> JsonDocument.parse("{\n \"a\": " + "[".repeat(1100))).asInstanceOf(type(Unreadable.class))
                .satisfies(fault -> assertThat(List.of(fault.line(), fault.column(), fault.getMessage()))
                        .isEqualTo(List.of(2, 1006, "this is nested too deep")));
    }

    @Test
    void aLinkThatLeadsToItselfIsNamedOnce(@TempDir Path directory) throws Exception {
        Path link = directory.resolve("loop");
        Files.createSymbolicLink(link, link);
        assertThatThrownBy(() -> ConfigFile.read(link)).asInstanceOf(type(IOException.class))
                .satisfies(e -> assertThat(Reason.of(e, link)).isNotEmpty().doesNotContain(link.toString()));
    }

    @Test
    void aPlanAloneChangesNothing() throws Exception {
        home.write(".gemini/settings.json", BARE);

        assertThat(home.installing()).singleElement().satisfies(plan -> assertThat(plan.edits()).hasSize(1));

        assertThat(home.read(".gemini/settings.json")).isEqualTo(BARE);
        assertThat(home.user.resolve(".local")).doesNotExist();
    }

    @Test
    void onlyAgentsThatAreHereAreChanged() throws Exception {
        home.program("gemini");
        Files.createDirectories(home.user.resolve(".cursor"));
        Files.createDirectories(home.user.resolve(".claude"));
        home.write(".pi/agent/mcp.json", "{}");

        assertThat(home.installing()).extracting(AgentPlan::agent).containsExactly(Agent.CLAUDE, Agent.GEMINI, Agent.CURSOR, Agent.PI);
    }

    @Test
    void aFileThatCantBeParsedIsLeftAloneWithLineAndColumnAndTheOthersGoOn() throws Exception {
        String broken = "{\n  \"mcpServers\": {\n    \"mempalace\": }\n  }\n}\n";
        home.write(".claude.json", broken);
        home.write(".codex/config.toml", "a = 1\n[mcp_servers.x\ncommand = \"mempalace-mcp\"\n");
        home.write(".gemini/settings.json", BARE);

        List<AgentPlan> plans = home.installing();
        AgentsHome.apply(plans);

        assertThat(AgentsHome.failures(plans)).hasSize(2)
                .anySatisfy(failure -> assertThat(failure).contains(".claude.json can't be read: line 3, column 18: "))
                .anySatisfy(failure -> assertThat(failure).contains("config.toml can't be read: line 2, column 15: "));
        assertThat(home.read(".claude.json")).isEqualTo(broken);
        assertThat(home.read(".gemini/settings.json")).contains(MPX);
        assertThat(Agents.survey(home.environment())).filteredOn(found -> found.agent() == Agent.CLAUDE).singleElement()
                .satisfies(found -> assertThat(found.files().get(0).fault()).hasValueSatisfying(fault -> {
                    assertThat(fault.line()).isEqualTo(3);
                    assertThat(fault.column()).isEqualTo(18);
                }));
    }

    @Test
    void whatIsNoObjectIsLeftAlone() throws Exception {
        home.write(".gemini/settings.json", "{\n  \"mcpServers\": []\n}\n");
        home.write(".cursor/mcp.json", "[1]");
        home.write(".codex/config.toml", "mcp_servers = 3\n");

        List<AgentPlan> plans = home.installing();

        assertThat(AgentsHome.apply(plans)).isZero();
        assertThat(AgentsHome.failures(plans)).hasSize(3)
                .anySatisfy(failure -> assertThat(failure).contains("line 2, column 17: \"mcpServers\" should be an object"))
                .anySatisfy(failure -> assertThat(failure).contains("line 1, column 1: a JSON object was expected"))
                .anySatisfy(failure -> assertThat(failure).contains("\"mcp_servers\" should be a table"));
    }

    @Test
    void aLinkStaysALinkAndItsTargetKeepsItsMode() throws Exception {
        Path target = home.write("dotfiles/gemini.json", BARE);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r-----"));
        Files.createDirectories(home.user.resolve(".gemini"));
        Path link = Files.createSymbolicLink(home.user.resolve(".gemini/settings.json"), Path.of("../dotfiles/gemini.json"));

        home.install();

        assertThat(link).isSymbolicLink();
        assertThat(home.read("dotfiles/gemini.json")).contains(MPX);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target))).isEqualTo("rw-r-----");
        try (Stream<Path> beside = Files.list(target.getParent())) {
            assertThat(beside).containsExactly(target);
        }
        home.uninstall();
        assertThat(link).isSymbolicLink();
        assertThat(home.read("dotfiles/gemini.json")).isEqualTo(BARE);
    }

    @Test
    void aReadOnlyFileIsLeftAlone() throws Exception {
        Path file = home.write(".gemini/settings.json", BARE);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));

        List<AgentPlan> plans = home.installing();

        assertThat(AgentsHome.apply(plans)).isZero();
        assertThat(AgentsHome.failures(plans)).singleElement().asString().contains("it is read-only")
                .contains("mcpServers.mempalace starts " + MPX);
    }

    @Test
    void aFileThatSomebodyElseChangesMeanwhileIsLeftAsTheyHaveIt() throws Exception {
        home.write(".gemini/settings.json", BARE);
        List<AgentPlan> plans = home.installing();
        home.write(".gemini/settings.json", "{}");

        assertThatThrownBy(() -> AgentsHome.apply(plans)).hasMessageContaining("somebody else has just changed it");

        assertThat(home.read(".gemini/settings.json")).isEqualTo("{}");
        assertThat(home.uninstalling()).isEmpty();
    }

    @Test
    void theBackupIsTheFormerFileAndNobodyElsesToRead() throws Exception {
        home.write(".gemini/settings.json", BARE);

        Path backup = home.installing().get(0).edits().get(0).apply().orElseThrow();

        assertThat(Files.readString(backup)).isEqualTo(BARE);
        assertThat(backup.getFileName().toString()).matches("settings\\.json-[0-9a-f]{8}-\\d{8}-\\d{6}\\.mpx-backup");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup.getParent()))).isEqualTo("rwx------");
    }

    @Test
    void anEntryOfThatNameThatMpxDoesNotKnowIsLeftAlone() throws Exception {
        home.write(".gemini/settings.json", "{\"mcpServers\": {\"mempalace\": {\"httpUrl\": \"http://localhost:1\"}}}");
        home.write(".cursor/mcp.json", "{\"mcpServers\": {\"p\": {\"command\": \"docker\", \"args\": [\"run\", \"mempalace\"]}}}");

        List<AgentPlan> plans = home.installing();

        assertThat(AgentsHome.apply(plans)).isZero();
        assertThat(AgentsHome.notes(plans)).hasSize(2)
                .anySatisfy(note -> assertThat(note).contains("starts no command that mpx knows"))
                .anySatisfy(note -> assertThat(note).contains("starts \"docker run mempalace\""));
    }

    @Test
    void anEntryByAnMpxThatIsGoneGetsThisOne() throws Exception {
        home.write(".gemini/settings.json",
                "{\"mcpServers\": {\"m\": {\"command\": \"/gone/bin/mpx\", \"args\": [\"--palace\", \"/p\"]}}}");

        home.install();

        assertThat(home.read(".gemini/settings.json")).contains("{\"command\": \"" + MPX + "\", \"args\": [\"--palace\", \"/p\"]}");
    }

    @Test
    void anotherServerOfMpxIsNotThePalaces() throws Exception {
        String other = "{\"mcpServers\": {\"everything\": {\"command\": \"mpx\", \"args\": [\"--\", \"npx\", \"server-everything\"]}}}";
        home.write(".gemini/settings.json", other);

        home.install();

        assertThat(home.read(".gemini/settings.json")).contains("\"mempalace\"").contains("\"npx\"");
    }

    @Test
    void whereAPluginStartsThePalaceNoSecondEntryIsMade() throws Exception {
        home.write(".claude.json", "{}");
        home.write(".claude/plugins/cache/m/mempalace/3.4/.mcp.json", "{\"mempalace\": {\"command\": \"mempalace-mcp\"}}");
        home.write(".claude/plugins/cache/m/mempalace/3.4/hooks/hooks.json",
                "{\"hooks\": {\"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\": \"mempalace hook run --hook stop\"}]}]}}");

        List<AgentPlan> plans = home.installing();

        assertThat(AgentsHome.apply(plans)).isZero();
        assertThat(AgentsHome.notes(plans)).hasSize(2)
                .anySatisfy(note -> assertThat(note).contains("./install.sh --replace puts"))
                .anySatisfy(note -> assertThat(note).contains("./install.sh --replace-mempalace puts"));
    }

    @Test
    void variablesThatMoveAgentsAreHonoured() throws Exception {
        home.with("CLAUDE_CONFIG_DIR", home.user.resolve("c").toString()).with("CODEX_HOME", home.user.resolve("x").toString())
                .with("COPILOT_HOME", home.user.resolve("p").toString()).with("GEMINI_CLI_HOME", home.user.resolve("g").toString())
                .with("XDG_CONFIG_HOME", home.user.resolve("xdg").toString())
                        .with("PI_CODING_AGENT_DIR", home.user.resolve("pi").toString());

        home.install(Agent.CLAUDE, Agent.CODEX, Agent.COPILOT, Agent.GEMINI, Agent.OPENCODE, Agent.PI);

        for (String file : List.of("c/.claude.json", "x/config.toml", "p/mcp-config.json", "g/.gemini/settings.json",
                "xdg/opencode/opencode.json",
                "pi/mcp.json")) {
            assertThat(home.user.resolve(file)).content().contains(MPX);
        }
    }
}
