package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.ShimProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The ways in which agents were seen to end a server. Each takes the shim along at its first step, and nobody else: neither
 * the daemon that this very shim has started, nor its server, nor another session.
 */
@Timeout(90)
@ParameterizedClass
@EnumSource(ShimProgram.class)
@Alone
class TeardownIT {
    /** What is promised is 300 ms; the rest is for a busy machine to start kill(1). */
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Duration UNDISTURBED = Duration.ofSeconds(2);

    /** One agent's shim, in a process group of its own. */
    private record Agent(McpClient client) {
        long pid() {
            return client.process().pid();
        }

        void signal(String name, long target) throws Exception {
            new ProcessBuilder("kill", "-" + name, "--", Long.toString(target))
                    .redirectError(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        }

        void signal(String name) throws Exception {
            signal(name, pid());
        }

        void signalGroup(String name) throws Exception {
            signal(name, -pid());
        }

        /** As far as parent pids lead, the shim included. */
        void signalDescendants(String name) throws Exception {
            for (ProcessHandle descendant : ProcessHandle.current().descendants().toList()) {
                if (descendant.pid() == pid() || descendant.parent().map(parent -> parent.pid() == pid()).orElse(false)) {
                    signal(name, descendant.pid());
                }
            }
        }

        void endInput() {
            client.closeInput();
        }

        OptionalInt ended(Duration within) {
            return client.awaitExit(within);
        }
    }

    private interface Step {
        void on(Agent agent) throws Exception;
    }

    /** @see "PROTOCOL: what real agents do" */
    private enum Ending {
        CLAUDE_CODE(agent -> agent.signal("INT"), agent -> {
            agent.ended(Duration.ofMillis(100));
            agent.signal("TERM");
            agent.ended(Duration.ofMillis(500));
            agent.signal("KILL");
        }),
        GEMINI_CLI(agent -> agent.signal("TERM"), Agent::endInput),
        OPENCODE(agent -> agent.signalDescendants("TERM"), agent -> {
            agent.endInput();
            agent.signal("TERM");
            agent.signal("KILL");
        }),
        CODEX(agent -> agent.signalGroup("TERM"), agent -> { }),
        TYPESCRIPT_SDK(Agent::endInput, agent -> {
            agent.ended(Duration.ofSeconds(2));
            agent.signal("TERM");
            agent.ended(Duration.ofSeconds(2));
            agent.signal("KILL");
        }),
        PYTHON_SDK(Agent::endInput, agent -> {
            agent.ended(Duration.ofSeconds(2));
            agent.signalGroup("TERM");
            agent.ended(Duration.ofSeconds(2));
            agent.signalGroup("KILL");
        }),
        HANG_UP(agent -> agent.signalGroup("HUP"), agent -> { }),
        KILL(agent -> agent.signalGroup("KILL"), agent -> { });

        private final Step first;
        private final Step rest;

        Ending(Step first, Step rest) {
            this.first = first;
            this.rest = rest;
        }
    }

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

    private Agent agent() {
        // What started this test may ignore a signal, and so would every child of it.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP", "setsid", UserHome.launcher().toString()));
        command.addAll(user.words(server.command()));
        return new Agent(McpClient.process(command).onlyEnvironment(user.environment()).directory(user.directory())
                .timeout(UserHome.PATIENCE).open());
    }

    @ParameterizedTest
    @EnumSource
    void theShimEndsAtTheFirstStepAndNobodyElseNotices(Ending ending) throws Exception {
        Agent agent = agent();
        assertThat(agent.client().initialize().isError()).isFalse();
        assertThat(agent.client().tool("pid").text()).isEqualTo(server.pids().get(0));
        OsProcess daemon = user.daemon();
        assertThat(new OsProcess(agent.pid()).group()).isEqualTo(agent.pid());
        assertThat(daemon.session()).as("session").isEqualTo(daemon.pid());
        assertThat(daemon.group()).as("group").isEqualTo(daemon.pid());
        assertThat(ProcessHandle.current().descendants().map(ProcessHandle::pid))
                .doesNotContain(daemon.pid(), Long.parseLong(server.pids().get(0)));
        try (Bystander bystander = Bystander.with(user.session(server.command()))) {
            agent.client().callTool("sleep", "{\"ms\":1000}"); // it is in the middle of something
            long start = System.nanoTime();
            ending.first.on(agent);
            OptionalInt status = agent.ended(Duration.ofSeconds(5));
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            assertThat(status).isPresent();
            assertThat(took).isLessThan(LIMIT);
            ending.rest.on(agent);
            int calls = bystander.calls();
            await().until(() -> bystander.calls() > calls + 10);
            bystander.sawNothing(UNDISTURBED); // the server does one call at a time, and that one is cancelled or takes 1 s
        }
        assertThat(user.daemon()).isEqualTo(daemon);
        assertThat(server.pids()).hasSize(1);
    }

    @Test
    void whoeverIsEndedInTheMiddleOfTheStartLeavesRoomForTheNext() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 12; i++) {
            Agent agent = agent();
            OsProcess process = new OsProcess(agent.pid());
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> process.group() == process.pid());
            agent.client().callWithId("1", "initialize", "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}");
            TimeUnit.MILLISECONDS.sleep(random.nextInt(program == ShimProgram.NATIVE ? 60 : 300)); // the moment is what is tried
            await().until(() -> new OsProcess(agent.pid()).group() == agent.pid()); // setsid(1) has done its part
            agent.signalGroup(i % 2 == 0 ? "TERM" : "KILL");
            assertThat(agent.ended(Duration.ofSeconds(5))).isPresent();
        }
        try (McpClient next = user.agent(server.command()).open()) {
            assertThat(next.initialize().isError()).isFalse();
            assertThat(next.tool("pid").text()).isEqualTo(server.pids().get(0));
        }
        assertThat(user.daemons()).hasSize(1);
        assertThat(server.pids()).hasSize(1);
    }
}
