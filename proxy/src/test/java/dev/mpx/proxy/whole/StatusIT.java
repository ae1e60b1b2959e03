package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person and a program are told, and with which exit status. */
@Timeout(60)
class StatusIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private final List<String> server = ScriptedServer.command();

    @Test
    void itNamesWhoIsConnectedWhatRunsAndTheServer() throws Exception {
        try (McpClient agent = user.agent(server).open(); McpClient direct = user.session(server)) {
            agent.initialize();
            String serverPid = agent.tool("pid").text();
            direct.callTool("hang", "{}");
            await().until(() -> user.statusJson().at("running").elements().size() == 1);

            // Without a native guard it is never quite well.
            boolean well = user.statusJson().at("daemon", "guarded").isTrue();
            int status = well ? 0 : 1;
            String verdict = well ? "well" : "degraded";

            Run text = user.status();

            assertThat(text.status()).isEqualTo(status);
            assertThat(text.stderr()).isEmpty();
            assertThat(text.stdout()).contains("mpx is " + verdict, "2 sessions", "scripted 1.0.0", "revision 2025-11-25",
                    "pid " + serverPid, "pid " + user.daemon().pid(), "home " + user.home(), "fixture",
                    user.directory().toString(), "1 call, 0 waiting", "hang  fixture  for ");
            assertThat(text.stdout()).as("lines are not cut where there is no terminal")
                    .contains(String.join(" ", server)).doesNotContain("…");

            Run json = user.status("--json");
            assertThat(json.status()).isEqualTo(status);
            Json state = Json.parse(json.stdout());
            assertThat(state.at("verdict").text()).isEqualTo(verdict);
            assertThat(state.at("daemon", "pid").integer()).isEqualTo(user.daemon().pid());
            assertThat(state.at("daemon", "home").text()).isEqualTo(user.home().toString());
            assertThat(state.at("child", "state").text()).isEqualTo("ready");
            assertThat(state.at("child", "pid").integer()).isEqualTo(Long.parseLong(serverPid));
            assertThat(state.at("sessions").elements()).as("who only asks for this is no session").hasSize(2);
            Json shim = state.at("sessions").elements().stream().filter(session -> session.has("shim")).findFirst().orElseThrow();
            assertThat(shim.at("name").text()).isEqualTo("fixture");
            assertThat(shim.at("shim", "pid").integer()).isEqualTo(agent.process().pid());
            assertThat(shim.at("shim", "agentPid").integer()).isEqualTo(ProcessHandle.current().pid());
            assertThat(shim.at("shim", "directory").text()).isEqualTo(user.directory().toString());
            assertThat(shim.at("answered").integer()).isEqualTo(1);
            Json running = state.at("running").elements().get(0);
            assertThat(running.at("method").text()).isEqualTo("tools/call");
            assertThat(running.at("target").text()).isEqualTo("hang");
            assertThat(running.at("ageMs").integer()).isPositive();
        }
    }

    @Test
    void onATerminalLinesAreCutToItsWidth() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")),
                "script(1), which lends a terminal, is missing");
        user.ensure(server);
        String command = UserHome.launcher() + " status --home " + user.home();
        Run narrow = Run.of(List.of("/usr/bin/script", "-qec", "stty cols 60; " + command, "/dev/null"), user.environment(), user.directory());
        assertThat(narrow.stdout()).contains("…");
        assertThat(narrow.stdout().lines()).allMatch(line -> line.strip().length() <= 60);
    }

    @Test
    void aServerThatCanNotBeStartedIsDegraded() throws Exception {
        try (McpClient agent = user.agent(ScriptedServer.command("--exit-on-start", "3")).open()) {
            assertThat(agent.initialize().errorCode()).hasValue(-32012);
            Run status = user.status();
            assertThat(status.stdout()).contains("mpx is degraded: the server could not be started", "ended with status 3");
            assertThat(status.status()).isEqualTo(1);
            assertThat(user.status("--json").status()).isEqualTo(1);
        }
    }

    @Test
    void withoutADaemonTheStatusIsThreeAndNoneIsStarted() throws Exception {
        Run text = user.status();
        assertThat(text.status()).isEqualTo(3);
        assertThat(text.stdout()).isEmpty();
        assertThat(text.stderr()).contains("no daemon", user.home().toString(), "mpx ensure");
        Run json = user.status("--json");
        assertThat(json.status()).isEqualTo(3);
        assertThat(Json.parse(json.stdout()).at("daemon").kind()).isEqualTo(Json.Kind.NULL);
        assertThat(user.stop().status()).isEqualTo(3);
        assertThat(user.processes()).isEmpty();
        assertThat(user.home()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"frob", "status --frob", "stop --frob", "--home", "--", "status --home", "ensure --frob -- x"})
    void wrongUsageIsTwoAndSaysWhatIsWrong(String words) throws Exception {
        Run run = user.mpx(words.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).isNotBlank();
        assertThat(user.processes()).isEmpty();
    }

    @Test
    void helpAndVersionAreWell() throws Exception {
        assertThat(user.mpx("--help").status()).isZero();
        assertThat(user.mpx("--help").stdout()).contains("status", "stop", "demo");
        assertThat(user.mpx("--version").stdout()).startsWith("mpx ");
    }

    @Test
    void ensurePrintsWhereTheDaemonListens() throws Exception {
        List<String> words = new ArrayList<>(List.of("ensure"));
        words.addAll(user.words(server));
        Run run = user.mpx(words.toArray(String[]::new));
        assertThat(run).isEqualTo(new Run(0, "unix:" + user.home().resolve("broker.sock") + "\n", ""));
        assertThat(user.daemon().isAlive()).isTrue();
    }

    /** Red when Mpx does not move them behind the command. */
    @Test
    void whichServerIsMeantMayBeSaidBeforeTheCommand() throws Exception {
        user.ensure(server);
        Run home = user.mpx("--home", user.home().toString(), "status");
        assertThat(home.stdout()).contains("pid " + user.daemon().pid());
        assertThat(user.mpx("--home=" + user.home(), "status", "--json").stdout()).contains("\"pid\"");
        Run palace = user.mpx("--palace", user.directory().resolve("p q").toString(), "status");
        assertThat(palace.status()).isEqualTo(3);
        assertThat(palace.stderr()).contains("p q.mpx", "mpx ensure --palace '" + user.directory() + "/p q'");
        assertThat(user.mpx("--palace=" + user.directory().resolve("p"), "stop").status()).isEqualTo(3);
    }

    @Test
    void hintsNameTheHomeAndTheCommandAndWhatWasTried() throws Exception {
        String odd = user.directory().resolve("it's here").toString();
        Run status = user.mpx("status", "--home", odd, "--", "a server", "x");
        assertThat(status.stderr()).contains("there is no " + odd + "/broker.json",
                "this starts it: mpx ensure --home '" + odd.replace("'", "'\\''") + "' -- 'a server' x");
        assertThat(user.mpx("stop", "--home", odd).stderr()).contains("there is no " + odd + "/broker.json");

        user.ensure(server);
        user.daemon().kill();
        await().until(() -> user.daemons().isEmpty());
        String tried = "(tried unix:" + user.home().resolve("broker.sock") + ")";
        assertThat(user.status().stderr()).contains(tried, "mpx ensure --home " + user.home() + "\n");
        assertThat(user.stop().stderr()).contains("no daemon runs", tried);
    }
}
