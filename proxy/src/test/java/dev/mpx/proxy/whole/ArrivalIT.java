package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whenever a client arrives, it is served: while a daemon leaves, drains or stands still, or where one has left its files. */
@Timeout(240)
class ArrivalIT {
    /** For a welcome that has to wait for a daemon to leave and for the next to start. */
    private static final Duration WELCOME_LIMIT = Duration.ofSeconds(90);
    /** Longer than anything here is drained, by 23 s: a call is not cut off by it. */
    private static final String DRAIN = "55s";

    @RegisterExtension
    final UserHome user = new UserHome();

    private ServerStarts server;

    @BeforeEach
    void server() {
        server = ServerStarts.in(user.directory());
    }

    private McpClient arrive() {
        return user.agent(server.command()).timeout(WELCOME_LIMIT).open();
    }

    private static CompletableFuture<JsonResponse> welcome(McpClient agent) {
        return CompletableFuture.supplyAsync(agent::initialize);
    }

    private static void assertWelcomed(CompletableFuture<JsonResponse> welcome) throws Exception {
        assertThat(welcome.get(WELCOME_LIMIT.toMillis(), TimeUnit.MILLISECONDS)).matches(answer -> !answer.isError(), "is a welcome");
    }

    private static ConditionFactory patiently() {
        return await().atMost(UserHome.PATIENCE);
    }

    /** The one daemon, once those that leave are gone. */
    private OsProcess onlyDaemon() {
        patiently().until(() -> user.daemons().size() == 1);
        return user.daemon();
    }

    @Test
    void aClientThatArrivesDuringTheExitGetsANewDaemon() throws Exception {
        user.ensure(server.command());
        for (int i = 0; i < 20; i++) {
            long leaving = user.broker().at("pid").integer();
            try (McpClient desk = user.socket().open();
                    McpClient agent = stopAndArrive(desk)) {
                JsonResponse welcome = agent.initialize();
                assertThat(welcome.isError()).as("round %d: %s", i, welcome).isFalse();
                JsonResponse answer = agent.tool("pid");
                assertThat(answer.isError()).as("round %d: %s", i, answer).isFalse();
                assertThat(answer.text()).isEqualTo(server.pids().get(server.pids().size() - 1));
                assertThat(user.broker().at("pid").integer()).isNotEqualTo(leaving);
            }
        }
        assertThat(onlyDaemon().pid()).isEqualTo(user.broker().at("pid").integer());
    }

    private McpClient stopAndArrive(McpClient desk) {
        assertThat(desk.request("mpx/stop", "{}").isError()).isFalse();
        return arrive();
    }

    @Test
    void aClientThatArrivesDuringALongDrainIsServedWhenThatIsOver() throws Exception {
        try (HeldCall call = new HeldCall()) {
            Path socket = user.socketPath();
            OsProcess leaving = user.daemon();
            call.stopDaemon();
            patiently().until(() -> !Files.exists(socket));
            try (McpClient agent = arrive()) {
                CompletableFuture<JsonResponse> welcome = welcome(agent);
                // longer than anybody waits for one answer, and much shorter than the drain
                patiently().alias("no welcome while there is a call").during(Duration.ofSeconds(32)).until(() -> !welcome.isDone());
                assertThat(user.daemons()).as("one that drains, one that waits for its turn").hasSize(2).contains(leaving);
                assertThat(server.pids()).hasSize(1);
                call.end();
                assertWelcomed(welcome);
                assertThat(agent.tool("pid").text()).isEqualTo(server.pids().get(1));
                assertThat(onlyDaemon()).isNotEqualTo(leaving);
            }
            assertThat(server.pids()).hasSize(2);
        }
    }

    /** Nobody tells any more where the daemon is, and its process may still hold the lock. */
    @Test
    void aClientThatArrivesJustAfterTheLastCallWasDrainedGetsANewDaemon() throws Exception {
        try (HeldCall call = new HeldCall()) {
            call.stopDaemon();
            call.end();
            patiently().pollInterval(Duration.ofMillis(5)).until(() -> !Files.exists(user.brokerFile()));
            try (McpClient agent = arrive()) {
                assertThat(agent.initialize().isError()).isFalse();
                assertThat(agent.tool("pid").text()).isEqualTo(server.pids().get(1));
            }
            assertThat(server.pids()).hasSize(2);
        }
    }

    /** A call that lasts until the test ends it: its tool asks the caller something, who answers then. */
    private final class HeldCall implements AutoCloseable {
        private final CompletableFuture<Void> asked = new CompletableFuture<>();
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final McpClient caller;
        private final CompletableFuture<JsonResponse> call;

        HeldCall() throws Exception {
            user.set("MPX_DAEMON_DRAIN", DRAIN);
            user.ensure(server.command());
            caller = user.socket().onRequest("roots/list", params -> {
                asked.complete(null);
                return answer.join();
            }).open();
            caller.initialize(McpClient.LATEST_REVISION, "{\"roots\":{}}");
            call = caller.callTool("roots", "{}");
            patiently().until(asked::isDone);
        }

        /** Says so, and does not wait for it. */
        void stopDaemon() throws IOException {
            try (McpClient desk = user.socket().open()) {
                assertThat(desk.request("mpx/stop", "{}").isError()).isFalse();
            }
        }

        void end() {
            assertThat(call).as("the call").isNotDone();
            answer.complete("{\"roots\":[]}");
            assertThat(caller.await(call).text()).contains("roots");
        }

        @Override
        public void close() {
            answer.complete("{\"roots\":[]}"); // where a test has failed before it was
            caller.close();
        }
    }

    @Test
    void aClientThatArrivesWhileTheDaemonIsStoppedIsServedWhenItGoesOn() throws Exception {
        user.ensure(server.command());
        OsProcess daemon = user.daemon();
        daemon.signal("STOP");
        try (McpClient agent = arrive()) {
            CompletableFuture<JsonResponse> welcome = welcome(agent);
            // longer than a shim waits for one answer to its greeting
            patiently().alias("no welcome by one that is stopped").during(Duration.ofSeconds(12)).until(() -> !welcome.isDone());
            daemon.signal("CONT");
            assertWelcomed(welcome);
            assertThat(onlyDaemon()).isEqualTo(daemon);
        }
    }

    @Test
    void afterADaemonWasKilledTheFilesItLeftStopNobody() throws Exception {
        try (McpClient first = user.session(server.command())) {
            assertThat(first.tool("pid").text()).isEqualTo(server.pids().get(0));
            OsProcess killed = user.daemon();
            Path socket = user.socketPath();
            killed.kill();
            patiently().until(() -> !killed.isAlive());
            assertThat(user.brokerFile()).exists();
            assertThat(socket).exists();
            assertThat(user.status().status()).isEqualTo(3);

            try (McpClient next = arrive()) {
                assertThat(next.initialize().isError()).isFalse();
                assertThat(next.tool("echo", "{\"text\":\"there\"}").text()).isEqualTo("there");
                assertThat(onlyDaemon()).isNotEqualTo(killed);
                assertThat(server.pids()).hasSize(2);
            }
        }
    }

    @Test
    void aPidInAStaleBrokerFileThatIsSomebodyElsesNowIsNotTakenForTheDaemon() throws Exception {
        user.ensure(server.command());
        String stranger = "\"pid\": " + ProcessHandle.current().pid();
        String stale = Files.readString(user.brokerFile()).replace("\"pid\": " + user.broker().at("pid"), stranger);
        assertThat(stale).contains(stranger);
        assertThat(user.stop().status()).isZero();
        Files.writeString(user.brokerFile(), stale);
        try (McpClient agent = arrive()) {
            assertThat(agent.initialize().isError()).isFalse();
        }
    }
}
