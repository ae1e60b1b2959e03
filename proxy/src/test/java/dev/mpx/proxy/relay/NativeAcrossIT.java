package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.shim.ShimProgram;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A container that has nothing of mpx but the native program, and no Java: it reaches the host by ssh(1), and by TCP. */
@Timeout(120)
class NativeAcrossIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    final TwoSides sides = new TwoSides();

    private Path mpx;

    @BeforeEach
    void bare() throws Exception {
        ShimProgram.NATIVE.assumePresent();
        Path programs = Files.createDirectories(sides.container.directory().resolve("bin"));
        mpx = Files.copy(UserHome.launcher(), programs.resolve("mpx"));
        // ssh(1) takes the user's home from the system, not from HOME
        Path config = Files.writeString(sides.container.directory().resolve(".ssh/config"), "IdentityFile " + sides.container.directory()
                + "/.ssh/id_ed25519\nUserKnownHostsFile " + knownHosts() + "\nGlobalKnownHostsFile /dev/null\n");
        Path ssh = Files.writeString(programs.resolve("ssh"), "#!/bin/sh\nexec /usr/bin/ssh -F '" + config + "' \"$@\"\n");
        Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
        sides.container.set("PATH", programs.toString());
        sides.container.environment().remove("MPX_SHIM");
    }

    private Path knownHosts() {
        return sides.container.directory().resolve(".ssh/known_hosts");
    }

    private McpClientBuilder started(String... words) {
        List<String> command = new ArrayList<>(List.of(mpx.toString()));
        command.addAll(List.of(words));
        return McpClient.process(command).onlyEnvironment(sides.container.environment()).directory(sides.container.directory())
                .timeout(UserHome.PATIENCE);
    }

    private McpClient agent() {
        return served(started().open());
    }

    private static McpClient served(McpClient agent) {
        JsonResponse answer = agent.initialize();
        assertThat(answer.isError()).as(answer.toString()).isFalse();
        agent.notify("notifications/initialized");
        return agent;
    }

    private Run run(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(mpx.toString()));
        command.addAll(List.of(words));
        return Run.of(command, sides.container.environment(), sides.container.directory());
    }

    private static String echo(McpClient agent, String text) {
        return agent.tool("echo", "{\"text\":\"" + text + "\"}").toString();
    }

    /** The shared connections that run in the container. */
    private List<OsProcess> masters() {
        return sides.container.processes().filter(one -> one.commandLine().contains("ControlMaster=yes")).toList();
    }

    /** What else runs there, but the shims themselves. */
    private List<OsProcess> others() {
        return sides.container.processes().filter(one -> !one.commandLine().contains("ControlMaster=yes")).toList();
    }

    private long sessionsOnHost() throws Exception {
        return Json.parse(sides.onHost("status", "--json").stdout()).at("sessions").elements().stream()
                .filter(session -> session.get("shim").isPresent()).count();
    }

    // ---- ssh

    @Test
    void sessionsShareOneConnectionThatIsStartedOnceAndLeaveNothingElse() throws Exception {
        sides.ready();
        try (McpClient first = started().open(); McpClient second = started().open()) {
            CompletableFuture<JsonResponse> both = first.call("initialize", initialize());
            served(second);
            assertThat(first.await(both).isError()).isFalse();
            assertThat(echo(first, "one")).contains("one");
            assertThat(echo(second, "two")).contains("two");
            assertThat(masters()).hasSize(1);
            assertThat(sides.sshd().connections()).hasSize(1);
            assertThat(sides.host.daemons()).hasSize(1);
            assertThat(sessionsOnHost()).isEqualTo(2);
            assertThat(sides.container.processes().map(OsProcess::commandLine).toList().toString()).doesNotContain("java");

            String large = "x".repeat(3 << 20);
            assertThat(echo(first, large)).contains(large);

            Run ensure = run("ensure");
            assertThat(ensure.stdout()).as(ensure.toString()).isEqualToIgnoringNewLines(sides.endpoint());
            assertThat(run("status").stdout()).contains("mpx is well", sides.host.directory() + "/.mempalace", "2 sessions");
            assertThat(Json.parse(run("status", "--json").stdout()).at("sessions").elements()).hasSizeGreaterThanOrEqualTo(2);

            assertThat(sides.onHost("restart").status()).isZero();
            await().atMost(SOON).until(() -> echo(second, "anew").contains("anew"));
            await().atMost(SOON).until(() -> echo(first, "anew").contains("anew"));
            assertThat(masters()).hasSize(1);
        }
        await().atMost(SOON).until(() -> others().isEmpty());
        assertThat(Path.of(sides.container.environment().get("XDG_RUNTIME_DIR"), "mpx")).isDirectoryContaining("glob:**/ssh-*");
    }

    private static String initialize() {
        return "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}";
    }

    @Test
    void statusStartsNoDaemonAndEnsureDoes() throws Exception {
        sides.ready();
        Run none = run("status");
        assertThat(none.status()).as(none.toString()).isEqualTo(3);
        assertThat(none.stderr()).contains("no daemon");
        assertThat(sides.host.daemons()).isEmpty();
        assertThat(run("ensure").status()).isZero();
        assertThat(sides.host.daemons()).hasSize(1);
    }

    @Test
    void whereSocketsAreNotForwardedSessionsRunACommandOnTheHost() throws Exception {
        sides.sshd().option("AllowStreamLocalForwarding no");
        sides.ready();
        try (McpClient agent = agent(); McpClient other = agent()) {
            assertThat(echo(agent, "through")).contains("through");
            assertThat(echo(other, "too")).contains("too");
            assertThat(sides.sshd().connections()).hasSize(1);
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":20000}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));
            assertThat(sides.onHost("stop").status()).isZero();
            assertThat(agent.await(call).errorCode()).as("the end of the host's daemon reaches the agent").isPresent();
            assertThat(echo(agent, "again")).contains("again");
            assertThat(echo(other, "again")).contains("again");
        }
        await().atMost(SOON).until(() -> others().isEmpty());
        await().atMost(SOON).until(() -> sides.host.processes().noneMatch(one -> one.commandLine().contains("connect")));
    }

    @Test
    void aKeyThatMayForwardNothingDoes() throws Exception {
        sides.sshd().authorizeNobody().authorize("restrict", sides.key());
        sides.ready();
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "restricted")).contains("restricted");
        }
    }

    @Test
    void aConnectionThatIsKilledCostsTheCallInFlightAloneAndTheNextOneIsServed() throws Exception {
        sides.ready();
        try (McpClient agent = agent(); McpClient other = agent()) {
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":3000}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));
            OsProcess master = masters().get(0);
            master.kill();
            JsonResponse cut = agent.await(call);
            assertThat(cut.errorCode()).hasValue(-32011);
            assertThat(cut.errorData("mpx", "outcome").orElseThrow().text()).isEqualTo("unknown");
            assertThat(echo(agent, "next")).contains("next");
            assertThat(echo(other, "next, too")).contains("next, too");
            assertThat(masters()).hasSize(1).doesNotContain(master);
            await().atMost(SOON).until(() -> sides.sshd().connections().size() == 1);
        }
    }

    @Test
    void aCallThatIsCutOffIsAnsweredAndTheSessionGoesOnWhenTheHostIsBack() throws Exception {
        sides.ready();
        try (McpClient agent = agent()) {
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":60000}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));
            sides.sshd().stop();
            assertThat(agent.await(call).errorCode()).hasValue(-32011);
            sides.sshd().start();
            assertThat(echo(agent, "back")).contains("back");
        }
    }

    @Test
    void aPeerThatFreezesIsNoticedWithinFifteenSeconds() throws Exception {
        sides.ready();
        try (McpClient agent = agent()) {
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":60000}");
            long begun = System.nanoTime();
            sides.sshd().freeze();
            assertThat(agent.await(call).errorCode()).hasValue(-32011);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
            sides.sshd().thaw();
            assertThat(echo(agent, "after")).contains("after");
        }
    }

    @Test
    void anAgentIsToldWhatIsWrongAndServedOnceItIsMended() throws Exception {
        Path ssh = sides.container.directory().resolve("bin/ssh");
        sides.sshd().start();
        try (McpClient agent = started().open()) {
            JsonResponse unknown = agent.initialize();
            assertThat(unknown.errorCode()).hasValue(-32012);
            assertThat(unknown.errorMessage()).contains("The host key of [127.0.0.1]:" + sides.sshd().port() + " is not known",
                    sides.sshd().hostKeys().get(0).fingerprint(), "accept it with: ssh -o StrictHostKeyChecking=ask -p " + sides.sshd().port());
            assertThat(knownHosts()).as("never learned").doesNotExist();

            sides.introduce();
            await().atMost(SOON).untilAsserted(() -> assertThat(agent.initialize().errorMessage())
                    .contains("mpx is not installed on 127.0.0.1", sides.host.environment().get("PATH")));
            Run ensure = run("ensure");
            assertThat(ensure.status()).isEqualTo(3);
            assertThat(ensure.stderr()).contains("mpx is not installed");
            assertThat(run("status").stderr()).contains("mpx is not installed");

            sides.install();
            await().atMost(SOON).until(() -> !agent.initialize().isError());
            assertThat(echo(agent, "mended")).contains("mended");
        }
        endConnections();
        Path elsewhere = Files.move(ssh, ssh.resolveSibling("hidden"));
        assertThat(refusal()).contains("there is no ssh on PATH");
        Files.move(elsewhere, ssh);

        sides.sshd().authorizeNobody();
        assertThat(refusal()).contains("127.0.0.1 does not let user", "These keys were shown: ", sides.key().fingerprint(), "authorized_keys");
        sides.sshd().authorize(sides.key());
        String before = sides.sshd().knownHosts();
        sides.sshd().stop();
        assertThat(refusal()).contains("No SSH connection to 127.0.0.1 can be made", "Connection refused");
        sides.sshd().newHostKey("ecdsa").start();
        assertThat(refusal()).contains("HAS CHANGED", "ssh-keygen -R '[127.0.0.1]:" + sides.sshd().port() + "' -f " + knownHosts());
        assertThat(knownHosts()).hasContent(before);
    }

    private void endConnections() {
        masters().forEach(OsProcess::kill);
        await().atMost(SOON).until(() -> masters().isEmpty());
    }

    private String refusal() throws Exception {
        Run ensure = run("ensure");
        assertThat(ensure.status()).as(ensure.toString()).isEqualTo(3);
        return ensure.stderr();
    }

    @Test
    void anAgentThatEndsWhileTheConnectionIsMadeLeavesNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(sides.sshd().port())) {
            try (McpClient agent = started().open()) {
                agent.call("initialize", initialize());
                silent.accept();
                assertThat(others()).hasSizeGreaterThan(1);
            }
            await().atMost(Duration.ofSeconds(3)).until(() -> sides.container.processes().findAny().isEmpty());
        }
    }

    @Test
    void whereThereIsAJavaSshIsUsedOnRequest() throws Exception {
        sides.ready();
        sides.container.set("PATH", sides.container.environment().get("PATH") + ":" + Path.of(System.getProperty("java.home"), "bin")
                + ":/usr/bin:/bin");
        mpx = UserHome.launcher();
        Path settings = Files.createDirectories(sides.container.directory().resolve(".config/mpx"));
        Files.writeString(settings.resolve("mpx.toml"), "ssh = \"openssh\"\n");
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "openssh")).contains("openssh");
            assertThat(masters()).hasSize(1);
            assertThat(sides.container.daemons()).isEmpty();
        }
        endConnections();
        sides.container.set("MPX_SSH", "java");
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "relay")).contains("relay");
            assertThat(masters()).isEmpty();
            assertThat(sides.container.daemons()).hasSize(1);
        }
    }

    // ---- tcp

    private String ensureWithTcp(int port) throws Exception {
        sides.host.set("MPX_TCP_PORT", Integer.toString(port));
        assertThat(sides.onHost("ensure").status()).isZero();
        return broker().at("guests").elements().get(1).text();
    }

    private Json broker() throws IOException {
        return Json.parse(Files.readString(sides.host.directory().resolve(".mempalace/broker.json")));
    }

    private String token() throws IOException {
        return broker().at("token").text();
    }

    @Test
    void byTcpATokenIsShownAndAWrongOneOrNoneIsExplained() throws Exception {
        String endpoint = ensureWithTcp(0);
        sides.container.set("MEMPALACE_BROKER", "unix:/nowhere"); // --endpoint goes before it
        sides.container.set("MEMPALACE_BROKER_TOKEN", token());
        try (McpClient agent = served(started("--endpoint", endpoint).open())) {
            assertThat(echo(agent, "tcp")).contains("tcp");
            assertThat(agent.request("mpx/stop", "{}").errorMessage()).contains("A guest can't stop");
        }
        Run status = run("status", "--endpoint", endpoint);
        assertThat(status.status()).as(status.toString()).isZero();
        assertThat(status.stdout()).contains("mpx is well");
        assertThat(run("ensure", "--endpoint=" + endpoint).stdout()).isEqualToIgnoringNewLines(endpoint);

        sides.container.set("MEMPALACE_BROKER_TOKEN", "0".repeat(64));
        try (McpClient agent = started("--endpoint", endpoint).open()) {
            assertThat(agent.initialize().errorMessage()).contains(endpoint, "it hung up", "the token is that of an earlier daemon");
        }
        assertThat(run("status", "--endpoint", endpoint).stderr()).contains("the token is not its own");
        sides.container.set("MEMPALACE_BROKER_TOKEN", "not a token");
        try (McpClient agent = started("--endpoint", endpoint).open()) {
            assertThat(agent.initialize().errorMessage()).contains("must be the 64 hexadecimal digits");
        }
        sides.container.environment().remove("MEMPALACE_BROKER_TOKEN");
        try (McpClient agent = started("--endpoint", endpoint).open()) {
            assertThat(agent.initialize().errorMessage()).contains(endpoint, "MEMPALACE_BROKER_TOKEN", "broker.json");
        }
        Run tokenless = run("status", "--endpoint", endpoint);
        assertThat(tokenless.status()).isEqualTo(3);
        assertThat(tokenless.stderr()).contains("MEMPALACE_BROKER_TOKEN");
        for (String none : List.of("http://host", "ssh://host?home=--guest", "ssh://host?home=relative")) {
            try (McpClient agent = started("--endpoint", none).open()) {
                assertThat(agent.initialize().errorMessage()).contains("mpx can't connect to \"" + none + "\": an endpoint is unix:/absolute/path");
            }
        }
    }

    @Test
    void aSessionByTcpSurvivesTheDaemonAndFindsTheNextTokenInTheHome() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        ensureWithTcp(port);
        String token = token();
        sides.container.set("MEMPALACE_BROKER", "tcp://localhost:" + port);
        try (McpClient agent = served(started("--home", sides.host.directory().resolve(".mempalace").toString()).open())) {
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":20000}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));
            OsProcess first = sides.host.daemon();
            first.kill();
            JsonResponse cut = agent.await(call);
            assertThat(cut.errorCode()).hasValue(-32011);
            await().atMost(SOON).until(() -> !first.isAlive());
            ensureWithTcp(port);
            await().atMost(SOON).until(() -> !token().equals(token));
            assertThat(echo(agent, "next")).contains("next");
        }
    }

    @Test
    void aPeerByTcpThatTakesNoConnectionKeepsNoShimFromEnding() throws Exception {
        sides.container.set("MEMPALACE_BROKER_TOKEN", "0".repeat(64));
        try (ServerSocket silent = new ServerSocket(0)) {
            try (McpClient agent = started("--endpoint", "tcp://127.0.0.1:" + silent.getLocalPort()).open()) {
                agent.call("initialize", initialize());
                silent.accept();
                assertThat(agent.request("ping", "{}").isError()).as("answered while it looks").isFalse();
            }
            await().atMost(Duration.ofSeconds(2)).until(() -> sides.container.processes().findAny().isEmpty());
        }
    }
}
