package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who comes by the ways for guests: their socket, and TCP. */
@Timeout(120)
class GuestIT {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
            + "\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}}\n";

    @RegisterExtension
    final UserHome user = new UserHome();

    private String guest(int which) throws IOException {
        return user.broker().at("guests").elements().get(which).text();
    }

    private String token() throws IOException {
        return user.broker().at("token").text();
    }

    private void ensureWithTcp() throws Exception {
        user.set("MPX_TCP_PORT", "0");
        user.ensure(ScriptedServer.command());
    }

    private int port() throws IOException {
        String endpoint = guest(1);
        assertThat(endpoint).startsWith("tcp://127.0.0.1:");
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout((int) UserHome.PATIENCE.toMillis());
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isClosedWithoutAWord(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** The shim that runs on Java, whatever {@code mpx} itself is. */
    private static List<String> javaMpx(String... words) {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().getParent().resolveSibling("lib/mpx.sh").toString()));
        command.addAll(List.of(words));
        return command;
    }

    private Run mpx(String... words) throws Exception {
        return Run.of(javaMpx(words), user.environment(), user.directory());
    }

    private Path empty() {
        return user.directory().resolve("container");
    }

    @Test
    void withoutASettingNobodyCanConnectByTcpAndThereIsNoToken() throws Exception {
        user.ensure(ScriptedServer.command());
        assertThat(user.broker().at("guests").elements()).hasSize(1);
        assertThat(user.broker().toString()).doesNotContain("token");
    }

    @Test
    void overTheirSocketGuestsSpeakMcpAndGetStatusAndCanNotStopTheDaemon() throws Exception {
        user.ensure(ScriptedServer.command());
        try (McpClient guest = McpClient.socket(Path.of(guest(0).substring("unix:".length()))).timeout(UserHome.PATIENCE).open()) {
            isServedAndCanNeitherStopNorBorrow(guest);
        }
    }

    @Test
    void overTcpGuestsSpeakMcpAndGetStatusAndCanNotStopTheDaemon() throws Exception {
        ensureWithTcp();
        user.set("MEMPALACE_BROKER_TOKEN", token());
        List<String> shim = javaMpx("--home", empty().toString(), "--endpoint", guest(1), "--", "what-runs-there");
        try (McpClient guest = McpClient.process(shim).onlyEnvironment(user.environment()).directory(user.directory())
                .timeout(UserHome.PATIENCE).open()) {
            isServedAndCanNeitherStopNorBorrow(guest);
        }
        Run status = mpx("status", "--home", empty().toString(), "--endpoint", guest(1));
        assertThat(status.status()).as(status.toString()).isZero();
        assertThat(status.stdout()).contains("mpx is well");
        Run stop = mpx("stop", "--home", empty().toString(), "--endpoint", guest(1));
        assertThat(stop.status()).isEqualTo(1);
        assertThat(stop.stderr()).contains("A guest can't stop");
        user.daemon();
    }

    private void isServedAndCanNeitherStopNorBorrow(McpClient guest) throws IOException {
        assertThat(guest.initialize().isError()).isFalse();
        assertThat(guest.tool("echo", "{\"text\":\"hi\"}").text()).isEqualTo("hi");
        JsonResponse stop = guest.request("mpx/stop", "{}");
        assertThat(stop.isError()).isTrue();
        assertThat(stop.errorMessage()).contains("A guest can't stop");
        for (String method : List.of("mpx/borrow", "mpx/return")) {
            JsonResponse borrow = guest.request(method, "{\"key\":\"k\",\"command\":[\"x\"],\"job\":1}");
            assertThat(borrow.errorCode()).hasValue(-32600);
            assertThat(borrow.errorMessage()).contains("A guest can't borrow");
        }
        assertThat(guest.request("mpx/status", "{\"format\":\"json\"}").isError()).isFalse();
        assertThat(guest.tool("echo", "{\"text\":\"still\"}").text()).isEqualTo("still");
        user.daemon();
    }

    @Test
    void whoShowsNoTokenAWrongOneTooMuchOrTooLittleIsClosedWithoutAWordWhileOthersAreServed() throws Exception {
        user.set("MPX_TCP_PORT", "0");
        try (Bystander bystander = Bystander.with(user.session(ScriptedServer.command()))) {
            try (Socket slow = connect(); Socket silent = connect()) {
                say(slow, ("mpx-token " + token()).substring(0, 60));
                for (String first : List.of(INITIALIZE, "mpx-token " + "0".repeat(64) + "\n" + INITIALIZE, "x".repeat(1 << 20))) {
                    try (Socket socket = connect()) {
                        try {
                            say(socket, first);
                        } catch (SocketException closedWithin) {
                            // of what is too long not all can be said
                        }
                        assertThat(isClosedWithoutAWord(socket)).as(first.substring(0, 20)).isTrue();
                    }
                }
                assertThat(isClosedWithoutAWord(slow)).isTrue();
                assertThat(isClosedWithoutAWord(silent)).isTrue();
            }
            try (Socket right = connect()) {
                say(right, "mpx-token " + token() + "\n" + INITIALIZE);
                assertThat(new String(right.getInputStream().readNBytes(8), StandardCharsets.UTF_8)).isEqualTo("{\"jsonrp");
            }
            assertThat(user.logged(user.home(), "turned away a client")).hasSize(1);
            assertThat(user.logged(user.home(), token())).isEmpty();
            bystander.sawNothing(Duration.ofSeconds(2));
        }
    }

    @Test
    void aShimWithoutATokenSaysWhereItComesFrom() throws Exception {
        ensureWithTcp();
        try (McpClient agent = McpClient.process(javaMpx("--home", empty().toString(), "--endpoint", guest(1), "--", "x"))
                .onlyEnvironment(user.environment()).directory(user.directory()).timeout(UserHome.PATIENCE).open()) {
            assertThat(agent.initialize().errorMessage()).contains(guest(1), "MEMPALACE_BROKER_TOKEN", "broker.json");
        }
        Run status = mpx("status", "--home", empty().toString(), "--endpoint", guest(1));
        assertThat(status.status()).isEqualTo(3);
        assertThat(status.stderr()).contains("MEMPALACE_BROKER_TOKEN");
    }

    @Test
    void aSessionByTcpSurvivesTheDaemonAndFindsTheNextTokenInTheHome() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        user.set("MPX_TCP_PORT", Integer.toString(port));
        user.ensure(ScriptedServer.command());
        String token = token();
        List<String> shim = javaMpx("--home", user.home().toString(), "--endpoint", "tcp://127.0.0.1:" + port, "--", "x");
        try (McpClient agent = McpClient.process(shim).onlyEnvironment(user.environment()).directory(user.directory())
                .timeout(UserHome.PATIENCE).open()) {
            assertThat(agent.initialize().isError()).isFalse();
            assertThat(agent.tool("echo", "{\"text\":\"1\"}").text()).isEqualTo("1");
            OsProcess first = user.daemon();
            first.kill();
            await().atMost(UserHome.PATIENCE).until(() -> !first.isAlive());
            user.ensure(ScriptedServer.command());
            // it listens a moment before it says so
            await().atMost(UserHome.PATIENCE).until(() -> !token().equals(token));
            assertThat(agent.tool("echo", "{\"text\":\"2\"}").text()).isEqualTo("2");
        }
    }

    @Test
    void aPortThatIsTakenKeepsNobodyElseFromTheDaemon() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            user.set("MPX_TCP_PORT", Integer.toString(taken.getLocalPort()));
            user.ensure(ScriptedServer.command());
            assertThat(user.broker().at("guests").elements()).hasSize(1);
            assertThat(user.logged(user.home(), "can't listen on tcp://127.0.0.1:" + taken.getLocalPort())).hasSize(1);
        }
    }
}
