package dev.mpx.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.proxy.relay.TwoSides;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code mpx forward} with a real sshd and OpenSSH's own client. */
@Timeout(180)
class ForwardIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final TwoSides sides = new TwoSides();

    private Run forward(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of("forward"));
        all.addAll(List.of(words));
        sides.container.environment().remove("MEMPALACE_BROKER");
        return sides.container.mpx(all.toArray(String[]::new));
    }

    /** The variable that it has printed, set for agents. */
    private String use(Run run) {
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.stdout()).matches("MEMPALACE_BROKER=unix:/[^ ]+\\n");
        String endpoint = run.stdout().strip().substring("MEMPALACE_BROKER=".length());
        sides.container.set("MEMPALACE_BROKER", endpoint);
        return endpoint;
    }

    private McpClient agent() {
        McpClient agent = sides.agent().open();
        assertThat(agent.initialize().isError()).isFalse();
        agent.notify("notifications/initialized");
        return agent;
    }

    private static String echo(McpClient agent, String text) {
        return agent.tool("echo", "{\"text\":\"" + text + "\"}").toString();
    }

    /** Processes of the container's whose words contain that one. */
    private List<OsProcess> running(String word) {
        return sides.container.processes().filter(one -> one.commandLine().stream().anyMatch(word::equals)).toList();
    }

    private List<Path> leftFiles() throws IOException {
        Path place = sides.container.directory().resolve("run/mpx");
        try (Stream<Path> all = Files.exists(place) ? Files.walk(place) : Stream.of()) {
            return all.filter(file -> !Files.isDirectory(file)).filter(file -> !file.toString().endsWith(".lock") && !file.toString().endsWith(".log")).toList();
        }
    }

    /** A connection of the user's own, as one of his terminals would have made it. */
    private Process usersMaster() throws IOException {
        List<String> command = List.of(sides.container.directory().resolve("bin/ssh").toString(), "-M", "-N", "host");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(sides.container.environment());
        Process master = builder.start();
        await().atMost(SOON).until(() -> Files.exists(sides.container.directory().resolve("cm")));
        return master;
    }

    @Test
    void aSessionGoesThroughTheSocketASecondForwardFindsTheFirstAndItsEndLeavesNothing() throws Exception {
        sides.ready().openSsh();
        Run first = forward("--detach", "host");
        String endpoint = use(first);
        assertThat(first.stderr()).contains("ssh://host", "endpoint = \"" + endpoint + "\"", "mpx forward --stop");
        Path socket = Path.of(endpoint.substring("unix:".length()));
        assertThat(Files.getPosixFilePermissions(socket.getParent())).hasSize(3);

        try (McpClient agent = agent()) {
            assertThat(echo(agent, "through")).contains("through");
            assertThat(sides.sshd().connections()).hasSize(1);
            assertThat(sides.onHost("status", "--json").stdout()).contains("mpx forward");
            sides.container.environment().remove("MEMPALACE_BROKER");
            for (Run second : List.of(forward("--detach", "host"), forward("host"), forward("ssh://host"))) {
                assertThat(use(second)).isEqualTo(endpoint);
                assertThat(second.stderr()).contains("already");
            }
            assertThat(running("forward")).hasSize(1);
        }
        assertThat(forward("--stop", "host").status()).isZero();
        assertThat(leftFiles()).isEmpty();
        await().atMost(SOON).until(() -> sides.container.processes().findAny().isEmpty());
        await().atMost(SOON).until(() -> sides.sshd().everything().isEmpty());
        assertThat(forward("--stop", "host").status()).isEqualTo(3);
    }

    @Test
    void inTheForegroundASignalEndsItAndLeavesNothing() throws Exception {
        sides.ready().openSsh();
        Path out = sides.container.directory().resolve("out");
        sides.container.environment().remove("MEMPALACE_BROKER");
        ProcessBuilder builder = new ProcessBuilder(UserHome.launcher().toString(), "forward", "127.0.0.1:" + sides.sshd().port())
                .redirectInput(Path.of("/dev/null").toFile()).redirectOutput(out.toFile()).redirectError(sides.container.directory().resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(sides.container.environment());
        Process keeper = builder.start();
        await().atMost(SOON).until(() -> Files.readString(out).endsWith("\n"));
        sides.container.set("MEMPALACE_BROKER", Files.readString(out).strip().substring("MEMPALACE_BROKER=".length()));
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "hi")).contains("hi");
        }
        keeper.destroy();
        await().atMost(SOON).until(() -> !keeper.isAlive());
        assertThat(leftFiles()).isEmpty();
        await().atMost(SOON).until(() -> sides.container.processes().findAny().isEmpty());
    }

    @Test
    void theUsersOwnConnectionIsUsedAndOutlivesTheForward() throws Exception {
        sides.ready().openSsh("ControlPath " + sides.container.directory().resolve("cm"));
        Process master = usersMaster();
        String socket = use(forward("--detach", "host")).substring("unix:".length());
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "shared")).contains("shared");
            assertThat(sides.sshd().connections()).hasSize(1);
        }
        assertThat(forward("--stop", "host").status()).isZero();
        assertThat(leftFiles()).isEmpty();
        assertThat(master.isAlive()).isTrue();
        assertThat(Files.readString(Path.of("/proc/net/unix"))).as("what it listens on").doesNotContain(socket);
        use(forward("--detach", "host"));
        OsProcess keeper = running("forward").get(0);
        keeper.kill();
        await().atMost(SOON).until(() -> !keeper.isAlive());
        use(forward("--detach", "host"));
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "again")).as("after one that could not clear up").contains("again");
        }
    }

    @Test
    void aConnectionThatIsKilledIsMadeAgainAndSessionsComeBack() throws Exception {
        sides.ready().openSsh("ControlPath " + sides.container.directory().resolve("cm"));
        Process master = usersMaster();
        use(forward("--detach", "host"));
        try (McpClient agent = agent()) {
            assertThat(echo(agent, "before")).contains("before");
            master.destroyForcibly();
            await().atMost(SOON).until(() -> echo(agent, "by its own").contains("by its own"));
            List<OsProcess> own = sides.container.processes().filter(one -> one.commandLine().toString().contains("ControlPersist=no")).toList();
            assertThat(own).hasSize(1);
            own.get(0).kill();
            await().atMost(SOON).until(() -> echo(agent, "anew").contains("anew"));
            assertThat(sides.onHost("restart").status()).isZero();
            await().atMost(SOON).until(() -> echo(agent, "next daemon").contains("next daemon"));
            sides.sshd().stop();
            sides.sshd().start();
            await().atMost(SOON).until(() -> echo(agent, "back").contains("back"));
        }
        assertThat(forward("--stop", "host").status()).isZero();
        assertThat(leftFiles()).isEmpty();
        await().atMost(SOON).until(() -> sides.container.processes().findAny().isEmpty());
    }

    @Test
    void whatIsWrongIsSaidInASentenceWithWhatHelps() throws Exception {
        sides.sshd().start();
        sides.openSsh();
        assertThat(failed("host")).contains("The host key of host is not known here").endsWith("accept it with: ssh -o StrictHostKeyChecking=ask host true\n");
        Files.writeString(sides.container.directory().resolve(".ssh/known_hosts"), sides.sshd().knownHosts().replaceFirst("ssh-ed25519 .*", sides.key().publicLine()));
        assertThat(failed("host")).contains("not the one that is known here")
                .endsWith("accept it with: ssh-keygen -R '[127.0.0.1]:" + sides.sshd().port() + "' -f " + sides.container.directory().resolve(".ssh/known_hosts")
                        + " && ssh -o StrictHostKeyChecking=ask host true\n");
        sides.introduce();
        assertThat(failed("host")).contains("mpx is not installed on host", sides.host.environment().get("PATH"));
        sides.install();
        sides.sshd().authorizeNobody();
        assertThat(failed("host")).contains("does not let you in", "ssh-add");
        assertThat(failed("no-such-host.invalid")).contains("No host is known by the name");
        assertThat(failed("tcp://host:1")).contains("mpx forward goes by SSH");
        Path only = Files.createDirectory(sides.container.directory().resolve("only"));
        sides.container.set("PATH", only.toString());
        sides.container.set("JAVA_HOME", System.getProperty("java.home"));
        assertThat(failed("host")).contains("no ssh client on PATH", only.toString(), "MEMPALACE_BROKER=ssh://host");
    }

    @Test
    void whereSocketsAreNotForwardedItSaysSoAndNamesTheWayThatDoesWithout() throws Exception {
        sides.sshd().option("AllowStreamLocalForwarding no");
        sides.ready().openSsh();
        assertThat(failed("host")).contains("forwards no sockets", "AllowStreamLocalForwarding", "MEMPALACE_BROKER=ssh://host");
        assertThat(failed("--detach", "host")).contains("forwards no sockets");
    }

    private String failed(String... words) throws Exception {
        Run run = forward(words);
        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.stdout()).isEmpty();
        assertThat(run.stderr()).startsWith("mpx: ").doesNotContain("Exception");
        assertThat(leftFiles()).isEmpty();
        assertThat(running("forward")).isEmpty();
        return run.stderr();
    }
}
