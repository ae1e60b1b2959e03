package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.whole.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A key that may do nothing on the host but use its daemon: {@code command="mpx guest",restrict}. */
@Timeout(180)
class RestrictedKeyIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @RegisterExtension
    final TwoSides sides = new TwoSides();

    @BeforeEach
    void limitTheKey() throws Exception {
        sides.ready().openSsh();
        limitTo("~/.local/bin/mpx guest");
    }

    private void limitTo(String command) throws Exception {
        sides.sshd().authorizeNobody();
        sides.sshd().authorize("command=\"" + command + "\",restrict", sides.key());
    }

    private Run ssh(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(sides.container.directory().resolve("bin/ssh").toString()));
        command.addAll(List.of(words));
        return Run.of(command, sides.container.environment(), sides.container.directory());
    }

    @Test
    void agentsAndStatusGoThroughByTheCommandThatJoinsThem() throws Exception {
        try (McpClient agent = sides.agent().open()) {
            assertThat(agent.initialize().isError()).isFalse();
            assertThat(agent.tool("echo", "{\"text\":\"let in\"}").text()).isEqualTo("let in");
            Run status = sides.inContainer("status", "--endpoint", sides.endpoint());
            assertThat(status.status()).as(status.toString()).isZero();
            assertThat(status.stdout()).contains("mpx is well", "no sockets forwarded");

            Run byHand = ssh("host", "mpx status");
            assertThat(byHand.stdout()).as(byHand.toString()).contains("mpx is well", sides.host.directory() + "/.mempalace");
            assertThat(Json.parse(ssh("host", "mpx status --json").stdout()).at("sessions").elements()).isNotEmpty();
            assertThat(ssh("host", "mpx ensure --guest").stdout()).startsWith("unix:/").endsWith("/guest.sock\n");
        }
    }

    @Test
    void everythingElseIsRefused() throws Exception {
        Run none = ssh("host", "mpx status");
        assertThat(none.status()).as(none.toString()).isEqualTo(3);
        assertThat(none.stderr()).contains("no daemon runs");
        assertThat(sides.host.daemons()).isEmpty();

        Path proof = sides.host.directory().resolve("proof");
        for (String command : List.of("mpx stop", "mpx restart", "mpx connect", "mpx ensure", "mpx ensure --guest; touch " + proof, "sh -c 'touch " + proof + "'",
                "sh -c 'touch " + proof + "' mpx stop", "touch " + proof, "mpx ensure --guest --home " + sides.host.directory().resolve("other"),
                "mpx status --endpoint unix:/x", "mpx serve", "stop")) {
            refused(ssh("host", command), "refused");
        }
        refused(ssh("host"), "no shell");
        assertThat(ssh("-tt", "host").toString()).contains("status=255", "PTY allocation request failed");
        Run sftp = Run.of(List.of("sftp", "-b", "/dev/null", "-S", sides.container.directory().resolve("bin/ssh").toString(), "host"),
                sides.container.environment(), sides.container.directory());
        assertThat(sftp.status()).isNotZero();
        assertThat(ssh("-W", "127.0.0.1:" + sides.sshd().port(), "host").stderr()).contains("open failed");
        Run backwards = ssh("-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1", "host", "mpx ensure --guest");
        assertThat(backwards.status()).isEqualTo(255);
        assertThat(backwards.stderr()).contains("remote port forwarding failed");

        assertThat(proof).doesNotExist();
        assertThat(sides.host.daemons()).isEmpty();
    }

    private static void refused(Run run, String why) {
        assertThat(run.status()).as(run.toString()).isEqualTo(1);
        assertThat(run.stdout() + run.stderr()).contains("this key lets agents", why);
        assertThat(run.stderr().lines().filter(line -> line.startsWith("mpx:")).count() + run.stdout().lines().count()).as("a line").isEqualTo(1);
    }

    @Test
    void aKeyForOneHomeLeadsToThatAloneAndKeepsItsGuestsFromStoppingIt() throws Exception {
        Path home = sides.host.directory().resolve("p.mpx");
        Path palace = Files.createDirectory(sides.host.directory().resolve("p"));
        assertThat(sides.onHost("ensure", "--palace", palace.toString()).status()).isZero();
        limitTo("~/.local/bin/mpx guest --home " + home);

        for (String named : List.of("mpx ensure --guest", "mpx ensure --guest --home " + home, "mpx ensure --guest --home " + home + "/../p.mpx")) {
            assertThat(ssh("host", named).stdout()).isEqualTo("unix:" + home + "/guest.sock\n");
        }
        refused(ssh("host", "mpx ensure --guest --home " + sides.host.directory().resolve(".mempalace")), "for one home");

        sides.container.set("MEMPALACE_BROKER", sides.endpoint() + "?home=" + home);
        try (McpClient agent = sides.agent().open()) {
            assertThat(agent.initialize().isError()).isFalse();
            assertThat(agent.request("mpx/stop", "{}").errorMessage()).contains("A guest can't stop");
            assertThat(sides.host.daemons()).hasSize(1);
            assertThat(sides.onHost("stop", "--home", home.toString()).status()).isZero();
            await().atMost(SOON).until(() -> agent.tool("echo", "{\"text\":\"next\"}").text().equals("next"));
        }
    }
}
