package dev.mpx.proxy.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.home.ServerSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a look at the agents tells, and by which name mpx is known to them. */
@Timeout(30)
class AgentsTest {
    @RegisterExtension
    final AgentsHome home = new AgentsHome();

    @Test
    void entriesAreToldByWhatTheyStart() throws Exception {
        home.write(".gemini/settings.json", """
                {"mcpServers": {
                  "a": {"command": "/v/bin/mempalace-mcp", "args": ["--palace", "/p"]},
                  "b": {"command": "mpx"},
                  "c": {"command": "mpx", "args": ["--", "npx", "x"]},
                  "d": {"command": "npx", "args": ["mempalace-mcp"]},
                  "e": {"url": "http://localhost"},
                  "f": {"command": "/x/mpx", "args": ["--", "python3", "-m", "mempalace.mcp_server"]}
                 },
                 "hooks": {"Stop": [{"hooks": [{"command": "mempalace mine ."}, {"command": "mpx hook run"}, {"command": "ls"}]}]}}
                """);
        Path plugin = home.write(".gemini/extensions/m/gemini-extension.json",
                "{\"mcpServers\": {\"m\": {\"command\": \"mempalace-mcp\"}}}");

        List<FoundAgent> found = Agents.survey(home.environment());

        assertThat(found).singleElement().satisfies(agent -> {
            assertThat(agent.agent()).isEqualTo(Agent.GEMINI);
            ConfigSurvey file = agent.files().get(0);
            assertThat(file.bare()).containsExactly(
                    new ConfigSurvey.Entry("mcpServers.a", List.of("/v/bin/mempalace-mcp", "--palace", "/p")));
            assertThat(file.shared()).extracting(ConfigSurvey.Entry::name).containsExactly("mcpServers.b", "mcpServers.f");
            assertThat(file.hooks()).containsExactly("mempalace mine .");
            assertThat(file.fault()).isEmpty();
            assertThat(agent.files().get(1)).satisfies(brought -> {
                assertThat(brought.file()).isEqualTo(plugin);
                assertThat(brought.isPlugin()).isTrue();
                assertThat(brought.bare()).hasSize(1);
            });
        });
    }

    /** Red when a project's file is looked at as well where the current directory is the user's own. */
    @Test
    void aFileIsLookedAtOnceWhateverItIsCalled() throws Exception {
        AgentsHome here = home.inUsersDirectory();
        here.write(".gemini/settings.json", "{\"mcpServers\": {\"a\": {\"command\": \"mempalace-mcp\"}}}");
        here.write(".codex/config.toml", "a = \"b\\\nc\"\n");
        here.write(".cursor/mcp.json", "{,}");

        assertThat(Agents.survey(here.environment())).allSatisfy(agent -> assertThat(agent.files()).hasSize(1));
        List<AgentPlan> plans = here.installing();
        assertThat(plans.stream().flatMap(plan -> plan.edits().stream())).hasSize(1);
        assertThat(AgentsHome.failures(plans)).hasSize(2).allMatch(failure -> failure.lines().count() == 1);
    }

    @Test
    void bytesThatAreNoUtf8AreAFaultWithItsPlace() throws Exception {
        Files.createDirectories(home.user.resolve(".cursor"));
        Files.write(home.user.resolve(".cursor/mcp.json"), new byte[] {'{', '\n', ' ', (byte) 0xff, '}'});

        assertThat(Agents.survey(home.environment()).get(0).files().get(0).fault())
                .contains(new ConfigSurvey.Fault(2, 2, "this is no UTF-8"));
    }

    @Test
    void aMempalaceMcpThatIsMpxIsNotBare() throws Exception {
        Files.writeString(home.program("mempalace-mcp"), "#!/bin/sh\n# mpx-launcher-marker\n");
        home.write(".cursor/mcp.json", "{\"mcpServers\": {\"m\": {\"command\": \"mempalace-mcp\"}}}");

        assertThat(Agents.survey(home.environment()).get(0).files().get(0).shared()).hasSize(1);
        assertThat(home.install()).isZero();
    }

    @Test
    void mpxIsKnownByTheLinkThatStaysThroughUpgrades() throws Exception {
        Path program = Files.createDirectories(home.directory.resolve("local/lib/mpx/20261121-1/bin")).resolve("mpx");
        Files.writeString(program, "#!/bin/sh\n");
        Path link = Files.createSymbolicLink(Files.createDirectories(home.directory.resolve("local/bin")).resolve("mpx"), program);
        String before = System.setProperty(ServerSearch.LAUNCHER_PROPERTY, program.toString());
        try {
            assertThat(MpxProgram.find(home.environment())).isEqualTo(new MpxProgram(link.toString(), false));
            Files.delete(link);
            assertThat(MpxProgram.find(home.environment()).path()).isEqualTo(program.toString());
        } finally {
            if (before == null) {
                System.clearProperty(ServerSearch.LAUNCHER_PROPERTY);
            } else {
                System.setProperty(ServerSearch.LAUNCHER_PROPERTY, before);
            }
        }
    }

    @Test
    void withoutTheNativeProgramHooksAreLeftAlone() throws Exception {
        assertThat(new HookCommand(home.environment(), new MpxProgram("/mpx", false)).rewritten("mempalace mine .")).isEmpty();
    }
}
