package dev.mpx.proxy.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.shim.ShimProgram;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code mpx status --watch} in a real terminal. */
@Timeout(180)
class StatusWatchIT {
    private static final Predicate<String> WELL = screen -> screen.startsWith("mpx is well: ");

    @RegisterExtension
    final UserHome user = new UserHome();

    private Terminal terminal;

    @BeforeEach
    void aShellInATerminal() throws Exception {
        user.use(ShimProgram.NATIVE);
        terminal = Terminal.open(user, 80, 24, "env PS1='$ ' /bin/sh");
        terminal.press("echo what was there before", "Enter");
        terminal.await("what was there", screen -> screen.contains("\nwhat was there before"));
    }

    @AfterEach
    void close() throws Exception {
        terminal.close();
    }

    private void watch() throws Exception {
        terminal.press("clear; echo before; " + UserHome.launcher() + " status --watch --home " + user.home(), "Enter");
    }

    private void theShellIsAsItWas() throws Exception {
        String screen = terminal.await("the shell's screen", text -> text.startsWith("before\n$"));
        assertThat(screen).doesNotContain("mpx is", "q quits");
        assertThat(terminal.showsOtherScreen()).isFalse();
        assertThat(terminal.showsCursor()).isTrue();
        terminal.press("stty -a", "Enter");
        theTerminalsModesAreTheUsual();
    }

    private void theTerminalsModesAreTheUsual() {
        String modes = terminal.await("modes", text -> text.contains("icanon")).replaceAll("\\s+", " ");
        assertThat(modes).contains(" isig ", " icanon ", " echo ");
    }

    @Test
    void itFollowsTheTerminalsSizeAndLeavesTheScreenAsItWas() throws Exception {
        user.ensure(ScriptedServer.command());
        watch();
        String narrow = terminal.await("a status", WELL);
        assertThat(terminal.showsOtherScreen()).isTrue();
        assertThat(terminal.showsCursor()).isFalse();
        assertThat(narrow.lines()).hasSize(24).allMatch(line -> line.length() <= 80);
        assertThat(narrow.lines().skip(23).findFirst().orElseThrow()).endsWith("q quits");

        terminal.resize(120, 40);
        String wide = terminal.await("a wider status", screen -> WELL.test(screen) && screen.lines().count() == 40);
        assertThat(wide.lines().skip(39).findFirst().orElseThrow()).endsWith("q quits");
        assertThat(wide.lines().filter(line -> line.contains("q quits"))).as("the old last line is gone").hasSize(1);
        assertThat(wide.lines().mapToInt(String::length).max().orElseThrow()).isBetween(81, 120);

        terminal.press("q");
        theShellIsAsItWas();
    }

    @Test
    void itIsLive() throws Exception {
        user.ensure(ScriptedServer.command());
        watch();
        terminal.await("no session", screen -> screen.contains(", 0 sessions."));
        try (McpClient agent = user.agent(ScriptedServer.command()).open()) {
            agent.initialize();
            agent.callTool("hang", "{}");
            terminal.await("a running call", screen -> screen.contains(", 1 session, 1 call running.") && screen.contains("hang  fixture  for "));
        }
        terminal.press("C-c");
        theShellIsAsItWas();
    }

    @Test
    void itSurvivesTheDaemonAndShowsTheNext() throws Exception {
        watch();
        terminal.await("no daemon", screen -> screen.startsWith("mpx: no daemon: "));
        user.ensure(ScriptedServer.command());
        terminal.await("a daemon", WELL);
        user.daemon().kill();
        terminal.await("what it left", screen -> screen.contains("broker.json, left behind by pid "));
        user.ensure(ScriptedServer.command());
        terminal.await("the next daemon", WELL);
        terminal.press("q");
        theShellIsAsItWas();
    }

    @Test
    void itGivesTheTerminalBackWhenItIsStoppedAndWhenItIsEnded() throws Exception {
        user.ensure(ScriptedServer.command());
        watch();
        terminal.await("a status", WELL);
        terminal.press("C-z");
        terminal.await("the shell", screen -> screen.contains("Stopped") && !screen.contains("mpx is"));
        assertThat(terminal.showsCursor()).isTrue();
        terminal.press("fg", "Enter");
        terminal.await("a status again", WELL);
        OsProcess watching = user.processes().filter(process -> process.commandLine().contains("--watch")).findFirst().orElseThrow();
        Run.of(List.of("/bin/kill", "-TERM", Long.toString(watching.pid())), user.environment(), user.directory());
        await().atMost(UserHome.PATIENCE).until(() -> !terminal.showsOtherScreen() && terminal.showsCursor());
        terminal.press("stty -a", "Enter");
        theTerminalsModesAreTheUsual();
    }

    @Test
    void withoutATerminalItIsWrongUsage() throws Exception {
        Run run = user.status("--watch");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).contains("needs a terminal");
        assertThat(user.status("--watch=soon").status()).isEqualTo(2);
        assertThat(user.status("--color=pink").status()).isEqualTo(2);
    }
}
