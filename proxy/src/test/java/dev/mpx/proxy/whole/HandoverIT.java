package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
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

    /** The program as it is, but for its version. */
    private Path installed(String version) throws IOException {
        Path whole = UserHome.launcher().getParent().getParent();
        Path installation = user.directory().resolve("mpx-" + version);
        Files.createDirectories(installation.resolve("bin"));
        Files.createDirectories(installation.resolve("lib"));
        try (Stream<Path> files = Files.list(whole.resolve("lib"))) {
            for (Path file : files.filter(each -> !each.endsWith("version")).toList()) {
                Files.createSymbolicLink(installation.resolve("lib").resolve(file.getFileName()), file);
            }
        }
        Files.writeString(installation.resolve("lib/version"), version + "\n");
        return Files.copy(UserHome.launcher(), installation.resolve("bin/mpx"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private McpClient agentOf(Path launcher) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(user.words(server.command()));
        return McpClient.process(command).onlyEnvironment(user.environment()).directory(user.directory()).timeout(UserHome.PATIENCE).open();
    }

    @Test
    void aNewerMpxTakesOverAndTheOldersSessionsGoOn() throws Exception {
        try (McpClient old = agent()) {
            OsProcess before = user.daemon();
            Path launcher = installed("99.1");
            List<McpClient> newer = new ArrayList<>();
            try {
                for (int i = 0; i < 4; i++) {
                    newer.add(agentOf(launcher));
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
            OsProcess daemon = user.daemon();
            try (McpClient older = agentOf(installed("98.7"))) {
                assertThat(older.initialize().isError()).isFalse();
                assertThat(older.tool("pid").text()).isEqualTo(server.pids().get(1));
                assertThat(user.daemon()).isEqualTo(daemon);
            }
        }
    }
}
