package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.shim.ShimProgram;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The native program in a container that sees the home by a shared mount: as {@link BoundaryIT} has it of the one on Java. */
@Timeout(120)
class NativeBoundaryIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private OtherKernel vm;
    private ServerStarts server;

    @BeforeEach
    void mount() throws Exception {
        ShimProgram.NATIVE.assumePresent();
        OtherKernel.canBePlayed();
        server = ServerStarts.in(user.directory());
        vm = OtherKernel.named("vm", user).natively();
    }

    @AfterEach
    void unmount() throws Exception {
        if (vm != null) {
            vm.close();
        }
    }

    /** What guests are told: one endpoint that nobody answers at, then the daemon's own. */
    private String ensureBehindADeadEndpoint() throws Exception {
        int port;
        int dead;
        try (ServerSocket one = new ServerSocket(0); ServerSocket other = new ServerSocket(0)) {
            port = one.getLocalPort();
            dead = other.getLocalPort();
        }
        String endpoint = "tcp://127.0.0.1:" + port;
        user.set("MPX_TCP_PORT", Integer.toString(port));
        user.set("MPX_GUEST_ENDPOINTS", "tcp://127.0.0.1:" + dead + "," + endpoint);
        user.ensure(server.command());
        user.environment().remove("MPX_TCP_PORT");
        user.environment().remove("MPX_GUEST_ENDPOINTS");
        assertThat(user.broker().at("guests").toString()).contains(":" + dead, endpoint);
        return endpoint;
    }

    @Test
    void theEndpointsOfTheRecordAreTriedInOrderAndTheTokenIsTakenFromIt() throws Exception {
        String endpoint = ensureBehindADeadEndpoint();
        assertThat(vm.ensure(server.command()).stdout()).isEqualToIgnoringNewLines(endpoint);
        assertThat(vm.mpx("status").stdout()).contains("home " + user.home());
        try (McpClient there = vm.agent(server.command()).open(); McpClient here = user.agent(server.command()).open()) {
            assertThat(there.initialize().isError()).isFalse();
            assertThat(here.initialize().isError()).isFalse();
            assertThat(there.tool("pid").text()).isEqualTo(here.tool("pid").text());
            assertThat(there.process().info().command().orElseThrow()).as("no Java").endsWith("bin/mpx");
        }
        assertThat(user.daemons()).hasSize(1);
        assertThat(server.pids()).hasSize(1);
    }

    @Test
    void aRecordOfADaemonThatLeftNamesTheWayToTheNextOne() throws Exception {
        user.set("MPX_GUEST_ENDPOINTS", "tcp://127.0.0.1:1");
        user.set("MEMPALACE_BROKER_TOKEN", "0".repeat(64));
        user.ensure(server.command());
        user.stop();
        Run ensure = vm.ensure(server.command());
        assertThat(ensure.status()).isEqualTo(3);
        assertThat(ensure.stderr()).contains("can't reach the daemon at tcp://127.0.0.1:1: Connection refused", "which a daemon under another kernel has written", "mpx ensure");
        assertThat(user.daemons()).isEmpty();
    }

    @Test
    void withoutAWayToTheHostASharedHomeIsNotOwnedAndTheSentenceIsJavas() throws Exception {
        String sentence;
        try (McpClient agent = vm.agent(server.command()).open()) {
            JsonResponse refused = agent.initialize();
            assertThat(refused.errorCode()).hasValue(-32012);
            sentence = refused.errorMessage();
            assertThat(sentence).contains(vm.home().toString(), "fuse", "ssh://", "unix:/path", "tcp://", "MPX_OWNER=here");
            assertThat(agent.request("tools/list", "{}").errorMessage()).as("for good").isEqualTo(sentence);
        }
        Run ensure = vm.ensure(server.command());
        assertThat(ensure.status()).isEqualTo(1);
        assertThat(ensure.stderr()).contains(sentence);
        Run java = vm.serve(server.command());
        assertThat(java.stderr()).as("from Java").contains(sentence);
        assertThat(vm.with("MPX_OWNER", "there").ensure(server.command()).stderr()).contains("is \"there\", and may only be \"here\"");
        assertThat(user.daemons()).isEmpty();
        assertThat(user.home()).isEmptyDirectory();
    }

    @Test
    void whoMayOwnItStartsADaemonWhereNobodyElseAnswers() throws Exception {
        Run owned = vm.with("MPX_OWNER", "here").ensure(server.command());
        assertThat(owned.status()).as(owned.toString()).isZero();
        assertThat(Path.of(owned.stdout().strip().substring("unix:".length())).startsWith(user.directory())).as("not on the mount").isFalse();
        try (McpClient agent = vm.agent(server.command()).open()) {
            assertThat(agent.initialize().isError()).isFalse();
        }
        assertThat(vm.mpx("stop").status()).isZero();
    }
}
