package dev.mpx.transports.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of {@code ssh -G}, played by a script, and what counts where there is no ssh. */
class SshConfigTest {
    private static final SshTarget HOST = new SshTarget(Optional.empty(), "host", OptionalInt.empty());

    @TempDir
    private Path home;

    private SshUser user() {
        return new SshUser(home, Path.of("/home/me"), "me", Map.of("SSH_AUTH_SOCK", "/run/agent"));
    }

    private SshConfig saying(String... lines) throws IOException {
        Path program = Files.writeString(home.resolve("ssh"), "#!/bin/sh\ncat <<'END'\n" + String.join("\n", lines) + "\nEND\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new SshConfig(user(), program.toString());
    }

    @Test
    void withoutSshTheUsualPlacesCount() throws Exception {
        HostSettings host = new SshConfig(user(), home.resolve("none").toString()).of(new SshTarget(Optional.of("you"), "host", OptionalInt.of(2222)));
        assertThat(host.hostName()).isEqualTo("host");
        assertThat(host.user()).isEqualTo("you");
        assertThat(host.knownName()).isEqualTo("[host]:2222");
        assertThat(host.identityFiles()).containsExactly(home.resolve(".ssh/id_ed25519"), home.resolve(".ssh/id_ecdsa"), home.resolve(".ssh/id_rsa"));
        assertThat(host.knownHosts()).containsExactly(home.resolve(".ssh/known_hosts"), Path.of("/etc/ssh/ssh_known_hosts"));
        assertThat(host.agent()).contains(Path.of("/run/agent"));
    }

    @Test
    void whatSshSaysCountsAndItsHomeIsTheUsers() throws Exception {
        HostSettings host = saying("hostname 10.0.0.1", "port 22", "user them", "identityfile ~/.ssh/a", "identityfile /keys/%h-%r",
                "userknownhostsfile /home/me/.ssh/known_hosts /x", "identityagent none", "identitiesonly yes", "hostkeyalias palace",
                "proxyjump none").of(HOST);
        assertThat(host.hostName()).isEqualTo("10.0.0.1");
        assertThat(host.user()).isEqualTo("them");
        assertThat(host.identityFiles()).containsExactly(home.resolve(".ssh/a"), Path.of("/keys/10.0.0.1-them"));
        assertThat(host.ownKnownHosts()).contains(home.resolve(".ssh/known_hosts"));
        assertThat(host.identitiesOnly()).isTrue();
        assertThat(host.knownName()).isEqualTo("palace");
        assertThat(host.jumps()).isEmpty();
    }

    @Test
    void whereNoFileOfKnownHostsIsToBeUsedTheUsualOneIsNot() throws Exception {
        HostSettings host = saying("userknownhostsfile none", "globalknownhostsfile /x").of(HOST);
        assertThat(host.knownHosts()).containsExactly(Path.of("/x"));
        assertThat(saying("userknownhostsfile NONE", "globalknownhostsfile none").of(HOST).ownKnownHosts()).isEmpty();
    }

    @Test
    void jumpsAreReadInTheirOrder() throws Exception {
        assertThat(saying("proxyjump a@one:2,[::1]:3,three").of(HOST).jumps()).isEqualTo(List.of(
                new SshTarget(Optional.of("a"), "one", OptionalInt.of(2)),
                new SshTarget(Optional.empty(), "::1", OptionalInt.of(3)),
                new SshTarget(Optional.empty(), "three", OptionalInt.empty())));
    }

    @Test
    void aCircleOfJumpsIsAnErrorAndNoLoop() throws Exception {
        SshConfig circle = saying("hostname x", "proxyjump host");
        assertThatThrownBy(() -> Route.to(HOST, circle)).hasMessageContaining("circle");
    }

    @Test
    void aProxyCommandIsRefusedAndSoIsWhatSshComplainsOf() throws Exception {
        assertThatThrownBy(() -> saying("proxycommand nc %h %p").of(HOST)).hasMessageContaining("ProxyJump");
        Path broken = Files.writeString(home.resolve("broken"), "#!/bin/sh\necho 'Bad configuration option: foo' >&2; exit 255\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> new SshConfig(user(), broken.toString()).of(HOST)).hasMessageContaining("Bad configuration option");
    }
}
