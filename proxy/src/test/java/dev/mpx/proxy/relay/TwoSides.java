package dev.mpx.proxy.relay;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.fixtures.ssh.PrivateSshd;
import dev.mpx.fixtures.ssh.SshKey;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The host has mpx, a palace server and an sshd; the container has mpx, a key, and a setting that names the host. */
public final class TwoSides implements BeforeEachCallback, AfterEachCallback {
    public final UserHome host = new UserHome();
    public final UserHome container = new UserHome();
    private PrivateSshd sshd;
    private SshKey key;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Assumptions.assumeTrue(PrivateSshd.isInstalled(), "there is no sshd here");
        host.beforeEach(context);
        container.beforeEach(context);
        Path programs = Files.createDirectories(host.directory().resolve("bin"));
        Path server = Files.writeString(programs.resolve("mempalace-mcp"), "#!/bin/sh\nexec "
                + ScriptedServer.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ")) + "\n");
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwx------"));
        host.searchFirst(programs);
        key = SshKey.generate(container.directory().resolve(".ssh/id_ed25519"), "ed25519", "");
        sshd = new PrivateSshd(host.directory().resolve("sshd")).authorize(key);
        host.environment().forEach(sshd::environment);
        Files.createDirectory(container.directory().resolve("run"));
        container.set("XDG_RUNTIME_DIR", container.directory().resolve("run").toString());
        container.set("MEMPALACE_BROKER", endpoint());
        container.set("MPX_SHIM", "java");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (sshd == null) {
            return;
        }
        if (context.getExecutionException().isPresent()) {
            System.err.println(Files.exists(sshd.log()) ? Files.readString(sshd.log()) : "sshd did not run");
        }
        sshd.close();
        container.afterEach(context);
        host.afterEach(context);
    }

    public PrivateSshd sshd() {
        return sshd;
    }

    public String endpoint() {
        return "ssh://127.0.0.1:" + sshd.port();
    }

    /** Puts mpx where it is looked for on the host. */
    public TwoSides install() throws IOException {
        Path local = Files.createDirectories(host.directory().resolve(".local/bin"));
        Files.createSymbolicLink(local.resolve("mpx"), UserHome.launcher());
        return this;
    }

    /** Lets the container know the host. */
    public TwoSides introduce() throws IOException {
        Files.writeString(container.directory().resolve(".ssh/known_hosts"), sshd.knownHosts());
        return this;
    }

    /** All is as it should be. */
    public TwoSides ready() throws IOException, InterruptedException {
        install().introduce();
        sshd.start();
        return this;
    }

    /** An agent in the container, whose configuration is {@code mpx} alone. */
    public McpClientBuilder agent() {
        return container.started(List.of());
    }

    /** mpx in the container, by the script: the native program hands nothing of a relay's over yet. */
    public Run inContainer(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().resolveSibling("../lib/mpx.sh").normalize().toString()));
        command.addAll(List.of(words));
        return Run.of(command, container.environment(), container.directory());
    }

    /** mpx on the host. */
    public Run onHost(String... words) throws IOException, InterruptedException {
        return host.mpx(words);
    }

    public OsProcess relay() {
        return container.daemon();
    }

    /**
     * Gives the container an ssh(1) that takes its settings from its HOME, where the real one asks the passwd file: it knows the host,
     * if {@link #introduce} was called, as {@code host}.
     *
     * @param settings more of ssh_config(5) for that host
     */
    public TwoSides openSsh(String... settings) throws IOException {
        Path ssh = container.directory().resolve(".ssh");
        Files.writeString(ssh.resolve("config"), "Host host 127.0.0.1\n  HostName 127.0.0.1\n  Port " + sshd.port() + "\n  IdentityFile " + key.file()
                + "\n  IdentitiesOnly yes\n  UserKnownHostsFile " + ssh.resolve("known_hosts") + "\n  GlobalKnownHostsFile /dev/null\n  "
                + String.join("\n  ", settings) + "\n");
        Path programs = Files.createDirectories(container.directory().resolve("bin"));
        Path program = Files.writeString(programs.resolve("ssh"), "#!/bin/sh\nexec /usr/bin/ssh -F '" + ssh.resolve("config") + "' \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        if (!container.environment().get("PATH").startsWith(programs.toString())) {
            container.searchFirst(programs);
        }
        return this;
    }

    /** The key that the container shows. */
    public SshKey key() {
        return key;
    }

    /** The relay's home. */
    public Path relayHome() throws IOException {
        try (Stream<Path> homes = Files.list(container.directory().resolve("run/mpx"))) {
            return homes.findFirst().orElseThrow();
        }
    }

    /** An MCP client of the relay's socket, without a shim. */
    public McpClientBuilder socket() throws IOException {
        return McpClient.socket(relayHome().resolve("broker.sock")).timeout(UserHome.PATIENCE);
    }
}
