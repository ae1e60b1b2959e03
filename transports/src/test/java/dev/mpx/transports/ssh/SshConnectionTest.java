package dev.mpx.transports.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.ssh.PrivateSshd;
import dev.mpx.fixtures.ssh.SshAgentProcess;
import dev.mpx.fixtures.ssh.SshKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in and who does not, with a real sshd on the other side. */
@Timeout(60)
class SshConnectionTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private SshGround ground;

    @BeforeEach
    void begin() throws Exception {
        assumeTrue(PrivateSshd.isInstalled(), "there is no sshd here");
        ground = new SshGround(directory);
    }

    @AfterEach
    void end() {
        ground.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
    void aKeyOfEachTypeLetsIn(String type) throws Exception {
        ground.sshd.authorize(ground.key(type)).start();
        ground.knowsTheHost();

        assertThat(says("echo in $HOME")).isEqualTo("in " + directory.resolve("host"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "rsa"})
    void aHostIsAskedForTheKeyThatIsKnownOfIt(String type) throws Exception {
        ground.sshd.authorize(ground.key("ed25519")).addHostKey(type).start();
        ground.known(ground.sshd.knownHosts().lines().filter(line -> line.contains(type)).findFirst().orElseThrow());

        assertThat(says("echo in")).isEqualTo("in");
    }

    @Test
    void aKeyWithAPassphraseLetsInThroughTheAgent() throws Exception {
        SshKey key = ground.key("ed25519", "secret");
        ground.sshd.authorize(key).start();
        ground.knowsTheHost();

        assertThat(refused(SshFailure.Kind.AUTHENTICATION)).contains("id_ed25519 has a passphrase", "ssh-add");
        try (SshAgentProcess agent = SshAgentProcess.start(directory.resolve("agent.sock"))) {
            agent.add(key, "secret");
            ground.variables.put("SSH_AUTH_SOCK", agent.socket().toString());
            assertThat(says("echo in")).isEqualTo("in");
        }
    }

    @Test
    void anRsaKeyInTheAgentLetsIn() throws Exception {
        SshKey key = ground.key("rsa", "secret");
        ground.sshd.authorize(key).start();
        ground.knowsTheHost();
        try (SshAgentProcess agent = SshAgentProcess.start(directory.resolve("agent.sock"))) {
            agent.add(key, "secret");
            ground.config("IdentityAgent " + agent.socket() + "\n");
            assertThat(says("echo in")).isEqualTo("in");
        }
    }

    @Test
    void aWrongKeyIsToldWithItsFingerprint() throws Exception {
        SshKey key = ground.key("ed25519");
        ground.sshd.start();
        ground.knowsTheHost();

        assertThat(refused(SshFailure.Kind.AUTHENTICATION)).contains(key.fingerprint(), "authorized_keys");
    }

    @Test
    void withoutAnyKeyItSaysWhereItLooked() throws Exception {
        ground.sshd.start();
        ground.knowsTheHost();

        assertThat(refused(SshFailure.Kind.AUTHENTICATION)).contains("no key", ".ssh/id_ed25519", "no ssh-agent");
    }

    @Test
    void anUnknownHostIsRefusedWithItsFingerprintAndTheCommandToAcceptIt() throws Exception {
        ground.sshd.authorize(ground.key("ed25519")).start();

        String why = refused(SshFailure.Kind.HOST_KEY);

        assertThat(why).contains(ground.sshd.hostKeys().get(0).fingerprint(), "[127.0.0.1]:" + ground.sshd.port());
        String command = why.substring(why.indexOf("echo '"));
        assertThat(command).contains(ground.sshd.hostKeys().get(0).publicLine().split(" ")[1]).endsWith(">> " + ground.home.resolve(".ssh/known_hosts"));
        assertThat(ground.home.resolve(".ssh/known_hosts")).as("nothing is learned by itself").doesNotExist();
        assertThat(new ProcessBuilder("sh", "-c", command).start().waitFor()).isZero();
        assertThat(says("echo in")).isEqualTo("in");
    }

    @Test
    void theCommandAcceptsTheKeyThatWasShownAndNotWhoeverAnswersThen() throws Exception {
        ground.sshd.authorize(ground.key("ed25519")).start();
        String why = refused(SshFailure.Kind.HOST_KEY);
        ground.sshd.stop();
        ground.sshd.newHostKey("ed25519").start();

        assertThat(new ProcessBuilder("sh", "-c", why.substring(why.indexOf("echo '"))).start().waitFor()).isZero();

        assertThat(refused(SshFailure.Kind.HOST_KEY)).contains("CHANGED");
    }

    @Test
    void whereThereIsNoDirectoryForKnownHostsTheCommandMakesIt() throws Exception {
        SshKey key = SshKey.generate(directory.resolve("key"), "ed25519", "");
        Path known = directory.resolve("new/known_hosts");
        ground.sshd.authorize(key).start();
        ground.config("Host 127.0.0.1\n  IdentityFile " + key.file() + "\n  UserKnownHostsFile " + known + "\n");

        String why = refused(SshFailure.Kind.HOST_KEY);

        assertThat(new ProcessBuilder("sh", "-c", why.substring(why.indexOf("mkdir"))).start().waitFor()).isZero();
        assertThat(says("echo in")).isEqualTo("in");
    }

    @Test
    void aChangedHostKeyIsRefusedWithTheCommandThatReplacesIt() throws Exception {
        ground.sshd.authorize(ground.key("ed25519")).start();
        ground.knowsTheHost();
        assertThat(says("echo in")).isEqualTo("in");
        ground.sshd.stop();
        ground.sshd.newHostKey("ed25519").start();

        String why = refused(SshFailure.Kind.HOST_KEY);

        assertThat(why).contains("CHANGED", ground.sshd.hostKeys().get(0).fingerprint(), "line 1 of " + ground.home.resolve(".ssh/known_hosts"));
        assertThat(new ProcessBuilder("sh", "-c", why.substring(why.indexOf("ssh-keygen -R"))).start().waitFor()).isZero();
        assertThat(says("echo in")).isEqualTo("in");
    }

    @Test
    void aRevokedHostKeyIsRefusedEvenWhereItIsKnown() throws Exception {
        ground.sshd.authorize(ground.key("ed25519")).start();
        ground.known(ground.sshd.knownHosts() + "@revoked * " + ground.sshd.hostKeys().get(0).publicLine() + "\n");

        assertThat(refused(SshFailure.Kind.HOST_KEY)).contains("@revoked");
    }

    @Test
    void whatSshConfigSaysOfAHostCounts() throws Exception {
        SshKey key = SshKey.generate(directory.resolve("keys/mine"), "ed25519", "");
        ground.sshd.authorize(key).start();
        ground.known("palace-host " + ground.sshd.hostKeys().get(0).publicLine() + "\n");
        ground.config("Host palace\n  HostName 127.0.0.1\n  Port " + ground.sshd.port() + "\n  IdentityFile " + key.file()
                + "\n  HostKeyAlias palace-host\n");

        try (SshConnection connection = ground.connect(new SshTarget(Optional.empty(), "palace", OptionalInt.empty()))) {
            assertThat(connection.run("echo in", LIMIT).stdout()).isEqualTo("in\n");
        }
    }

    @Test
    void aHostBehindTwoOthersIsReachedThroughThem() throws Exception {
        SshKey key = ground.key("ed25519");
        ground.sshd.authorize(key).start();
        try (PrivateSshd first = new PrivateSshd(directory.resolve("first")).authorize(key).start();
                PrivateSshd second = new PrivateSshd(directory.resolve("second")).authorize(key).start()) {
            ground.known(ground.sshd.knownHosts() + first.knownHosts() + second.knownHosts());
            ground.config("Host deep\n  HostName 127.0.0.1\n  Port " + ground.sshd.port() + "\n  ProxyJump 127.0.0.1:" + first.port()
                    + ",127.0.0.1:" + second.port() + "\n");
            SshTarget deep = new SshTarget(Optional.empty(), "deep", OptionalInt.empty());

            try (SshConnection connection = ground.connect(deep)) {
                assertThat(connection.run("echo in", LIMIT).stdout()).isEqualTo("in\n");
                assertThat(Files.readString(first.log())).contains("Accepted publickey");
                assertThat(Files.readString(second.log())).contains("Accepted publickey");
                first.stop();
                assertThat(connection.ended().get(10, TimeUnit.SECONDS)).isNotEmpty();
            }
            first.start();
            ground.known(first.knownHosts() + second.knownHosts());
            SshFailure unknown = catchThrowableOfType(SshFailure.class, () -> ground.connect(deep));
            assertThat(unknown).as("each host on the way is checked by its own name").hasMessageContaining("[127.0.0.1]:" + ground.sshd.port())
                    .hasMessageContaining("echo '[127.0.0.1]:");
        }
    }

    @Test
    void whereNobodyListensIsToldSoAndIsNoLastWord() throws Exception {
        ground.key("ed25519");
        assertThat(refused(SshFailure.Kind.UNREACHABLE)).contains("refused", "127.0.0.1 port " + ground.sshd.port());
    }

    @Test
    void aSilentPeerIsNoticedWithinFifteenSeconds() throws Exception {
        ground.sshd.authorize(ground.key("ed25519")).start();
        ground.knowsTheHost();
        try (SshConnection connection = ground.connect()) {
            ground.sshd.freeze();
            assertThat(connection.ended().get(15, TimeUnit.SECONDS)).contains("heartbeat");
        } finally {
            ground.sshd.thaw();
        }
    }

    private String says(String command) throws Exception {
        try (SshConnection connection = ground.connect()) {
            CommandResult result = connection.run(command, LIMIT);
            assertThat(result.status()).hasValue(0);
            return result.stdout().strip();
        }
    }

    private String refused(SshFailure.Kind kind) {
        SshFailure failure = catchThrowableOfType(SshFailure.class, () -> ground.connect().close());
        assertThat(failure).as("who should not get in is refused").isNotNull();
        assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
        return failure.getMessage();
    }
}
