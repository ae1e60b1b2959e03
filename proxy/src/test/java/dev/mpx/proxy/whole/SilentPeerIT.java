package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A network that is cut while something is under way by TCP, which keepalive does not notice. */
@Timeout(120)
class SilentPeerIT {
    private static final Duration LIMIT = Duration.ofSeconds(25);
    private static final String HERE = "10.213.77.1";

    @RegisterExtension
    final UserHome user = new UserHome();

    private final String name = "mpx" + ProcessHandle.current().pid() % 100_000;

    @BeforeEach
    void connect() throws Exception {
        Assumptions.assumeTrue(ip("netns", "add", name), "no network can be made here");
        boolean isMade = ip("link", "add", name, "type", "veth", "peer", "name", "there", "netns", name)
                && ip("addr", "add", HERE + "/30", "dev", name) && ip("link", "set", name, "up")
                && there("addr", "add", "10.213.77.2/30", "dev", "there") && there("link", "set", "there", "up");
        Assumptions.assumeTrue(isMade, "no network can be made here");
    }

    @AfterEach
    void remove() throws Exception {
        ip("netns", "del", name);
        ip("link", "del", name);
    }

    private boolean ip(String... words) throws InterruptedException {
        try {
            List<String> command = new java.util.ArrayList<>(List.of("ip"));
            command.addAll(List.of(words));
            return Run.of(command, Map.of("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin"), user.directory()).status() == 0;
        } catch (IOException none) {
            return false;
        }
    }

    private boolean there(String... words) throws InterruptedException {
        List<String> all = new java.util.ArrayList<>(List.of("-n", name));
        all.addAll(List.of(words));
        return ip(all.toArray(String[]::new));
    }

    @Test
    void bothSidesNoticeWithinBoundedTime() throws Exception {
        user.set("MPX_TCP_PORT", "0");
        user.set("MPX_TCP_BIND", HERE);
        user.ensure(ScriptedServer.command());
        user.set("MEMPALACE_BROKER_TOKEN", user.broker().at("token").text());
        user.set("PATH", user.environment().get("PATH") + ":/usr/sbin:/sbin");
        List<String> shim = List.of("ip", "netns", "exec", name, UserHome.launcher().getParent().resolveSibling("lib/mpx.sh").toString(),
                "--home", user.directory().resolve("container").toString(), "--endpoint", user.broker().at("guests").elements().get(1).text(), "--", "x");
        try (McpClient guest = McpClient.process(shim).onlyEnvironment(user.environment()).directory(user.directory()).timeout(UserHome.PATIENCE).open()) {
            assertThat(guest.initialize().isError()).isFalse();
            CompletableFuture<JsonResponse> atWork = guest.callTool("sleep", "{\"ms\":2000}");
            await().until(() -> user.statusJson().at("running").elements().size() == 1);
            long begun = System.nanoTime();
            assertThat(there("link", "set", "there", "down")).isTrue();
            CompletableFuture<JsonResponse> underWay = guest.callTool("echo", "{\"text\":\"x\"}");

            assertThat(guest.await(atWork).errorCode()).hasValue(-32011);
            assertThat(guest.await(underWay).errorCode()).hasValue(-32011);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT);
            await().atMost(LIMIT).until(() -> user.logged(user.home(), "has acknowledged nothing").size() == 1);
            await().until(() -> user.statusJson().at("sessions").elements().stream().noneMatch(one -> one.toString().contains("\"tcp\"")));

            assertThat(there("link", "set", "there", "up")).isTrue();
            await().atMost(UserHome.PATIENCE).until(() -> guest.tool("echo", "{\"text\":\"back\"}").text().equals("back"));
        }
    }
}
