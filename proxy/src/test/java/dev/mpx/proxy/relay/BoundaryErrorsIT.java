package dev.mpx.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.ssh.SshAgentProcess;
import dev.mpx.fixtures.ssh.SshKey;
import dev.mpx.proxy.whole.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an agent and a person in the container are told when the host can't be had. */
@Timeout(60)
class BoundaryErrorsIT {
    private static final int NO_DAEMON = 3;

    @RegisterExtension
    final TwoSides sides = new TwoSides();

    private Path ssh(String file) {
        return sides.container.directory().resolve(".ssh").resolve(file);
    }

    /** Both get these words: the agent as the error of its first request, the person from {@code mpx ensure}. */
    private void areTold(String... words) throws Exception {
        try (McpClient agent = sides.agent().open()) {
            JsonResponse refused = agent.initialize();
            assertThat(refused.errorCode()).as(refused.toString()).hasValue(-32012);
            assertThat(refused.errorMessage()).contains(words);
            assertThat(refused.errorData("mpx", "outcome").map(Json::text)).hasValue("not-sent");
        }
        Run ensure = sides.inContainer("ensure");
        assertThat(ensure.status()).as(ensure.toString()).isEqualTo(NO_DAEMON);
        assertThat(ensure.stderr()).contains(words);
        assertThat(ensure.stdout()).isEmpty();
        assertThat(sides.host.daemons()).as("nothing was started on the host").isEmpty();
    }

    /** The relay that has seen the trouble would serve, too, once it is over, but it takes its time to look again. */
    private void areServed() throws Exception {
        sides.inContainer("stop");
        try (McpClient agent = sides.agent().open()) {
            JsonResponse answer = agent.initialize();
            assertThat(answer.isError()).as(answer.toString()).isFalse();
            assertThat(agent.tool("echo", "{\"text\":\"served\"}").text()).isEqualTo("served");
        }
        Run ensure = sides.inContainer("ensure");
        assertThat(ensure.status()).as(ensure.toString()).isZero();
        assertThat(sides.container.daemons()).hasSize(1);
    }

    @Test
    void aKeyThatTheHostDoesNotKnow() throws Exception {
        SshKey key = SshKey.generate(ssh("id_ed25519"), "ed25519", "");
        sides.ready();
        areTold("does not let user", key.fingerprint(), "authorized_keys");
    }

    @Test
    void noKeyAtAll() throws Exception {
        Files.delete(ssh("id_ed25519"));
        sides.ready();
        areTold("no key", ".ssh/id_ed25519", "no ssh-agent");
    }

    @Test
    void aKeyWithAPassphraseAndNoAgentThatHasIt() throws Exception {
        SshKey key = SshKey.generate(ssh("id_ed25519"), "ed25519", "secret");
        sides.sshd().authorize(key);
        sides.ready();
        areTold("id_ed25519 has a passphrase", "ssh-add");
        try (SshAgentProcess agent = SshAgentProcess.start(sides.container.directory().resolve("agent.sock"))) {
            agent.add(key, "secret");
            sides.container.set("SSH_AUTH_SOCK", agent.socket().toString());
            areServed();
        }
    }

    @Test
    void aHostKeyThatIsNotKnown() throws Exception {
        sides.install().sshd().start();
        areTold("127.0.0.1", sides.sshd().hostKeys().get(0).fingerprint(), "accept it with: echo '[127.0.0.1]:", ">> " + ssh("known_hosts"));
        assertThat(ssh("known_hosts")).as("nothing is learned by itself").doesNotExist();
        sides.introduce();
        areServed();
    }

    @Test
    void aHostKeyThatHasChanged() throws Exception {
        sides.introduce().install().sshd().newHostKey("ed25519").start();
        String known = Files.readString(ssh("known_hosts"));
        areTold("CHANGED", sides.sshd().hostKeys().get(0).fingerprint(), "ssh-keygen -R", ssh("known_hosts").toString());
        assertThat(ssh("known_hosts")).hasContent(known);
        sides.introduce();
        areServed();
    }

    @Test
    void nobodyListens() throws Exception {
        sides.install().introduce();
        areTold("127.0.0.1 port " + sides.sshd().port(), "refused");
    }

    @Test
    void mpxIsMissingOnTheHost() throws Exception {
        sides.introduce().sshd().start();
        areTold("mpx is not installed on 127.0.0.1", "~/.local/bin/mpx", sides.host.environment().get("PATH"));
    }

    @Test
    void thePalaceServerIsMissingOnTheHost() throws Exception {
        Files.delete(sides.host.directory().resolve("bin/mempalace-mcp"));
        sides.ready();
        areTold("mpx on 127.0.0.1 can't provide its daemon", "found no mempalace-mcp");
    }

    @Test
    void aKeyThatMayRunSomethingElseOnly() throws Exception {
        sides.sshd().authorizeNobody().authorize("restrict,command=\"echo no entry\"", new SshKey(ssh("id_ed25519")));
        sides.ready();
        areTold("mpx on 127.0.0.1 can't provide its daemon", "no entry");
    }

    @Test
    void whereForwardingIsForbiddenOrTheKeyIsRestrictedACommandOnTheHostServes() throws Exception {
        sides.sshd().option("DisableForwarding yes");
        sides.ready();
        areServed();
        assertThat(sides.inContainer("status").stdout()).contains("no sockets forwarded");
        sides.sshd().stop();
        sides.sshd().withoutOption("DisableForwarding yes").authorizeNobody().authorize("restrict", new SshKey(ssh("id_ed25519"))).start();
        areServed();
        assertThat(sides.inContainer("status").stdout()).contains("no sockets forwarded");
    }
}
