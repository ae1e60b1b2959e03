package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents in a container use the palace of the host by SSH, and what becomes of them when the way there is cut. */
@Timeout(120)
class OverSshIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @RegisterExtension
    final TwoSides sides = new TwoSides();

    private McpClient agent() {
        McpClient agent = sides.agent().open();
        JsonResponse answer = agent.initialize();
        assertThat(answer.isError()).as(answer.toString()).isFalse();
        agent.notify("notifications/initialized");
        return agent;
    }

    /** Those that shims have begun. */
    private List<Json> sessionsOnHost() throws Exception {
        return Json.parse(sides.onHost("status", "--json").stdout()).at("sessions").elements().stream()
                .filter(session -> session.get("shim").isPresent()).toList();
    }

    private static String echo(McpClient agent, String text) {
        return agent.tool("echo", "{\"text\":\"" + text + "\"}").toString();
    }

    @Test
    void agentsInTheContainerShareTheHostsDaemonByOneConnectionAndLeaveNothing() throws Exception {
        sides.ready();
        try (McpClient first = agent(); McpClient second = agent()) {
            assertThat(echo(first, "one")).contains("one");
            assertThat(echo(second, "two")).contains("two");
            assertThat(sides.sshd().connections()).hasSize(1);
            assertThat(sides.host.daemons()).hasSize(1);
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            assertThat(sessionsOnHost()).hasSize(2).allSatisfy(session -> assertThat(session.toString()).contains("\"" + name + "\"", sides.container.directory().toString()));
            assertThat(sides.onHost("status").stdout()).contains(name + ":");

            assertThat(sides.host.daemon().commandLine().toString()).as("what SSH takes is the relay's alone").doesNotContain("sshd");
            Run seen = sides.inContainer("status");
            assertThat(seen.stdout()).contains(sides.host.directory() + "/.mempalace", "relay     " + sides.endpoint(), "2 sessions");
            Json json = Json.parse(sides.inContainer("status", "--json").stdout());
            assertThat(json.at("relay").toString()).contains("\"connected\":true", "\"sessions\":2");

            String large = "x".repeat(3 << 20);
            assertThat(echo(first, large)).contains(large);

            long relay = sides.relay().pid();
            assertThat(sides.inContainer("restart").status()).isZero();
            assertThat(sides.relay().pid()).isNotEqualTo(relay);
            assertThat(echo(first, "again")).contains("again");
            assertThat(sides.host.daemons()).as("the relay alone was restarted").hasSize(1);

            assertThat(sides.onHost("restart").status()).isZero();
            await().atMost(SOON).until(() -> echo(second, "anew").contains("anew"));
        }
        assertThat(sides.inContainer("stop").status()).isZero();
        await().atMost(SOON).until(() -> sides.sshd().everything().isEmpty());
        assertThat(sides.container.processes().toList()).isEmpty();
        assertThat(sides.host.daemons()).as("the host's daemon is not the relay's to stop").hasSize(1);
    }

    @Test
    void whereSocketsAreNotForwardedSessionsRunACommandOnTheHost() throws Exception {
        sides.sshd().option("AllowStreamLocalForwarding no");
        sides.ready();
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "through")).contains("through");
            assertThat(sides.inContainer("status").stdout()).contains("no sockets forwarded");
            await().atMost(SOON).until(() -> pipes().size() == 1); // that of the status has ended
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":20000}");
            assertThat(sides.onHost("stop").status()).isZero();
            JsonResponse answer = agent.await(call);
            assertThat(answer.errorCode()).as("the end of the host's daemon reaches the agent").isPresent();
            assertThat(echo(agent, "again")).contains("again");
        }
        await().atMost(SOON).until(() -> pipes().isEmpty());
    }

    private List<OsProcess> pipes() {
        return sides.host.processes().filter(one -> one.commandLine().contains("connect")).toList();
    }

    @Test
    void anAgentIsToldWhatIsWrongAndServedOnceItIsMended() throws Exception {
        sides.sshd().start();
        try (McpClient agent = sides.agent().open()) {
            JsonResponse unknown = agent.initialize();
            assertThat(unknown.errorCode()).hasValue(-32012);
            assertThat(unknown.toString()).contains("SHA256:", "accept it with: ");

            sides.introduce();
            await().atMost(SOON).untilAsserted(() -> assertThat(agent.initialize().toString())
                    .contains("mpx is not installed on 127.0.0.1", sides.host.environment().get("PATH")));
            Run status = sides.inContainer("status");
            assertThat(status.status()).isEqualTo(1);
            assertThat(status.stdout()).contains("not connected", "mpx is not installed");

            sides.install();
            await().atMost(SOON).until(() -> !agent.initialize().isError());
            assertThat(echo(agent, "mended")).contains("mended");
        }
        sides.sshd().authorizeNobody();
        sides.sshd().cutConnections();
        try (McpClient agent = sides.agent().open()) {
            await().atMost(SOON).untilAsserted(() ->
                    assertThat(agent.initialize().toString()).contains("does not let user", "These keys were shown: ssh-ed25519 SHA256:"));
        }
    }

    @Test
    void aCallThatIsCutOffIsAnsweredAndTheSessionGoesOnWhenTheHostIsBack() throws Exception {
        sides.ready();
        try (McpClient agent = agent(); McpClient other = agent()) {
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":60000}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));

            sides.sshd().stop();
            JsonResponse cut = agent.await(call);
            assertThat(cut.errorCode()).hasValue(-32011);
            assertThat(cut.errorData("mpx", "outcome").orElseThrow().text()).isEqualTo("unknown");

            sides.sshd().start();
            assertThat(echo(agent, "back")).contains("back");
            assertThat(echo(other, "back, too")).contains("back, too");
            assertThat(sides.container.daemons()).hasSize(1);
            assertThat(sides.sshd().connections()).hasSize(1);
            await().atMost(SOON).until(() -> sessionsOnHost().size() == 2);
        }
    }

    @Test
    void aRelayThatIsToldToEndLetsCallsFinishAndNoLongerThanTheSettingSays() throws Exception {
        sides.ready();
        sides.container.set("MPX_DAEMON_DRAIN", "3s");
        try (McpClient agent = agent(); McpClient other = agent()) {
            OsProcess relay = sides.relay();
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":1500}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));
            relay.signal("TERM");
            assertThat(agent.await(call).isError()).as("it is answered").isFalse();
            await().atMost(SOON).until(() -> !relay.isAlive());
            assertThat(echo(agent, "goes on")).contains("goes on");
            assertThat(echo(other, "goes on")).contains("goes on");
            OsProcess next = sides.relay();
            assertThat(next).isNotEqualTo(relay);

            CompletableFuture<JsonResponse> longer = agent.callTool("sleep", "{\"ms\":20000}");
            await().until(() -> sides.onHost("status").stdout().contains("sleep"));
            long begun = System.nanoTime();
            next.signal("TERM");
            JsonResponse told = agent.await(longer);
            assertThat(told.errorCode()).hasValue(-32011);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(8));
        }
    }

    @Test
    void anAgentHearsThePresentReasonWhyThereIsNoWay() throws Exception {
        sides.ready();
        sides.container.set("MPX_JAVA_OPTS", "-Dmpx.patience=1500");
        try (McpClient agent = agent()) {
            sides.sshd().stop();
            await().atMost(SOON).untilAsserted(() -> assertThat(refusal(agent)).contains("No SSH server can be reached"));
            Run status = sides.inContainer("status");
            assertThat(status.stdout()).containsPattern("relay +" + sides.endpoint() + ", not connected for \\d+ s, ").contains("No SSH server can be reached");

            sides.sshd().newHostKey("ecdsa");
            sides.sshd().start();
            await().atMost(SOON).untilAsserted(() -> assertThat(refusal(agent)).contains("HAS CHANGED"));

            sides.introduce();
            sides.sshd().authorizeNobody();
            await().atMost(SOON).untilAsserted(() -> assertThat(refusal(agent)).contains("does not let user"));

            sides.sshd().authorize(sides.key());
            await().atMost(SOON).until(() -> echo(agent, "back").contains("back"));
        }
    }

    private static String refusal(McpClient agent) {
        return agent.await(agent.callTool("echo", "{\"text\":\"x\"}")).toString();
    }

    @Test
    void aPeerThatFreezesIsNoticedWithinFifteenSeconds() throws Exception {
        sides.ready();
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "before")).contains("before");
            CompletableFuture<JsonResponse> call = agent.callTool("sleep", "{\"ms\":60000}");
            long begun = System.nanoTime();
            sides.sshd().freeze();
            JsonResponse cut = agent.await(call);
            assertThat(cut.errorCode()).hasValue(-32011);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
            sides.sshd().thaw();
            assertThat(echo(agent, "after")).contains("after");
            await().atMost(SOON).until(() -> sides.sshd().connections().size() == 1);
        }
    }

    /** Red when each of them is kept until the daemon has had its time to answer that one. */
    @Test
    void whereTheHostsDaemonHangsNoCrowdGathersInTheRelay() throws Exception {
        sides.ready();
        sides.inContainer("ensure");
        long before = descriptors(sides.relay());
        OsProcess daemon = sides.host.daemon();
        daemon.signal("STOP");
        try {
            for (int i = 0; i < 100; i++) {
                try (SocketChannel one = SocketChannel.open(UnixDomainSocketAddress.of(sides.relayHome().resolve("broker.sock")))) {
                    one.write(ByteBuffer.wrap(("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"mpx/hello\",\"params\":{\"version\":\"0.1.0\"}}\n")
                            .getBytes(StandardCharsets.UTF_8)));
                }
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> descriptors(sides.relay()) > before + 50);
            await().atMost(Duration.ofSeconds(15)).until(() -> descriptors(sides.relay()) < before + 20);
        } finally {
            daemon.signal("CONT");
        }
    }

    private static long descriptors(OsProcess process) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return all.count();
        }
    }

    @Test
    void aNewerShimReplacesAnOlderRelayAndAnIdleOneLeaves() throws Exception {
        sides.ready();
        sides.container.set("MPX_JAVA_OPTS", "-Dmpx.version=0.0.1");
        sides.container.set("MPX_DAEMON_IDLE", "1s");
        try (McpClient agent = agent()) {
            long older = sides.relay().pid();
            sides.container.environment().remove("MPX_JAVA_OPTS");
            try (McpClient newer = agent()) {
                assertThat(sides.relay().pid()).isNotEqualTo(older);
                assertThat(echo(newer, "new")).contains("new");
                assertThat(echo(agent, "old")).contains("old");
            }
            try (McpClient guest = sides.socket().open()) {
                assertThat(guest.initialize().isError()).as("any client may come without a greeting").isFalse();
                assertThat(echo(guest, "plain")).contains("plain");
            }
        }
        await().atMost(SOON).until(() -> sides.container.processes().findAny().isEmpty());
        await().atMost(SOON).until(() -> sides.sshd().everything().isEmpty());
    }
}
