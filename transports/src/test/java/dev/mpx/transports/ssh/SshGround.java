package dev.mpx.transports.ssh;

import dev.mpx.fixtures.ssh.PrivateSshd;
import dev.mpx.fixtures.ssh.SshKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** A user with a key and a known_hosts of their own, and a server that may let them in. */
final class SshGround implements AutoCloseable {
    final Path home;
    final PrivateSshd sshd;
    final Map<String, String> variables = new HashMap<>();

    SshGround(Path directory) throws IOException, InterruptedException {
        home = Files.createDirectories(directory.resolve("user"));
        sshd = new PrivateSshd(directory.resolve("sshd")).environment("HOME", directory.resolve("host").toString());
        Files.createDirectories(home.resolve(".ssh"));
        config("");
    }

    /** A key at its usual place. */
    SshKey key(String type) throws IOException, InterruptedException {
        return key(type, "");
    }

    SshKey key(String type, String passphrase) throws IOException, InterruptedException {
        return SshKey.generate(home.resolve(".ssh/id_" + type), type, passphrase);
    }

    SshGround knowsTheHost() throws IOException {
        known(sshd.knownHosts());
        return this;
    }

    void known(String lines) throws IOException {
        Files.writeString(home.resolve(".ssh/known_hosts"), lines);
    }

    void config(String lines) throws IOException {
        Files.writeString(home.resolve(".ssh/config"), lines);
    }

    SshUser user() {
        return new SshUser(home, Path.of(System.getProperty("user.home")), System.getProperty("user.name"), variables);
    }

    SshConnection connect() throws SshFailure {
        return connect(new SshTarget(Optional.empty(), "127.0.0.1", OptionalInt.of(sshd.port())));
    }

    SshConnection connect(SshTarget target) throws SshFailure {
        return SshConnection.open(target, user());
    }

    @Override
    public void close() {
        sshd.close();
    }
}
