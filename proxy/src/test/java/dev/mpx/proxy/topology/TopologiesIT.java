package dev.mpx.proxy.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents on the host, on host and in container, and in the container alone, all with the entry {@code mpx} and no variables. */
@Timeout(120)
@Alone
class TopologiesIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** In which a peer that is gone is noticed. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(15);
    private static final Duration MARGIN = Duration.ofSeconds(3);

    @RegisterExtension
    final HostAndContainer sides = new HostAndContainer();

    private static McpClient begin(McpClient agent) {
        JsonResponse answer = agent.initialize();
        assertThat(answer.isError()).as(answer.toString()).isFalse();
        agent.notify("notifications/initialized");
        return agent;
    }

    private static String serverPid(McpClient agent) {
        return agent.tool("pid").text();
    }

    /** What the tests below stand on. A mount by which locks were seen or sockets could be connected to would prove nothing. */
    @Test
    void theContainerIsAnotherMachineAsFarAsMpxCanTell() throws Exception {
        try (McpClient here = begin(sides.hostAgent().open())) {
            assertThat(serverPid(here)).isNotEmpty();
            String there = sides.inside().directory() + "/.mempalace/";
            assertThat(sides.runInside("flock", "-n", there + "broker.lock", "echo", "taken").stdout()).contains("taken");
            assertThat(sides.runInside("/usr/bin/python3", "-c", "import fcntl; fcntl.lockf(open('" + there + "broker.lock', 'r+'), "
                    + "fcntl.LOCK_EX | fcntl.LOCK_NB); print('taken')").stdout()).contains("taken");
            assertThat(sides.runInside("/usr/bin/python3", "-c", "import socket; socket.socket(socket.AF_UNIX).connect('" + there
                    + "broker.sock')").stderr()).contains("refused");
            assertThat(sides.runInside("cat", "/proc/sys/kernel/random/boot_id", "/proc/sys/kernel/hostname").stdout())
                    .isEqualTo((sides.container().name() + "\n").repeat(2));
            assertThat(sides.runInside("ls", sides.mempalace().toString()).status()).as("only by the mount").isNotZero();
        }
    }

    @Test
    void hostOnly() throws Exception {
        sides.advertise();
        try (McpClient first = begin(sides.hostAgent().open()); McpClient second = begin(sides.hostAgent().open())) {
            assertThat(serverPid(first)).isEqualTo(serverPid(second));
            assertThat(sides.host().daemons()).hasSize(1);
            assertThat(sides.guests()).isEmpty();
            assertThat(sides.onHost("ensure").stdout()).contains("unix:" + sides.mempalace() + "/broker.sock");
        }
    }

    @Test
    void hostAndContainerShareOnePalaceAndTheHostTellsWhoIsWho() throws Exception {
        sides.advertise();
        sides.sshd().start();
        Path agent = HostAndContainer.script(sides.inside().directory().resolve("some-agent"), "mpx \"$@\"\nexit $?\n");
        try (McpClient here = begin(sides.hostAgent().open());
                McpClient there = begin(sides.containerAgent().open());
                McpClient named = begin(sides.agentInside(List.of(agent.toString())).open())) {
            assertThat(serverPid(there)).isEqualTo(serverPid(here)).isEqualTo(serverPid(named));
            assertThat(sides.host().daemons()).hasSize(1);
            assertThat(sides.daemonsInside()).as("the relay").hasSize(1);
            assertThat(sides.sshd().connections()).hasSize(1);

            assertThat(sides.guests()).hasSize(2).allSatisfy(session ->
                    assertThat(session.at("shim").at("directory").text()).isEqualTo(sides.inside().directory().toString()));
            assertThat(sides.guests()).extracting(session -> session.at("shim").at("agent").text()).contains("some-agent");
            assertThat(sides.guests()).as("whose agent runs outside has none that could be named")
                    .anySatisfy(session -> assertThat(session.at("shim").at("agentPid").toString()).isEqualTo("null"));
            Run status = sides.onHost("status");
            assertThat(status.stdout()).contains("  " + sides.container().name() + ":" + sides.inside().directory()).doesNotContain("sshd");
            assertThat(sides.inContainer("status").stdout()).contains("relay     " + sides.endpoint(), "2 sessions");
        }
        assertThat(sides.inContainer("stop").status()).isZero();
        await().atMost(SOON).until(() -> sides.sshd().everything().isEmpty());
        assertThat(sides.container().processes()).isEmpty();
        assertThat(sides.host().daemons()).hasSize(1);
    }

    @Test
    void theContainerHasTheHostsDaemonStartedOnceTheHostHasSaidHowItIsReached() throws Exception {
        sides.advertise();
        sides.sshd().start();
        assertThat(sides.onHost("ensure").status()).isZero();
        assertThat(sides.onHost("stop").status()).isZero();
        await().atMost(SOON).until(() -> sides.host().daemons().isEmpty());
        try (McpClient there = begin(sides.containerAgent().open())) {
            assertThat(serverPid(there)).isNotEmpty();
            OsProcess daemon = sides.host().daemon();
            assertThat(daemon.environment()).contains("HOME=" + sides.host().directory());
            assertThat(sides.container().processes()).as("it runs on the host").noneMatch(one -> one.pid() == daemon.pid());
        }
    }

    @Test
    void containerOnlyIsRefusedUnlessItMayOwnThePalaceAndThenItsLeaseKeepsTheHostOut() throws Exception {
        sides.installServerInside();
        String sentence = "MPX_OWNER=here";
        try (McpClient refused = sides.containerAgent().open()) {
            JsonResponse answer = refused.initialize();
            assertThat(answer.errorCode()).hasValue(-32012);
            assertThat(answer.errorMessage()).contains(sentence, "fuse", "ssh://");
        }
        assertThat(sides.inContainer("ensure").stderr()).contains(sentence);
        assertThat(sides.container().processes()).isEmpty();

        sides.inside().set("MPX_OWNER", "here");
        try (McpClient there = begin(sides.containerAgent().open())) {
            assertThat(serverPid(there)).isNotEmpty();
            assertThat(sides.daemonsInside()).hasSize(1);
            Run refused = sides.onHost("ensure");
            assertThat(refused.status()).isEqualTo(3);
            assertThat(refused.stderr()).contains("owns these data", sides.container().name(), "owner.lease");
            try (McpClient here = sides.hostAgent().open()) {
                assertThat(here.initialize().toString()).contains("owns these data", sides.container().name());
            }
            assertThat(sides.host().daemons()).isEmpty();
            assertThat(serverPid(there)).isNotEmpty();
        }
        assertThat(sides.inContainer("stop").status()).isZero();
        try (McpClient here = begin(sides.hostAgent().open())) {
            assertThat(serverPid(here)).as("nobody's any more").isNotEmpty();
        }
    }

    @Test
    void aCallOnItsWayWhenTheNetworkGoesIsAnsweredWithinTheKeepaliveTimeAndTheSessionOutlivesIt() throws Exception {
        sides.advertise();
        sides.sshd().start();
        try (McpClient here = begin(sides.hostAgent().open()); McpClient there = begin(sides.containerAgent().open())) {
            String server = serverPid(here);
            assertThat(serverPid(there)).isEqualTo(server);
            CompletableFuture<JsonResponse> call = there.callTool("sleep", "{\"ms\":50000}");
            await().atMost(SOON).until(() -> sides.onHost("status").stdout().contains("sleep"));
            OsProcess relay = sides.daemonsInside().get(0);
            long open = HostAndContainer.descriptors(relay);

            long begun = System.nanoTime();
            sides.container().cutNetwork();
            JsonResponse cut = there.await(call);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(KEEPALIVE.plus(MARGIN));
            assertThat(cut.errorCode()).hasValue(-32011);
            assertThat(cut.errorData("mpx", "outcome").map(Json::text)).hasValue("unknown");
            CompletableFuture<JsonResponse> meanwhile = there.callTool("echo", "{\"text\":\"held\"}");

            sides.container().mendNetwork();
            assertThat(there.await(meanwhile).text()).isEqualTo("held");
            assertThat(sides.daemonsInside()).containsExactly(relay);
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                assertThat(sides.sshd().connections()).hasSize(1);
                assertThat(sides.guests()).hasSize(1);
                assertThat(HostAndContainer.descriptors(relay)).isLessThanOrEqualTo(open);
            });
        }
    }

    /** Its kernel says no goodbye, so without this setting the host would wait for hours. */
    @Test
    void aContainerThatIsSwitchedOffIsForgottenByAnSshdThatAsksWhetherItIsThere() throws Exception {
        sides.advertise();
        sides.sshd().option("ClientAliveInterval 1").option("ClientAliveCountMax 1").start();
        try (McpClient here = begin(sides.hostAgent().open()); McpClient there = begin(sides.containerAgent().open())) {
            assertThat(serverPid(there)).isEqualTo(serverPid(here));
            assertThat(sides.guests()).hasSize(1);
            sides.container().switchOff();
            await().atMost(SOON).untilAsserted(() -> {
                assertThat(sides.guests()).isEmpty();
                assertThat(sides.sshd().everything()).isEmpty();
            });
        }
    }

    @Test
    void aFrozenContainerGoesOnWhereItWasAndTheHostNeverNotices() throws Exception {
        sides.advertise();
        sides.sshd().start();
        try (McpClient here = begin(sides.hostAgent().open()); McpClient there = begin(sides.containerAgent().open())) {
            CompletableFuture<JsonResponse> call = there.callTool("sleep", "{\"ms\":500}");
            sides.container().freeze();
            long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            while (System.nanoTime() < end) {
                assertThat(here.tool("echo", "{\"text\":\"here\"}").text()).isEqualTo("here");
            }
            assertThat(call).as("frozen").isNotDone();
            sides.container().thaw();
            assertThat(there.await(call).text()).isEqualTo("slept");
            assertThat(there.tool("echo", "{\"text\":\"there\"}").text()).isEqualTo("there");
        }
    }
}
