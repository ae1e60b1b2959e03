package dev.mpx.proxy.whole;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.metrics.PrometheusPage;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happened, and how long it took: {@code mpx logs}, {@code trace}, {@code metrics}, and the latencies of the status. */
@Timeout(90)
class ObserveIT {
    private static final String SECRET = "quite-private";

    @RegisterExtension
    final UserHome user = new UserHome();

    private final List<String> server = ScriptedServer.command();
    private final List<Follower> followers = new ArrayList<>();

    /** A command that goes on, and what it has printed. */
    private record Follower(Process process, Path out, Path err) {
        String printed() throws IOException {
            return Files.readString(out, UTF_8);
        }

        int interrupt() throws Exception {
            new OsProcess(process.pid()).signal("INT");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(err).isEmptyFile();
            return process.exitValue();
        }
    }

    private Follower follow(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--home", user.home().toString()));
        Path out = Files.createTempFile(user.directory(), "follow", ".out");
        Path err = Files.createTempFile(user.directory(), "follow", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(user.environment());
        Follower follower = new Follower(builder.start(), out, err);
        followers.add(follower);
        return follower;
    }

    @AfterEach
    void endFollowers() {
        followers.forEach(follower -> follower.process().destroyForcibly());
    }

    private Run mpx(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", user.home().toString()));
        return user.mpx(all.toArray(String[]::new));
    }

    private static void echo(McpClient client) {
        assertThat(client.tool("echo", "{\"text\":\"" + SECRET + "\"}").text()).isEqualTo(SECRET);
    }

    // ---- the status

    @Test
    void theStatusHasTheLatencyOfEachTool() throws Exception {
        try (McpClient client = user.session(server)) {
            echo(client);
            echo(client);
            client.tool("sleep", "{\"ms\":120}");

            List<Json> latency = user.statusJson().at("latency").elements();

            assertThat(latency).extracting(one -> one.at("tool").text()).containsSequence("echo", "sleep");
            assertThat(latency.get(0).at("calls").integer()).isEqualTo(2);
            Json sleep = latency.get(1);
            assertThat(Double.parseDouble(sleep.at("p50Ms").toString())).isBetween(119.0, 10_000.0);
            assertThat(Double.parseDouble(sleep.at("childP99Ms").toString())).isBetween(119.0, 10_000.0);
            assertThat(Double.parseDouble(sleep.at("maxMs").toString())).isGreaterThanOrEqualTo(120.0);
        }
    }

    // ---- logs

    @Test
    void theLogNamesSessionsAndCallsAndNeverWhatWasSaid() throws Exception {
        user.set("MPX_TIMEOUTS_REQUEST", "1s");
        try (McpClient client = user.session(server)) {
            echo(client);
            assertThat(client.tool("hang", "{\"text\":\"" + SECRET + "\"}").errorCode()).hasValue(-32010);
        }
        await().untilAsserted(() -> assertThat(mpx("logs").stdout()).contains("session 2 has left (fixture)"));

        Run log = mpx("logs");
        assertThat(log.status()).isZero();
        assertThat(log.stdout()).contains(
                "serving [", "session 2 has come: fixture", "server started, pid ", "(tools/call hang): timed-out after 1",
                "-32010 timeout").doesNotContain(SECRET).doesNotContain("tools/call echo");
        assertThat(log.stdout().lines()).allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+Z (INFO |WARN |ERROR|DEBUG) \\S+: .*"));
        assertThat(mpx("logs", "-n", "2").stdout().lines()).hasSize(2);
    }

    /** Red when one of them prints what it read as it is. */
    @Test
    void nothingThatIsPrintedDoesAnythingToATerminal() throws Exception {
        String evil = "\\u202eevil\\u2066\\u009b31m\\u007f\\u001b[2J";
        try (McpClient client = user.session(server); McpClient other = user.socket().open()) {
            echo(client);
            other.callWithId("1", "initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"" + evil
                    + "\",\"version\":\"1\"}}").get();
            other.callWithId("2", "tools/call", "{\"name\":\"" + evil + "\",\"arguments\":{}}").get();
            Files.writeString(user.home().resolve("logs/child.log"), "a server \u202esays\u2069 \u001b[2J\ta lot\n");
            for (String command : List.of("logs", "logs --child", "trace", "status --all", "status --json", "metrics")) {
                Run run = mpx(command.split(" "));

                assertThat(run.stdout()).as(command).contains(command.equals("logs --child") ? "says" : "evil");
                assertThat(run.stdout().chars()).as(command).noneMatch(c -> c != '\n' && c != '\t' && (Character.isISOControl(c)
                        || c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069));
            }
            Json named = Json.parse(mpx("trace").stdout().lines().filter(line -> line.contains("evil")).findFirst().orElseThrow());
            assertThat(named.at("agent").text()).isEqualTo("\u202eevil\u2066\u009b31m\u007f\u001b[2J");
        }
    }

    @Test
    void howMuchIsLoggedCanBeSet() throws Exception {
        Files.createDirectories(user.home());
        Files.writeString(user.home().resolve("mpx.toml"), "[log]\nlevel = \"debug\"\n");
        try (McpClient client = user.session(server)) {
            echo(client);
        }
        assertThat(mpx("logs").stdout()).contains("DEBUG CallLog: session 2 call ", "(tools/call echo): answered after").doesNotContain(SECRET);
    }

    @Test
    void aLevelThatIsNoneIsSaidToBeAndLogged() throws Exception {
        user.set("MPX_LOG_LEVEL", "loud");
        List<String> ensure = new ArrayList<>(List.of("ensure"));
        ensure.addAll(user.words(server));
        Run run = user.mpx(ensure.toArray(String[]::new));

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.stderr()).contains("MPX_LOG_LEVEL is \"loud\" but must be one of error, warn, info and debug");
        assertThat(mpx("logs").stdout()).contains("ERROR Tenure: MPX_LOG_LEVEL is \"loud\"");
    }

    @Test
    void logsAreFollowedWithoutADaemonAndThroughTheNext() throws Exception {
        Run none = mpx("logs");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.stderr()).contains("no daemon has served " + user.home() + " yet");

        Follower log = follow("logs", "-f");
        Follower child = follow("logs", "-f", "--child");
        try (McpClient client = user.session(server)) {
            client.callTool("crash", "{}");
            await().untilAsserted(() -> assertThat(child.printed()).contains("scripted: crashing"));
            await().untilAsserted(() -> assertThat(log.printed()).contains("serving [", "ended with status 1", "child-died"));
        }
        user.stop();
        await().untilAsserted(() -> assertThat(log.printed()).contains("leaving: told to stop"));
        user.ensure(server);
        await().untilAsserted(() -> assertThat(log.printed().split("serving \\[", -1)).hasSize(3));

        assertThat(log.interrupt()).isEqualTo(130);
    }

    // ---- trace

    @Test
    void theTraceHasALineForEachCallAndGoesOn() throws Exception {
        try (McpClient client = user.session(server)) {
            echo(client);
            Run trace = mpx("trace");
            assertThat(trace.status()).isZero();
            Json line = Json.parse(trace.stdout().lines().filter(one -> one.contains("\"tool\":\"echo\"")).findFirst().orElseThrow());
            assertThat(line.at("agent").text()).isEqualTo("fixture");
            assertThat(line.at("session").integer()).isEqualTo(2);
            assertThat(line.at("outcome").text()).isEqualTo("answered");
            assertThat(line.at("requestBytes").integer()).isPositive();
            assertThat(line.at("answerBytes").integer()).isPositive();
            assertThat(trace.stdout()).doesNotContain(SECRET);

            Follower plain = follow("trace", "-f", "-n", "0");
            Follower curious = follow("trace", "-f", "--payloads", "-n", "0");
            await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
                echo(client);
                assertThat(plain.printed()).contains("\"tool\":\"echo\"").doesNotContain(SECRET);
                assertThat(curious.printed()).contains("\"arguments\":{\"text\":\"" + SECRET + "\"}").contains("\"result\":{");
            });
            assertThat(plain.interrupt()).isEqualTo(130);

            user.stop();
            assertThat(curious.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(curious.process().exitValue()).isEqualTo(3);
            assertThat(Files.readString(curious.err())).contains("no daemon: it has left");
        }
        assertThat(mpx("trace").status()).isEqualTo(3);
        assertThat(mpx("trace", "--payloads").status()).isEqualTo(2);
    }

    @Test
    void aFollowerThatDoesNotReadHoldsNobodyUpAndIsToldWhatItMissed() throws Exception {
        try (McpClient client = user.session(server); var lazy = java.nio.channels.SocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            lazy.connect(java.net.UnixDomainSocketAddress.of(user.socketPath()));
            String ask = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"mpx/trace\",\"params\":{\"follow\":true,\"payloads\":true}}\n";
            lazy.write(java.nio.ByteBuffer.wrap(ask.getBytes(UTF_8)));
            for (int i = 0; i < 300; i++) {
                client.tool("size", "{\"bytes\":16000}");
            }

            Json buffers = user.statusJson().at("buffers");
            assertThat(buffers.at("bytes").integer()).isBetween(1L << 20, 3L << 20);
            StringBuilder read = new StringBuilder();
            java.nio.ByteBuffer chunk = java.nio.ByteBuffer.allocate(1 << 16);
            lazy.configureBlocking(false);
            await().untilAsserted(() -> {
                client.tool("pid");
                while (lazy.read(chunk.clear()) > 0) {
                    read.append(new String(chunk.array(), 0, chunk.position(), UTF_8));
                }
                assertThat(read.toString()).contains(",\"dropped\":");
            });
        }
    }

    // ---- metrics

    @Test
    void metricsAreOfAllThatHappenedBeforeAnybodyAsked() throws Exception {
        try (McpClient client = user.session(server)) {
            echo(client);
            assertThat(openLibraries()).as("loaded before anybody has asked").isEmpty();

            Run run = mpx("metrics");

            assertThat(run.status()).isZero();
            PrometheusPage page = PrometheusPage.read(run.stdout());
            assertThat(page.value("mpx_calls_total{method=\"tools/call\",outcome=\"answered\",tool=\"echo\"}")).isEqualTo(1);
            assertThat(page.value("mpx_call_duration_seconds_count{method=\"tools/call\",tool=\"echo\"}")).isEqualTo(1);
            assertThat(page.value("mpx_sessions")).isEqualTo(1);
            assertThat(page.value("mpx_transferred_bytes_total{direction=\"in\",peer=\"server\"}")).isGreaterThan(100);
            assertThat(page.value("mpx_transferred_bytes_total{direction=\"out\",peer=\"client\"}")).isGreaterThan(100);
            assertThat(page.value("mpx_server_resident_bytes")).isGreaterThan(1 << 20);
            assertThat(page.value("mpx_daemon_resident_bytes")).isGreaterThan(1 << 20);
            assertThat(openLibraries()).isNotEmpty();
        }
    }

    /** The jars with what writes metrics that the daemon has open. */
    private List<Path> openLibraries() throws IOException {
        Path descriptors = Path.of("/proc/" + user.daemon().pid() + "/fd");
        assumeTrue(Files.isDirectory(descriptors), "only Linux tells which files a process has open");
        try (Stream<Path> open = Files.list(descriptors)) {
            return open.map(ObserveIT::target).filter(file -> file.toString().contains("/lib/metrics/")).toList();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException closedMeanwhile) {
            return link;
        }
    }

    @Test
    void metricsAreServedOnALoopbackPortIfASettingSaysSo() throws Exception {
        int port = freePort();
        user.set("MPX_METRICS_PORT", Integer.toString(port));
        try (McpClient client = user.session(server)) {
            echo(client);
            HttpClient http = HttpClient.newHttpClient();
            HttpRequest ask = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
            HttpResponse<String> answer = http.send(ask, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(PrometheusPage.read(answer.body()).value("mpx_call_duration_seconds_count{method=\"tools/call\",tool=\"echo\"}")).isEqualTo(1);
        }
    }

    @Test
    void aPortThatIsTakenKeepsNobodyFromBeingServed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            user.set("MPX_METRICS_PORT", Integer.toString(taken.getLocalPort()));
            user.ensure(server);
            assertThat(user.logged(user.home(), "can't listen on 127.0.0.1:" + taken.getLocalPort())).hasSize(1);

            Run status = user.status();

            assertThat(status.stdout()).contains("port      127.0.0.1:" + taken.getLocalPort() + " (metrics) can't be had: ",
                    "set another port below [metrics] in mpx.toml, or end who has this one; then: mpx restart --home");
            Json told = user.statusJson().at("daemon", "portsTaken").elements().get(0);
            assertThat(told.at("address").text()).isEqualTo("127.0.0.1:" + taken.getLocalPort());
            if (Files.isDirectory(Path.of("/proc/self"))) {
                assertThat(status.stdout()).contains(", by pid " + ProcessHandle.current().pid() + " (");
                assertThat(told.at("pid").integer()).isEqualTo(ProcessHandle.current().pid());
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    // ---- guests

    @Test
    void guestsSeeNeitherTraceNorMetrics() throws Exception {
        user.ensure(server);
        String guests = user.broker().at("guests").elements().get(0).text().substring("unix:".length());
        try (McpClient guest = McpClient.socket(Path.of(guests)).timeout(UserHome.PATIENCE).open()) {
            assertThat(guest.request("mpx/trace", "{}").errorCode()).hasValue(-32600);
            assertThat(guest.request("mpx/trace", "{\"follow\":true}").errorCode()).hasValue(-32600);
            assertThat(guest.request("mpx/metrics", "{}").errorCode()).hasValue(-32600);
        }
    }

    /** Red when it is said alone that there is none. */
    @Test
    void traceAndMetricsWithoutADaemonSayWhatWasTriedWhatHelpsAndWhereTheLogIs() throws Exception {
        user.ensure(server);
        String socket = "(tried unix:" + user.home() + "/broker.sock)";
        OsProcess daemon = user.daemon();
        daemon.signal("STOP");
        for (String command : List.of("trace", "metrics")) {
            Run hung = mpx(command);
            assertThat(hung.status()).isEqualTo(3);
            assertThat(hung.stderr()).startsWith("mpx: no daemon: it takes connections but has not answered for 10 s " + socket + ".\n")
                    .contains("if it hangs, this replaces it: mpx restart --home " + user.home() + "\n",
                            "\nlog       " + user.home() + "/logs/mpx.log\n");
        }
        daemon.kill();
        await().until(() -> user.daemons().isEmpty());
        Files.writeString(user.home().resolve("server.json"), "{\"command\": [\"x\"], \"palace\": null, \"unit\": \"mpx-it.service\"}\n");
        for (String command : List.of("trace", "metrics")) {
            Run gone = mpx(command);
            assertThat(gone.status()).isEqualTo(3);
            assertThat(gone.stderr()).as("as mpx status says it").isEqualTo(user.status().stderr()).contains(socket,
                    "the service mpx-it.service keeps it; this starts it: systemctl --user restart mpx-it.service\n",
                    "\njournal   journalctl --user -u mpx-it.service\n");
        }
    }
}
