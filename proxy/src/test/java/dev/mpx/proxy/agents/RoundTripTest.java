package dev.mpx.proxy.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Configurations as people have them, of every agent: what stands there afterwards, and that nothing else has changed. */
@Timeout(30)
class RoundTripTest {
    private static final String MPX = AgentsHome.MPX;

    @RegisterExtension
    final AgentsHome home = new AgentsHome("mempalace-mcp");

    static Stream<Arguments> configurations() {
        return Stream.of(
                arguments(Agent.CLAUDE, ".claude.json", """
                        {
                          "numStartups": 41, "tipsHistory": {"a": 1.50, "b": 1E400},
                          // several palaces, one of them a project's
                          "mcpServers": {
                            "github": { "type": "http", "url": "https://example.com/mcp" },
                            "mempalace": {
                              "type": "stdio",
                              "command": "mempalace-mcp", // the palace
                              "args": [],
                              "env": { "MEMPALACE_PALACE_PATH": "/data/palace" }
                            },
                            "work": {"command": "mempalace-mcp", "args": ["--palace", "/data/work"], "timeout": 90000}
                          },
                          "projects": {
                            "/home/u/p": {
                              "allowedTools": [],
                              "mcpServers": {
                                "mine": {
                                  "type": "stdio",
                                  "command": "python3",
                                  "args": [
                                    "-m", /* as a module */
                                    "mempalace.mcp_server"
                                  ]
                                }
                              }
                            }
                          }
                        }
                        """, List.of(
                        "\"command\": \"mempalace-mcp\", // the palace", "\"command\": \"" + MPX + "\", // the palace",
                        "{\"command\": \"mempalace-mcp\", \"args\": [\"--palace\"",
                                "{\"command\": \"" + MPX + "\", \"args\": [\"--palace\"",
                        "\"command\": \"python3\",", "\"command\": \"" + MPX + "\",",
                        "            \"-m\", /* as a module */",
                        "            \"--\",\n            \"python3\",\n            \"-m\", /* as a module */")),
                arguments(Agent.CLAUDE, "project/.mcp.json", """
                        {"mcpServers":{"mempalace":{"type":"stdio","command":"uvx","args":["--from","mempalace","mempalace-mcp"]}}}""",
                        List.of("\"command\":\"uvx\",\"args\":[", "\"command\":\"" + MPX + "\",\"args\":[\"--\",\"uvx\",")),
                arguments(Agent.GEMINI, ".gemini/settings.json", """
                        {
                        \t// tabs, and line ends of another system
                        \t"theme": "Default",
                        \t"mcpServers": {
                        \t\t"mempalace": {
                        \t\t\t"command": "/elsewhere/bin/mempalace-mcp",
                        \t\t\t"timeout": 600000,
                        \t\t\t"trust": true
                        \t\t}
                        \t}
                        }
                        """.replace("\n", "\r\n"), List.of(
                        "\"command\": \"/elsewhere/bin/mempalace-mcp\",",
                        "\"command\": \"" + MPX + "\",\r\n\t\t\t\"args\": [\"--\", \"/elsewhere/bin/mempalace-mcp\"],")),
                arguments(Agent.COPILOT, ".copilot/mcp-config.json", """
                        \uFEFF{
                            "mcpServers": {
                                "other": {"type": "local", "command": "npx", "args": ["-y", "another"]}, // not the palace
                            },
                        }
                        """, List.of(
                        "// not the palace\n", """
                        // not the palace
                                "mempalace": {
                                    "type": "local",
                                    "command": "%s",
                                    "args": [],
                                    "tools": ["*"]
                                },
                        """.formatted(MPX))),
                arguments(Agent.OPENCODE, ".config/opencode/opencode.jsonc", """
                        {
                          "$schema": "https://opencode.ai/config.json",
                          "mcp": {
                            // the palace
                            "palace": {
                              "type": "local",
                              "command": [
                                "uv", "run", // in its project
                                "mempalace-mcp",
                              ],
                              "environment": {"A": "b"},
                              "enabled": true,
                            },
                          },
                        }
                        """, List.of("        \"uv\", \"run\"", "        \"" + MPX + "\",\n        \"--\",\n        \"uv\", \"run\"")),
                arguments(Agent.OPENCODE, "project/opencode.json", """
                        {"mcp": {"mempalace": {"type": "local", "command": ["mempalace-mcp", "--palace", "/p"], "enabled": false}}}
                        """, List.of("[\"mempalace-mcp\"", "[\"" + MPX + "\"")),
                arguments(Agent.CODEX, ".codex/config.toml", """
                        # Codex
                        model = "o5"   # the best
                        notify = [
                          "notify-send", # a program
                          'Codex',
                        ]

                        [mcp_servers.docs]
                        url = "https://example.com/mcp"

                        [mcp_servers.mempalace]   # the palace
                          command = 'mempalace-mcp'   # started by hand before
                          args = ["--palace", "/data/p"]
                          startup_timeout_sec = 60
                          [mcp_servers.mempalace.env]
                          A = "b"

                        [projects."/home/u/p"]
                        trust_level = "trusted"
                        """, List.of("  command = 'mempalace-mcp'   #", "  command = \"" + MPX + "\"   #")),
                arguments(Agent.CODEX, ".codex/config.toml", """
                        [mcp_servers]
                        one = { command = "/x/mempalace-mcp", env = { A = "1" } } # inline
                        two.command = "python3"
                        two.args = [
                            "-m", # a module
                            "mempalace.mcp_server",
                        ]
                        """.replace("\n", "\r\n"), List.of(
                        "{ command = \"/x/mempalace-mcp\", env", "{ command = \"" + MPX + "\", args = [\"--\", \"/x/mempalace-mcp\"], env",
                        "two.command = \"python3\"", "two.command = \"" + MPX + "\"",
                        "    \"-m\", #", "    \"--\",\r\n    \"python3\",\r\n    \"-m\", #")),
                arguments(Agent.CODEX, ".codex/config.toml", "model = \"x\"", List.of(
                        "model = \"x\"", "model = \"x\"\n\n[mcp_servers.mempalace]\ncommand = \"" + MPX + "\"")),
                arguments(Agent.CURSOR, ".cursor/mcp.json", """
                        {
                          "mcpServers": {} // none yet
                        }
                        """, List.of("\"mcpServers\": {}", """
                        "mcpServers": {
                            "mempalace": {
                              "command": "%s"
                            }
                          }""".formatted(MPX))),
                arguments(Agent.VSCODE, "project/.vscode/mcp.json", """
                        {
                            "inputs": [{ "id": "key", "type": "promptString" }],
                            /* servers of this project */
                            "servers": {
                                "palace": { "type": "stdio", "command": "env", "args": ["A=b", "mempalace-mcp"] }
                            }
                        }
                        """, List.of("\"command\": \"env\", \"args\": [", "\"command\": \"" + MPX + "\", \"args\": [\"--\", \"env\", ")),
                arguments(Agent.PI, ".pi/agent/mcp.json", """
                        {
                          "settings": {"idleTimeout": 10},
                          "mcpServers": {
                            "mempalace": {"command": "pipx", "args": ["run", "--spec", "mempalace", "mempalace-mcp"], "lifecycle": "lazy"}
                          }
                        }
                        """, List.of("\"command\": \"pipx\", \"args\": [", "\"command\": \"" + MPX + "\", \"args\": [\"--\", \"pipx\", ")));
    }

    /** @param replacements what is to be found, and by what it is replaced, in turn */
    @ParameterizedTest
    @MethodSource("configurations")
    void theEntryIsRewrittenNothingElseIsAndAllComesBack(Agent agent, String file, String before,
            List<String> replacements) throws Exception {
        home.write(file, before);
        String wanted = before;
        for (int i = 0; i < replacements.size(); i += 2) {
            assertThat(wanted).contains(replacements.get(i));
            wanted = wanted.replace(replacements.get(i), replacements.get(i + 1));
        }

        List<AgentPlan> plans = home.installing(agent);
        assertThat(AgentsHome.failures(plans)).isEmpty();
        assertThat(AgentsHome.apply(plans)).isEqualTo(1);

        assertThat(home.read(file)).isEqualTo(wanted);
        assertThat(home.install(agent)).as("files changed by a second run").isZero();
        assertThat(home.uninstall(agent)).isEqualTo(1);
        assertThat(home.read(file)).isEqualTo(before);
        assertThat(home.uninstall(agent)).as("files changed by a second run").isZero();
        try (Stream<Path> left = Files.list(home.user.resolve(".local/share/mpx/agents"))) {
            assertThat(left).as("records and backups").isEmpty();
        }
    }

    /** The same without the exact way back: by each change alone, since somebody else has written to the file. */
    @ParameterizedTest
    @MethodSource("configurations")
    void afterSomebodyElsesEditItsOwnChangesComeBackAndTheEditStays(Agent agent, String file, String before, List<String> replacements)
            throws Exception {
        home.write(file, before);
        home.install(agent);
        String comment = file.endsWith(".toml") ? "\n# theirs\n" : "\n// theirs\n";
        home.write(file, home.read(file) + comment);

        List<AgentPlan> plans = home.uninstalling(agent);
        assertThat(AgentsHome.failures(plans)).isEmpty();
        AgentsHome.apply(plans);

        String now = home.read(file);
        assertThat(now).endsWith(comment);
        // a blank or a comma that set the new entry apart is all that may stay behind
        assertThat(now.replace(comment, "").replaceAll("[\\s,]", "")).isEqualTo(before.replaceAll("[\\s,]", ""));
        boolean isEntryOfTheirs = !before.equals("model = \"x\"") && !before.contains("not the palace") && !before.contains("none yet");
        if (isEntryOfTheirs) {
            assertThat(now).isEqualTo(before + comment);
        }
    }

    @ParameterizedTest
    @MethodSource("missing")
    void aFileThatIsNotThereIsMadeAndGoesAgain(Agent agent, String file) throws Exception {
        assertThat(home.install(agent)).isEqualTo(1);

        assertThat(home.read(file)).contains(MPX).endsWith("\n");
        assertThat(Agents.survey(home.environment())).filteredOn(found -> found.agent() == agent)
                .singleElement().satisfies(found -> assertThat(found.files().get(0).shared()).hasSize(1));
        assertThat(home.uninstall(agent)).isEqualTo(1);
        assertThat(home.user.resolve(file)).doesNotExist();
        assertThat(home.user.resolve(file).getParent()).satisfiesAnyOf(
                parent -> assertThat(parent).doesNotExist(), parent -> assertThat(parent).isEqualTo(home.user));
    }

    static Stream<Arguments> missing() {
        return Stream.of(
                arguments(Agent.CLAUDE, ".claude.json"),
                arguments(Agent.GEMINI, ".gemini/settings.json"),
                arguments(Agent.COPILOT, ".copilot/mcp-config.json"),
                arguments(Agent.OPENCODE, ".config/opencode/opencode.json"),
                arguments(Agent.CODEX, ".codex/config.toml"),
                arguments(Agent.CURSOR, ".cursor/mcp.json"),
                arguments(Agent.VSCODE, ".config/Code/User/mcp.json"),
                arguments(Agent.PI, ".pi/agent/mcp.json"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void anEmptyFileGetsAnEntryAndIsEmptyAgain(Agent agent, String file) throws Exception {
        for (String nothing : List.of("", "\n", "\uFEFF")) {
            home.write(file, nothing);

            assertThat(home.install(agent)).isEqualTo(1);

            assertThat(home.read(file)).contains(MPX);
            assertThat(home.read(file).startsWith("\uFEFF")).isEqualTo(nothing.startsWith("\uFEFF"));
            home.uninstall(agent);
            assertThat(home.read(file)).isEqualTo(nothing);
        }
    }
}
