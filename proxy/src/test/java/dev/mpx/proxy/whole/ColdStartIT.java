package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.Alone;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A server that takes 20 s before it reads its first byte, as a palace with a large index does, and clients that give
 * up long before: a daemon that has seen the server before answers for it.
 */
@Timeout(180)
@Alone
class ColdStartIT {
    private static final Duration SLOW = Duration.ofSeconds(20);
    /** The promise is 1 s on a quiet machine, JVMs of the shim and the daemon included; tests run on busy ones. */
    private static final Duration FAR_FROM_SLOW = Duration.ofSeconds(12);

    private static final List<String> LISTS = List.of("tools/list", "prompts/list", "resources/list");

    @RegisterExtension
    final UserHome user = new UserHome();

    /** The same command line each time; it is slow, and has its lists in pages of three, while there is a file "slow". */
    private static List<String> server() {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c",
                "if [ -e \"$HOME/slow\" ]; then set -- \"$@\" --start-delay " + SLOW.toMillis() + " --page-size 3; fi; exec \"$@\"",
                "server"));
        command.addAll(ScriptedServer.command());
        return command;
    }

    /** Lets a daemon see the server once, and ends it. */
    private void beKnown() throws Exception {
        try (McpClient first = user.agent(server()).open()) {
            first.initialize();
            await().atMost(UserHome.PATIENCE).until(() -> Files.exists(profile()));
        }
        assertThat(user.stop().status()).isZero();
        Files.createFile(user.directory().resolve("slow"));
    }

    private Path profile() {
        return user.home().resolve("profile.json");
    }

    // red when Welcome does not look into ColdStart, and when the daemon is given Profiles.NONE
    @Test
    void aClientHasItsHandshakeAndItsListsLongBeforeTheServerReadsItsFirstByte() throws Exception {
        beKnown();
        long start = System.nanoTime();
        try (McpClient agent = user.agent(server()).open()) {
            assertThat(agent.initialize().errorCode()).isEmpty();
            for (String list : LISTS) {
                assertThat(agent.request(list, "{}").errorCode()).as(list).isEmpty();
            }
            Duration taken = Duration.ofNanos(System.nanoTime() - start);
            System.out.printf(
                    Locale.ROOT,
                    "[figure] cold start, the server needs %d s: initialize and the lists within %d ms%n",
                    SLOW.toSeconds(),
                    taken.toMillis());
            assertThat(taken).isLessThan(FAR_FROM_SLOW);
            assertThat(user.statusJson().at("child", "state").text()).isEqualTo("starting");
        }
    }

    // red when ColdStart.onPage does not compare, and when it announces every list
    @Test
    void onceTheServerIsThereCallsAreServedAndOnlyTheListThatDiffersIsAnnounced() throws Exception {
        beKnown();
        String before = Files.readString(profile());
        try (McpClient agent = user.agent(server()).open()) {
            agent.initialize();
            int known = tools(agent).size();
            CompletableFuture<JsonResponse> early = agent.callTool("echo", "{\"text\":\"early\"}");
            assertThat(early).isNotDone();

            assertThat(agent.nextNotification("notifications/tools/list_changed", UserHome.PATIENCE)).isPresent();

            assertThat(agent.await(early).text()).isEqualTo("early");
            assertThat(known).isGreaterThan(3);
            assertThat(tools(agent)).hasSize(3);
            await().atMost(UserHome.PATIENCE).until(() -> !Files.readString(profile()).equals(before));
            assertThat(agent.request("ping", "{}").errorCode()).isEmpty();
            assertThat(agent.notifications().stream().map(told -> told.at("method").text()))
                    .filteredOn(method -> method.endsWith("list_changed"))
                    .allMatch("notifications/tools/list_changed"::equals);
        }
    }

    private static List<Json> tools(McpClient agent) throws IOException {
        return agent.request("tools/list", "{}").result("tools").elements();
    }
}
