package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One home under two kernels: found by TCP, refused, or owned under a lease. */
@Timeout(180)
class BoundaryIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private OtherKernel vm;
    private ServerStarts server;

    @BeforeEach
    void mount() throws Exception {
        OtherKernel.canBePlayed();
        server = ServerStarts.in(user.directory());
        vm = OtherKernel.named("vm", user);
    }

    @AfterEach
    void unmount() throws Exception {
        if (vm != null) {
            vm.close();
        }
    }

    /** Its server, once a session has had it started. */
    private OsProcess serverOf(OtherKernel kernel, ServerStarts starts) throws Exception {
        try (McpClient agent = kernel.agent(starts.command()).open()) {
            assertThat(agent.initialize().isError()).isFalse();
            String pid = agent.tool("pid").text();
            assertThat(starts.pids()).last().isEqualTo(pid);
            return new OsProcess(Long.parseLong(pid));
        }
    }

    @Test
    void theSameEntryReachesTheHostsDaemonByTheEndpointThatStandsInItsRecord() throws Exception {
        user.set("MPX_TCP_PORT", "0");
        user.ensure(server.command());
        user.environment().remove("MPX_TCP_PORT");
        String endpoint = user.broker().at("guests").elements().get(1).text();

        Run ensure = vm.ensure(server.command());
        assertThat(ensure.stdout()).as(ensure.toString()).isEqualToIgnoringNewLines(endpoint);
        assertThat(vm.mpx("status").stdout()).contains("home " + user.home());
        try (McpClient there = vm.agent(server.command()).open(); McpClient here = user.agent(server.command()).open()) {
            assertThat(there.initialize().isError()).isFalse();
            assertThat(here.initialize().isError()).isFalse();
            assertThat(there.tool("pid").text()).isEqualTo(here.tool("pid").text());
        }
        assertThat(vm.mpx("stop").stderr()).contains("A guest can't stop");
        assertThat(vm.mpx("restart").stderr()).contains("mpx starts no server here");
        user.daemon();
        assertThat(server.pids()).hasSize(1);
    }

    @Test
    void howGuestsReachTheNextDaemonOutlivesTheOneThatLeft() throws Exception {
        user.set("MPX_GUEST_ENDPOINTS", "tcp://127.0.0.1:1");
        user.set("MEMPALACE_BROKER_TOKEN", "0".repeat(64));
        user.ensure(server.command());
        user.stop();
        assertThat(user.broker().at("guests").elements()).hasSize(1);
        assertThat(user.broker().toString()).doesNotContain("token");

        Run ensure = vm.ensure(server.command());
        assertThat(ensure.status()).isEqualTo(3);
        assertThat(ensure.stderr()).contains("can't reach the daemon at tcp://127.0.0.1:1", "mpx ensure");
        assertThat(user.daemons()).isEmpty();
        user.ensure(server.command());
        user.daemon();
    }

    @Test
    void withoutAWayToTheHostASharedHomeIsNotOwnedAndTheSentenceNamesTheMountAndTheWays() throws Exception {
        String[] sentence = {vm.home().toString(), "fuse", "ssh://", "unix:/path", "tcp://", "mpx ensure", "MPX_OWNER=here"};
        try (McpClient agent = vm.agent(server.command()).open()) {
            JsonResponse refused = agent.initialize();
            assertThat(refused.errorCode()).hasValue(-32012);
            assertThat(refused.errorMessage()).contains(sentence);
            assertThat(agent.request("tools/list", "{}").errorMessage()).as("for good").contains(sentence);
        }
        assertThat(vm.ensure(server.command())).satisfies(ensure -> {
            assertThat(ensure.status()).isEqualTo(1);
            assertThat(ensure.stderr()).contains(sentence);
        });
        assertThat(vm.serve(server.command())).satisfies(serve -> {
            assertThat(serve.status()).isEqualTo(1);
            assertThat(serve.stderr()).contains(sentence);
        });
        assertThat(user.daemons()).isEmpty();
        assertThat(user.home()).isEmptyDirectory();
    }

    @Test
    void whoMayOwnItKeepsALeaseThatOthersRespectAndTakeOverWhenItIsLeftBehind() throws Exception {
        try (OtherKernel second = OtherKernel.named("vm2", user).with("MPX_OWNER", "here")) {
            Run owned = vm.with("MPX_OWNER", "here").ensure(server.command());
            assertThat(owned.status()).as(owned.toString()).isZero();
            Path socket = Path.of(owned.stdout().strip().substring("unix:".length()));
            assertThat(socket.startsWith(user.directory())).as("%s: not on the mount", socket).isFalse();
            OsProcess first = user.daemon();
            OsProcess child = serverOf(vm, server);

            Run refused = second.ensure(server.command());
            assertThat(refused.status()).isEqualTo(3);
            assertThat(refused.stderr()).contains("owns these data", "process id " + first.pid(), "owner.lease");
            Files.delete(socket); // on a real host it never was
            assertThat(user.mpx("ensure", "--home", user.home().toString(), "--", "cat").stderr()).as("the host, too")
                    .contains("process id " + first.pid());
            assertThat(user.daemons()).containsExactly(first);

            first.kill();
            long begun = System.nanoTime();
            Run taken = second.ensure(server.command());
            assertThat(taken.status()).as(taken.toString()).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(16));
            assertThat(child.isAlive()).as("the first one's server, before there is another").isFalse();
            assertThat(serverOf(second, server)).isNotEqualTo(child);
            assertThat(server.pids()).hasSize(2);
            assertThat(second.mpx("stop").status()).isZero();
            assertThat(user.home().resolve("owner.lease")).doesNotExist();
        }
    }

    @Test
    void anOwnerWhoseLeaseWasTakenKillsItsServerAtOnceAndLeaves() throws Exception {
        ServerStarts stubborn = ServerStarts.in(user.directory(), "--stubborn");
        assertThat(vm.with("MPX_OWNER", "here").ensure(stubborn.command()).status()).isZero();
        OsProcess daemon = user.daemon();
        OsProcess child = serverOf(vm, stubborn);
        String record = Files.readString(user.brokerFile());

        Files.writeString(user.home().resolve("owner.lease"), "{\"owner\": \"thief\", \"host\": \"elsewhere\", \"pid\": 7, \"count\": 1}\n");

        await().atMost(Duration.ofSeconds(8)).until(() -> !child.isAlive());
        await().atMost(UserHome.PATIENCE).until(() -> !daemon.isAlive());
        assertThat(user.logged(user.home(), "process id 7 on \"elsewhere\"")).isNotEmpty();
        assertThat(user.brokerFile()).hasContent(record);
        assertThat(user.home().resolve("owner.lease")).content().contains("thief");
        assertThat(stubborn.pids()).hasSize(1);
    }
}
