package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.shim.ShimProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One daemon follows another, in order or not, and the agents' sessions go on. */
@Timeout(120)
@ParameterizedClass
@EnumSource(ShimProgram.class)
class HandoverIT {
    @Parameter
    ShimProgram program;

    @RegisterExtension
    final UserHome user = new UserHome();

    private ServerStarts server;

    @BeforeEach
    void server() {
        user.use(program);
        server = ServerStarts.in(user.directory());
    }

    private McpClient agent() {
        McpClient agent = user.agent(server.command()).open();
        assertThat(agent.initialize().isError()).isFalse();
        return agent;
    }

    private Run restart() throws Exception {
        List<String> words = new ArrayList<>(List.of("restart"));
        words.addAll(user.words(server.command()));
        return user.mpx(words.toArray(String[]::new));
    }

    @Test
    void restartReplacesTheDaemonUnderLoadAndNoSessionEnds() throws Exception {
        try (Load load = new Load(agent())) {
            OsProcess before = user.daemon();
            load.runUntil(() -> true);
            CompletableFuture<Run> run = CompletableFuture.supplyAsync(() -> {
                try {
                    return restart();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            load.runUntil(run::isDone);
            load.takeAll();
            assertThat(run.join()).isEqualTo(new Run(0, user.broker().at("endpoints").elements().get(0).text() + "\n", ""));
            assertThat(before.isAlive()).isFalse();
            assertThat(user.daemons()).hasSize(1);
            assertThat(server.pids()).hasSize(2);
        }
    }

    @Test
    void restartStartsOneWhereNoneRuns() throws Exception {
        assertThat(restart().status()).isZero();
        assertThat(user.daemons()).hasSize(1);
    }

    @Test
    void restartLeavesADaemonAloneThatServesSomethingElse() throws Exception {
        user.ensure(server.command());
        OsProcess before = user.daemon();
        Run run = user.mpx("restart", "--home", user.home().toString(), "--", "/bin/cat");
        assertThat(run.status()).isEqualTo(3);
        assertThat(user.daemon()).isEqualTo(before);
    }

    @Test
    void subscriptionsAndTheLogLevelOutliveTheDaemon() throws Exception {
        try (McpClient agent = agent()) {
            agent.notify("notifications/initialized");
            assertThat(agent.request("resources/subscribe", "{\"uri\":\"test://a\"}").isError()).isFalse();
            assertThat(agent.request("resources/subscribe", "{\"uri\":\"test://b\"}").isError()).isFalse();
            assertThat(agent.request("resources/unsubscribe", "{\"uri\":\"test://b\"}").isError()).isFalse();
            assertThat(agent.request("logging/setLevel", "{\"level\":\"error\"}").isError()).isFalse();
            OsProcess killed = user.daemon();
            killed.kill();
            await().until(() -> !killed.isAlive());

            // Restored requests are on their way before the session's own, and answered before these ask.
            await().until(() -> agent.tool("touch", "{\"uri\":\"test://a\"}").text().contains("true"));
            assertThat(agent.nextNotification("notifications/resources/updated").at("params", "uri").text()).isEqualTo("test://a");
            agent.tool("log", "{\"level\":\"warning\",\"text\":\"not for us\"}");
            agent.tool("log", "{\"level\":\"error\",\"text\":\"for us\"}");
            assertThat(agent.nextNotification("notifications/message").at("params", "data").text()).isEqualTo("for us");
            assertThat(agent.tool("touch", "{\"uri\":\"test://b\"}").text()).contains("false");
        }
    }

    @Test
    void aNewerMpxTakesOverAndTheOldersSessionsGoOn() throws Exception {
        try (McpClient old = agent()) {
            OsProcess before = user.daemon();
            user.set("MPX_JAVA_OPTS", "-Dmpx.version=99.1");
            List<McpClient> newer = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    newer.add(user.agent(server.command()).open());
                }
                for (McpClient agent : newer) {
                    assertThat(agent.initialize().isError()).isFalse();
                }
                assertThat(before.isAlive()).isFalse();
                assertThat(user.daemons()).hasSize(1);
                assertThat(user.broker().at("version").text()).isEqualTo("99.1");
                assertThat(old.tool("pid").text()).isEqualTo(server.pids().get(1));
            } finally {
                newer.forEach(McpClient::close);
            }
            user.set("MPX_JAVA_OPTS", "-Dmpx.version=98.7");
            OsProcess daemon = user.daemon();
            try (McpClient older = agent()) {
                assertThat(older.tool("pid").text()).isEqualTo(server.pids().get(1));
                assertThat(user.daemon()).isEqualTo(daemon);
            }
        }
    }
}
