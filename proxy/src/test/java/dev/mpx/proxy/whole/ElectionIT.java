package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One daemon and one server, however many come and go at once. {@link ArrivalIT} is about when one comes. */
@Timeout(120)
@Alone
class ElectionIT {
    private static final int SHIMS = 200;
    private static final Duration SHIMS_LIMIT = Duration.ofSeconds(90);
    private static final String INITIALIZE = "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"a\",\"version\":\"1\"}}";

    @RegisterExtension
    final UserHome user = new UserHome();

    private ServerStarts server;

    @BeforeEach
    void server() {
        server = ServerStarts.in(user.directory());
    }

    /** Leaves a line for each JVM that is started. */
    private Path countingJava() throws IOException {
        Path programs = Files.createDirectory(user.directory().resolve("programs"));
        Path java = Files.writeString(programs.resolve("java"), "#!/bin/sh\necho \"$*\" >>\"$HOME/jvms\"\nexec '"
                + Path.of(System.getProperty("java.home"), "bin/java") + "' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return programs;
    }

    @ParameterizedTest
    @EnumSource(ShimProgram.class)
    void twoHundredShimsAtOnceOnAnEmptyHomeStartOneDaemonAndOneServer(ShimProgram program) throws Exception {
        user.use(program);
        user.searchFirst(countingJava());
        Path gate = user.directory().resolve("gate");
        new ProcessBuilder("mkfifo", gate.toString()).start().waitFor();
        List<McpClient> agents = new ArrayList<>();
        try {
            for (int i = 0; i < SHIMS; i++) {
                agents.add(behind(gate));
            }
            List<CompletableFuture<JsonResponse>> welcomes = new ArrayList<>();
            for (McpClient agent : agents) {
                welcomes.add(agent.callWithId("\"hello\"", "initialize", INITIALIZE));
            }
            long start = System.nanoTime();
            // lets all of them go; open until all have gone, as a shell that comes to it later would wait for ever
            try (OutputStream open = Files.newOutputStream(gate)) {
                for (int i = 0; i < SHIMS; i++) {
                    assertThat(within(welcomes.get(i)).isError()).as("agent %d", i).isFalse();
                    agents.get(i).notify("notifications/initialized");
                }
                open.flush();
            }
            long welcomed = System.nanoTime();
            Set<String> answers = new HashSet<>();
            List<CompletableFuture<JsonResponse>> calls = new ArrayList<>();
            agents.forEach(agent -> calls.add(agent.callTool("pid", "{}")));
            for (CompletableFuture<JsonResponse> call : calls) {
                answers.add(within(call).text());
            }
            long answered = System.nanoTime();

            OsProcess daemon = user.daemon();
            System.out.printf("[figure] %d %s shims at once: all welcomed after %.1f s, one call each after %.1f s more; daemon %d MiB (peak %d),"
                            + " the shims %.1f MiB each by share%n",
                    SHIMS, program, (welcomed - start) / 1e9, (answered - welcomed) / 1e9,
                    daemon.residentKiB() / 1024, daemon.peakKiB() / 1024,
                    agents.stream().mapToLong(agent -> new OsProcess(agent.process().pid()).proportionalKiB()).sum()
                            / 1024.0 / SHIMS);
            List<String> jvms = Files.readAllLines(user.directory().resolve("jvms"));
            assertThat(jvms).filteredOn(line -> line.contains("Mpx serve")).hasSize(1);
            assertThat(jvms).hasSize(program == ShimProgram.NATIVE ? 1 : SHIMS + 1);
            assertThat(server.pids()).hasSize(1);
            assertThat(answers).containsExactlyElementsOf(server.pids());
            assertThat(user.logged(user.home(), "serving")).as("daemons that ever served").hasSize(1);
            assertThat(Files.readString(user.home().resolve("logs/daemon.log"))).as("what superfluous daemons said").isEmpty();
            assertThat(user.statusJson().at("sessions").elements()).hasSizeGreaterThanOrEqualTo(SHIMS);
        } finally {
            agents.forEach(McpClient::kill);
        }
    }

    /** An agent whose shim waits for the gate to open. Opening a pipe for reading lasts until somebody writes to it. */
    private McpClient behind(Path gate) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", ": <\"$0\"; exec \"$@\"", gate.toString(),
                UserHome.launcher().toString()));
        command.addAll(user.words(server.command()));
        return McpClient.process(command).onlyEnvironment(user.environment()).directory(user.directory()).open();
    }

    private static JsonResponse within(CompletableFuture<JsonResponse> answer) throws Exception {
        return answer.get(SHIMS_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void sessionsThatComeAndGoWithinSeventyMillisecondsDisturbNobody() throws Exception {
        Random random = new Random(70);
        try (Bystander bystander = Bystander.with(user.session(server.command()))) {
            int before = user.statusJson().at("sessions").elements().size();
            for (int i = 0; i < 100; i++) {
                try (McpClient brief = user.socket().open()) {
                    long end = System.nanoTime() + random.nextInt(70_000_000);
                    if (random.nextBoolean()) {
                        brief.callWithId("1", "initialize", INITIALIZE);
                        brief.callWithId("2", "tools/call", "{\"name\":\"sleep\",\"arguments\":{\"ms\":50}}");
                    }
                    await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() > end);
                }
            }
            for (int i = 0; i < 10; i++) {
                McpClient brief = user.agent(server.command()).open();
                brief.callWithId("1", "initialize", INITIALIZE);
                brief.awaitExit(Duration.ofMillis(random.nextInt(70)));
                brief.kill();
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> user.statusJson().at("sessions").elements().size() == before);
            bystander.sawNothing(Duration.ofSeconds(1));
            assertThat(user.daemons()).hasSize(1);
            assertThat(server.pids()).hasSize(1);
        }
    }
}
