package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a daemon leaves, how it leaves, and what it leaves behind. */
@Timeout(90)
class LifetimeIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    /** A shell around the server tells its end: 0 after an orderly one, 143 after SIGTERM. */
    private List<String> server;

    @BeforeEach
    void server() {
        server = reporting("--pidfile", user.directory().resolve("starts").toString());
    }

    private List<String> reporting(String... switches) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c",
                "env >\"$HOME/env\"; pwd >\"$HOME/pwd\"; \"$@\"; echo $? >>\"$HOME/exits\"", "server"));
        command.addAll(ScriptedServer.command(switches));
        return command;
    }

    private List<String> serverExits() throws IOException {
        Path file = user.directory().resolve("exits");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void sawAnOrderlyEnd(OsProcess daemon) throws IOException {
        await().atMost(Duration.ofSeconds(20)).until(() -> !daemon.isAlive());
        assertThat(user.brokerFile()).doesNotExist();
        assertThat(user.home().resolve("broker.sock")).doesNotExist();
        assertThat(user.home().resolve("broker.lock")).exists();
        assertThat(serverExits()).containsExactly("0");
        assertThat(user.processes()).isEmpty();
        assertThat(user.logged(user.home(), " ERROR ")).isEmpty();
    }

    @Test
    void withoutASessionItLeavesAfterTheIdleTimeAndNotBefore() throws Exception {
        user.set("MPX_DAEMON_IDLE", "1s");
        OsProcess daemon;
        try (McpClient client = user.session(server)) {
            daemon = user.daemon();
            long start = System.nanoTime();
            await().until(() -> System.nanoTime() - start > Duration.ofMillis(1500).toNanos());
            assertThat(client.tool("echo", "{\"text\":\"still here\"}").text()).isEqualTo("still here");
        }
        sawAnOrderlyEnd(daemon);
    }

    @Test
    void sigtermLetsTheCallInFlightFinishAndRefusesTheQueuedOnesUnsent() throws Exception {
        user.set("MPX_CHILD_WINDOW", "1");
        try (McpClient client = user.session(server)) {
            OsProcess daemon = user.daemon();
            CompletableFuture<JsonResponse> running = client.callTool("sleep", "{\"ms\":1500}");
            List<CompletableFuture<JsonResponse>> queued = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                queued.add(client.callTool("echo", "{}"));
            }
            await().until(() -> user.statusJson().at("waiting").integer() == 3);

            daemon.signal("TERM");

            for (CompletableFuture<JsonResponse> call : queued) {
                JsonResponse refused = client.await(call);
                assertThat(refused.errorCode()).hasValue(-32016);
                assertThat(refused.errorData("mpx", "outcome").orElseThrow().text()).isEqualTo("not-sent");
                assertThat(running).as("the call in flight").isNotDone();
            }
            assertThat(client.await(running).text()).isEqualTo("slept");
            client.ended().get();
            sawAnOrderlyEnd(daemon);
        }
    }

    @Test
    void aCallThatOutlastsTheDrainIsAnsweredThatItsOutcomeIsUnknown() throws Exception {
        user.set("MPX_DAEMON_DRAIN", "1s");
        try (McpClient client = user.session(server)) {
            OsProcess daemon = user.daemon();
            CompletableFuture<JsonResponse> running = client.callTool("hang", "{}");
            await().until(() -> user.statusJson().at("running").elements().size() == 1);

            daemon.signal("TERM");

            JsonResponse answer = client.await(running);
            assertThat(answer.errorCode()).hasValue(-32016);
            assertThat(answer.errorData("mpx", "outcome").orElseThrow().text()).isEqualTo("unknown");
            sawAnOrderlyEnd(daemon);
        }
    }

    @Test
    void stopReturnsOnlyWhenTheDaemonAndItsServerAreGone() throws Exception {
        try (McpClient client = user.session(server)) {
            OsProcess daemon = user.daemon();
            CompletableFuture<JsonResponse> running = client.callTool("sleep", "{\"ms\":1000}");
            await().until(() -> user.statusJson().at("running").elements().size() == 1);
            Run stop = user.stop();
            assertThat(stop).isEqualTo(new Run(0, "", ""));
            assertThat(daemon.isAlive()).as("the daemon after `mpx stop`").isFalse();
            assertThat(serverExits()).containsExactly("0");
            assertThat(client.await(running).text()).isEqualTo("slept");
            sawAnOrderlyEnd(daemon);
        }
        assertThat(user.stop().status()).isEqualTo(3);
    }

    @Test
    void aServerThatWillNotEndIsEndedAndTheDaemonLeavesAllTheSame() throws Exception {
        try (McpClient client = user.session(reporting("--stubborn"))) {
            assertThat(client.tool("pid").isError()).isFalse();
            OsProcess daemon = user.daemon();
            long start = System.nanoTime();
            daemon.signal("TERM");
            await().atMost(Duration.ofSeconds(30)).until(() -> !daemon.isAlive());
            // 10 s after the end of input SIGTERM, 3 s later SIGKILL
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            assertThat(user.processes()).isEmpty();
            assertThat(user.brokerFile()).doesNotExist();
        }
    }

    @Test
    void theBrokerFileIsWholeAtEveryMomentAndNobodyElsesToRead() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        List<String> torn = new ArrayList<>();
        ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor();
        reader.scheduleWithFixedDelay(() -> {
            try {
                String text = Files.readString(user.brokerFile());
                seen.incrementAndGet();
                if (Json.tryParse(text).filter(json -> json.has("pid") && json.has("endpoints")).isEmpty()) {
                    torn.add(text);
                }
            } catch (NoSuchFileException between) {
                // One daemon is gone, the next not there yet.
            } catch (IOException e) {
                torn.add(e.toString());
            }
        }, 0, 200, TimeUnit.MICROSECONDS);
        try {
            for (int i = 0; i < 3; i++) {
                user.ensure(server);
                assertThat(mode(user.brokerFile())).isEqualTo("rw-------");
                assertThat(mode(user.home().resolve("broker.sock"))).isEqualTo("rw-------");
                assertThat(mode(user.home())).isEqualTo("rwx------");
                assertThat(mode(user.home().resolve("logs"))).isEqualTo("rwx------");
                user.daemon().signal("TERM");
                await().pollInterval(Duration.ofMillis(5)).until(() -> user.daemons().isEmpty());
            }
        } finally {
            reader.shutdown();
            assertThat(reader.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(torn).isEmpty();
        assertThat(seen.get()).isPositive();
        try (var files = Files.list(user.home())) {
            assertThat(files.map(file -> file.getFileName().toString())).as("what is left").doesNotContain("broker.json")
                    .noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void theFileSaysHowToReachTheDaemon() throws Exception {
        user.ensure(server);
        Json broker = user.broker();
        assertThat(broker.at("pid").integer()).isEqualTo(user.daemon().pid());
        assertThat(broker.at("bootId").text()).isEqualTo(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
        assertThat(broker.at("endpoints").elements().get(0).text()).isEqualTo("unix:" + user.home().resolve("broker.sock"));
        assertThat(broker.at("command").elements().stream().map(Json::text)).containsExactlyElementsOf(server);
        assertThat(broker.at("version").text()).isNotBlank();
        assertThat(broker.at("startTime").text()).startsWith("20");
    }

    @Test
    void theServerRunsInTheHomeWithTheEnvironmentOfWhoeverStartedTheDaemonAndTheSettings() throws Exception {
        user.set("FROM_THE_AGENT", "seen \"as it was\"");
        Files.createDirectories(user.home());
        Files.writeString(user.home().resolve("mpx.toml"), "[child.env]\nFROM_THE_SETTINGS = \"ü\"\n");
        try (McpClient client = user.session(server)) {
            assertThat(client.tool("pid").isError()).isFalse();
        }
        assertThat(Files.readString(user.directory().resolve("pwd")).strip()).isEqualTo(user.home().toString());
        List<String> environment = Files.readAllLines(user.directory().resolve("env"));
        assertThat(environment).contains("FROM_THE_AGENT=seen \"as it was\"", "FROM_THE_SETTINGS=ü", "HOME=" + user.directory());
    }

    /** Red when RotatingFile opens its file as it is: its files have the mode that the umask gives. */
    @Test
    void whatIsLoggedIsForThisUserAlone() throws Exception {
        Files.createDirectories(user.home().resolve("logs"));
        Files.writeString(user.home().resolve("logs/mpx.log.0"), "of an older mpx\n");
        user.ensure(server);
        try (var logs = Files.list(user.home().resolve("logs"))) {
            assertThat(logs.toList()).hasSizeGreaterThan(2)
                    .allSatisfy(log -> assertThat(mode(log)).as(log.toString()).isEqualTo("rw-------"));
        }
    }

    @Test
    void whatTheServerSaysOnStderrIsKeptInALog() throws Exception {
        try (McpClient client = user.session(server)) {
            client.callTool("crash", "{}");
            await().untilAsserted(() -> assertThat(Files.readString(user.home().resolve("logs/child.log")))
                    .contains("scripted: crashing"));
        }
    }
}
