package dev.mpx.proxy.screen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.shim.ShimProgram;
import dev.mpx.proxy.status.GoldenFile;
import dev.mpx.proxy.status.StatusSchema;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The status by the packaged program: where there is no daemon, in colour, and how soon it is there. */
@Timeout(180)
class StatusScreenIT {
    /** DESIGN.md: instant, to a person. */
    private static final long INSTANT_MILLIS = 100;

    @RegisterExtension
    final UserHome user = new UserHome();

    /** Sessions come when they do: what the log says of them stands now before, now behind what it says of the server. */
    private String general(String text) {
        return text.replace(user.directory().toString(), "/home/ada").replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "TIME").replaceAll("pid \\d+", "pid N")
                .replace(String.join(" ", ScriptedServer.command()), "SERVER").replaceAll("serving \\[.*", "serving [SERVER]")
                .replaceAll("(?m)^ +TIME INFO +Welcome: .*\n", "");
    }

    @Test
    void withoutADaemonItSaysWhatWasFoundAndWhatStartsIt() throws Exception {
        Run never = user.status();
        GoldenFile.check("no-daemon.txt", general(never.stderr()));
        Run json = user.status("--json");
        StatusSchema.check(json.stdout());
        GoldenFile.check("no-daemon.json", general(json.stdout()));

        try (McpClient client = user.session(ScriptedServer.command())) {
            client.tool("pid");
            user.daemon().kill();
            await().until(() -> user.daemons().isEmpty());
        }
        GoldenFile.check("no-daemon-left-over.txt", general(user.status().stderr()));
    }

    @Test
    void itsJsonIsAsItsSchemaSaysFromARealDaemonToo() throws Exception {
        try (McpClient agent = user.agent(ScriptedServer.command()).open()) {
            agent.initialize();
            agent.tool("pid");
            agent.callTool("hang", "{}");
            await().until(() -> user.statusJson().at("running").elements().size() == 1);
            StatusSchema.check(user.status("--json").stdout());
        }
    }

    @Test
    void coloursAreForTerminalsAloneUnlessTheyAreAskedFor() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script(1), which lends a terminal, is missing");
        user.ensure(ScriptedServer.command());
        String status = UserHome.launcher() + " status --home " + user.home();
        assertThat(user.status().stdout()).doesNotContain("\u001b");
        assertThat(user.status("--color=always").stdout()).startsWith("\u001b[");
        assertThat(inTerminal(status)).as("no TERM").doesNotContain("\u001b");
        user.set("TERM", "dumb");
        assertThat(inTerminal(status)).doesNotContain("\u001b");
        user.set("TERM", "xterm");
        assertThat(inTerminal(status)).contains("\u001b[");
        assertThat(inTerminal(status + " --color=never")).doesNotContain("\u001b");
        user.set("NO_COLOR", "1");
        assertThat(inTerminal(status)).doesNotContain("\u001b");
    }

    /** Red when one of them decides by rules of its own. */
    @Test
    void doctorAndInstallAreColouredWhereTheStatusIs() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "script(1), which lends a terminal, is missing");
        Files.writeString(Files.createDirectories(user.directory().resolve(".cursor")).resolve("mcp.json"), "{}\n");
        user.ensure(ScriptedServer.command());
        String home = " --home " + user.home();
        for (String command : List.of(" status" + home, " doctor" + home, " install --agent cursor --dry-run")) {
            String line = UserHome.launcher() + command;
            user.environment().keySet().removeAll(List.of("TERM", "NO_COLOR"));
            assertThat(inTerminal(line)).as("no TERM:" + command).doesNotContain("\u001b");
            user.set("TERM", "dumb");
            assertThat(inTerminal(line)).as("a dumb one:" + command).doesNotContain("\u001b");
            user.set("TERM", "xterm");
            user.set("NO_COLOR", "");
            assertThat(inTerminal(line)).as("an empty NO_COLOR:" + command).contains("\u001b[");
            user.set("NO_COLOR", "1");
            assertThat(inTerminal(line)).as("NO_COLOR:" + command).doesNotContain("\u001b");
        }
    }

    private String inTerminal(String command) throws Exception {
        return Run.of(List.of("/usr/bin/script", "-qec", command, "/dev/null"), user.environment(), user.directory()).stdout();
    }

    /** Red when the daemon asks the server anything for it, or waits for it. */
    @Test
    void itIsThereAtOnceWhileTheServerStallsAndAHundredSessionsWait() throws Exception {
        user.use(ShimProgram.NATIVE);
        user.ensure(ScriptedServer.command());
        List<McpClient> agents = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                McpClient agent = user.socket().open();
                agents.add(agent);
                agent.initialize();
            }
            long server = user.statusJson().at("child", "pid").integer();
            Run.of(List.of("/bin/kill", "-STOP", Long.toString(server)), user.environment(), user.directory());
            for (McpClient agent : agents) {
                for (int i = 0; i < 3; i++) {
                    agent.callTool("echo", "{}");
                }
            }
            await().atMost(UserHome.PATIENCE).until(() -> user.statusJson().at("waiting").integer() > 200);
            long[] millis = new long[15];
            for (int i = 0; i < millis.length; i++) {
                long start = System.nanoTime();
                Run run = Run.of(List.of(UserHome.launcher().toString(), "status", "--home", user.home().toString()), user.environment(),
                        user.directory());
                millis[i] = (System.nanoTime() - start) / 1_000_000;
                assertThat(run.stdout()).contains(", 100 sessions, ");
            }
            Arrays.sort(millis);
            assertThat(millis[millis.length / 2]).as("median of %s ms", Arrays.toString(millis)).isLessThan(INSTANT_MILLIS);
        } finally {
            for (McpClient agent : agents) {
                agent.close();
            }
        }
    }
}
