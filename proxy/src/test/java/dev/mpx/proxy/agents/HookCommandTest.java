package dev.mpx.proxy.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shell commands of hooks. */
class HookCommandTest {
    @RegisterExtension
    final AgentsHome home = new AgentsHome("mempalace");

    private String rewritten(String command) {
        return new HookCommand(home.environment(), new MpxProgram("/m p/mpx")).rewritten(command).orElse("unchanged");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mempalace hook run --hook stop --harness claude-code | M hook run --hook stop --harness claude-code
            mempalace --palace "/a b" hook run --hook stop       | M hook --palace "/a b" run --hook stop
            python3 -m mempalace hook run --hook precompact      | M hook run --hook precompact
            mempalace mine ~/notes --mode convos                 | M run --detach -- mempalace mine ~/notes --mode convos
            cd /x && nohup mempalace mine . >/dev/null 2>&1 &    | cd /x && nohup M run --detach -- mempalace mine . >/dev/null 2>&1 &
            A=b /opt/v/bin/mempalace mine .                      | A=b M run --detach -- /opt/v/bin/mempalace mine .
            "/opt/a b/mempalace" mine .                          | M run --detach -- "/opt/a b/mempalace" mine .
            python3 -m mempalace mine .; mempalace hook run      | M run --detach -- python3 -m mempalace mine .; M hook run
            mempalace search x                                   | unchanged
            echo mempalace mine .                                | unchanged
            mpx run --detach -- mempalace mine .                 | unchanged
            mpx hook run --hook stop                             | unchanged
            /opt/none/bin/mempalace hook run                     | unchanged
            bash ~/.mempalace/hooks/mempal_save_hook.sh          | unchanged
            my-mempalace mine .                                  | unchanged
            """)
    void callsOfMempalaceGoThroughMpx(String command, String wanted) {
        assertThat(rewritten(command)).isEqualTo(wanted.replaceAll("\\bM (hook|run)", "'/m p/mpx' $1"));
    }

    @Test
    void aHookOfAMempalaceThatIsNotOnPathFindsItThere() throws Exception {
        Path program = Files.writeString(Files.createDirectories(home.directory.resolve("venv/bin")).resolve("mempalace"), "#!/bin/sh\n");
        program.toFile().setExecutable(true);

        assertThat(rewritten(program + " hook run --hook stop"))
                .isEqualTo("PATH=" + program.getParent() + ":\"$PATH\" '/m p/mpx' hook run --hook stop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            .claude/settings.json | {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "%s"}]}]}}
            .gemini/settings.json | {"mcpServers": {"m": {"command": "mpx"}}, \
            "hooks": {"AfterAgent": [{"hooks": [{"type": "command", "command": "%s"}]}]}}
            .codex/hooks.json     | {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "%s"}]}]}}
            .cursor/hooks.json    | {"version": 1, "hooks": {"stop": [{"command": "%s"}]}}
            """)
    void hooksOfAgentsAreRewrittenAndComeBackAlsoWhereTheyHaveMoved(String file, String config) throws Exception {
        String before = config.formatted("mempalace hook run --hook stop");
        home.write(file, before);

        home.install();

        String after = config.formatted(AgentsHome.MPX + " hook run --hook stop");
        assertThat(home.read(file)).isEqualTo(after);
        home.write(file, after.replaceFirst("\\[\\{", "[{\"theirs\": 1}, {"));
        home.uninstall();
        assertThat(home.read(file)).isEqualTo(before.replaceFirst("\\[\\{", "[{\"theirs\": 1}, {"));
    }

    @Test
    void hooksInTomlAreRewrittenToo() throws Exception {
        String before = """
                [mcp_servers.m]
                command = "mpx"

                [[hooks.Stop]]
                [[hooks.Stop.hooks]]
                type = "command"
                command = 'mempalace hook run --hook stop' # at the end
                """;
        home.write(".codex/config.toml", before);

        home.install();

        assertThat(home.read(".codex/config.toml"))
                .isEqualTo(before.replace("'mempalace hook run --hook stop'", "\"" + AgentsHome.MPX + " hook run --hook stop\""));
        home.uninstall();
        assertThat(home.read(".codex/config.toml")).isEqualTo(before);
    }

    @Test
    void aScriptThatCallsMempalaceIsNamed() throws Exception {
        home.write(".claude/settings.json",
                "{\"hooks\": {\"Stop\": [{\"hooks\": [{\"type\": \"command\", \"command\":"
                        + " \"~/.mempalace/hooks/mempal_save_hook.sh\"}]}]}}");

        assertThat(AgentsHome.notes(home.installing())).anySatisfy(note -> assertThat(note).contains("./install.sh --replace-mempalace"));
    }
}
