package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real agents after {@code mpx install}, with the real MemPalace: each says itself whether its server is connected. */
@RealPeers
@Timeout(240)
class AgentsIT {
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");

    @TempDir
    Path directory;

    private Map<String, String> environment;
    private Path user;
    private Path project;

    @BeforeEach
    void arrange() throws Exception {
        user = directory.toRealPath();
        project = Files.createDirectories(user.resolve("project"));
        Path bin = Files.createDirectories(user.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("claude"), Installation.nodeModule("@anthropic-ai/claude-code-" + platform() + "/claude"));
        Files.createSymbolicLink(bin.resolve("opencode"), Installation.nodeModule("opencode-" + platform() + "/bin/opencode"));
        Files.createSymbolicLink(bin.resolve("gemini"), Installation.nodeModule("@google/gemini-cli/bundle/gemini.js"));
        environment = Installation.environment(user, bin, Installation.mempalace("current"));
        environment.put("DISABLE_AUTOUPDATER", "1");
        environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        environment.put("OPENCODE_DISABLE_AUTOUPDATE", "true");
        // Gemini starts no server in a directory that nobody has said to trust.
        Files.createDirectories(user.resolve(".gemini"));
        Files.writeString(user.resolve(".gemini/trustedFolders.json"), "{\"" + project + "\": \"TRUST_FOLDER\"}");
    }

    /** As their npm packages call it. */
    private static String platform() {
        String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        return system + "-" + (System.getProperty("os.arch").matches("aarch64|arm64") ? "arm64" : "x64");
    }

    @AfterEach
    void stop() throws Exception {
        Run.mpx(environment, project, "stop");
    }

    @Test
    void eachListsTheServerAsConnectedAndHasItsOwnConfigurationBackAfterwards() throws Exception {
        Path gemini = Files.writeString(user.resolve(".gemini/settings.json"), """
                {
                  // the palace, as it was before mpx
                  "mcpServers": {"palace": {"command": "mempalace-mcp", "timeout": 60000}}
                }
                """);
        Path opencode = Files.createDirectories(user.resolve(".config/opencode")).resolve("opencode.jsonc");
        Files.writeString(opencode, """
                {
                  "$schema": "https://opencode.ai/config.json",
                  "mcp": {
                    "palace": {"type": "local", "command": ["mempalace-mcp"], "enabled": true}, // the palace
                  },
                }
                """);
        String geminiBefore = Files.readString(gemini);
        String opencodeBefore = Files.readString(opencode);

        Run install = Run.mpx(environment, project, "install");
        assertThat(install.status()).as(install.stderr()).isZero();
        assertThat(install.stdout()).contains("Claude Code:", "Gemini CLI:", "opencode:");

        assertThat(list("claude")).matches("(?s).*mempalace: \\S*/mpx\\b[^\n]*\\bConnected\\b.*");
        assertThat(list("gemini")).matches("(?s).*palace: \\S*/mpx\\b[^\n]*\\bConnected\\b.*");
        assertThat(list("opencode")).matches("(?s).*palace connected\\b.*/mpx\\b.*");
        Run status = Run.mpx(environment, project, "status");
        assertThat(status.stdout()).as("the daemon that they met").contains("mempalace-mcp")
                .contains(user.resolve(".mempalace").toString());
        assertThat(Run.mpx(environment, project, "install").stdout()).contains("Claude Code: nothing to do.", "Gemini CLI: nothing to do.",
                "opencode: nothing to do.");

        Run uninstall = Run.mpx(environment, project, "uninstall");
        assertThat(uninstall.status()).as(uninstall.stderr()).isZero();
        assertThat(gemini).hasContent(geminiBefore);
        assertThat(opencode).hasContent(opencodeBefore);
        assertThat(Files.readString(user.resolve(".claude.json"))).as("what Claude Code itself has put there stays")
                .contains("firstStartTime").doesNotContain("mpx");
    }

    private String list(String agent) throws Exception {
        Run run = Run.program(environment, project, List.of(user.resolve("bin").resolve(agent).toString(), "mcp", "list"));
        return COLOURS.matcher(run.stdout() + run.stderr()).replaceAll("");
    }
}
