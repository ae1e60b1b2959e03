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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        watch(UserHome.launcher().toString(), "");
    }

    /** What does it where there is no native program. */
    private static String java() {
        return UserHome.launcher().resolveSibling("../lib/mpx.sh").normalize().toString();
    }

    private void watch(String program, String more) throws Exception {
        terminal.press("clear; echo before; " + program + " status --watch --home " + user.home() + more, "Enter");
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

    /** Red when the terminal cuts at its width, or a line ends without a backslash, or within quotes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theCommandThatHelpsIsNeverCutAndMayBeCopied(boolean isJava) throws Exception {
        String words = "some-server --with='a few words in quotes, too many for a line' --and and-more-of-them --until 'it'\\''s over'";
        watch(isJava ? java() : UserHome.launcher().toString(), " -- " + words);

        for (int columns : List.of(80, 50)) {
            terminal.resize(columns, 30);
            String said = "mpx: no daemon: none answers for " + user.home() + " (there is no " + user.home()
                    + "/broker.json to say where it listens). this starts it: mpx ensure ";
            terminal.await("what helps at " + columns, text -> text.replaceAll("\\s+", " ").startsWith(said)
                    && text.lines().allMatch(line -> line.length() <= columns));
            String screen = terminal.copied();
            String command = screen.substring(screen.indexOf("mpx ensure"), screen.indexOf("\n\n"));
            assertThat(command.lines()).hasSizeGreaterThan(1).allMatch(line -> line.endsWith(" \\") || line.endsWith("over'"));
            Run pasted = Run.of(List.of("/bin/sh", "-c", "mpx() { printf '%s\\n' \"$@\"; }\n" + command), user.environment(),
                    user.directory());
            assertThat(pasted.stdout().lines()).containsExactly("ensure", "--home", user.home().toString(), "--", "some-server",
                    "--with=a few words in quotes, too many for a line", "--and", "and-more-of-them", "--until", "it's over");
        }
        terminal.press("C-c");
        theShellIsAsItWas();
    }

    /** Where there is no native program; it can't read single keys, and Ctrl-C ends it. */
    @Test
    void javaKeepsTheStatusOnTheScreenToo() throws Exception {
        watch(java(), "");
        terminal.await("no daemon", screen -> screen.startsWith("mpx: no daemon: ") && screen.endsWith("every 1s; Ctrl-C quits"));
        assertThat(terminal.showsOtherScreen()).isTrue();
        assertThat(terminal.showsCursor()).isFalse();
        user.ensure(ScriptedServer.command());
        String narrow = terminal.await("a daemon that nobody uses", screen -> WELL.test(screen) && screen.contains(", 0 sessions."));
        assertThat(narrow).doesNotContain("no daemon");
        assertThat(narrow.lines()).allMatch(line -> line.length() <= 80);
        try (McpClient agent = user.agent(ScriptedServer.command()).open()) {
            agent.initialize();
            terminal.await("a session", screen -> screen.contains(", 1 session."));
        }
        terminal.resize(120, 40);
        terminal.await("a wider status", screen -> WELL.test(screen) && screen.lines().mapToInt(String::length).max().orElse(0) > 80);
        terminal.press("C-c");
        theShellIsAsItWas();
    }
}
