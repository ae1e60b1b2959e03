package dev.mpx.proxy.topology;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.fixtures.container.Container;
import dev.mpx.fixtures.json.Json;
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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A user with a home on a host, and with a container that sees the palace's home by a shared mount at the place where the host
 * has it: {@code ~/.mempalace}. On both sides the agents' entry is {@code mpx}, and no variable is set. The host has a palace
 * server, an sshd, and a key of the container's that lets in.
 *
 * <p>Where no container can be made the test is skipped; with {@code -Dmpx.peers=required} it fails.
 */
public final class HostAndContainer implements BeforeEachCallback, AfterEachCallback {
    private final UserHome host = new UserHome();
    private final UserHome inside = new UserHome();
    private Optional<Container> container = Optional.empty();
    private PrivateSshd sshd;

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        Optional<String> obstacle = PrivateSshd.isInstalled() ? Container.obstacle() : Optional.of("there is no sshd");
        if (obstacle.isPresent() && "required".equals(System.getProperty("mpx.peers"))) {
            throw new AssertionError("no container can be played here: " + obstacle.get());
        }
        Assumptions.assumeTrue(obstacle.isEmpty(), () -> "no container can be played here: " + obstacle.get());
        host.beforeEach(context);
        inside.beforeEach(context);
        installServer(host);
        for (UserHome side : List.of(host, inside)) {
            Files.createDirectories(side.directory().resolve(".mempalace"));
            Files.setPosixFilePermissions(side.directory().resolve(".mempalace"), PosixFilePermissions.fromString("rwx------"));
        }
        sshd = new PrivateSshd(host.directory().resolve("sshd"));
        container = Optional.of(Container.start("box-of-" + host.directory().getFileName(), inside.directory().resolve("machine"),
                inside.directory(), host.directory(), List.of(new Container.Shared(mempalace(), inside.directory().resolve(".mempalace")))));
        sshd.authorize(SshKey.generate(inside.directory().resolve(".ssh/id_ed25519"), "ed25519", ""))
                .listenAt(container().hostAddress());
        host.environment().forEach(sshd::environment);
        Files.writeString(inside.directory().resolve(".ssh/known_hosts"), sshd.knownHosts());
        install(host, UserHome.launcher());
        install(inside, UserHome.launcher());
    }

    /** Puts a program at {@code ~/.local/bin/mpx}, and that on the path. */
    private static void install(UserHome user, Path program) throws IOException {
        Path local = Files.createDirectories(user.directory().resolve(".local/bin"));
        script(local.resolve("mpx"), "exec '" + program + "' \"$@\"\n");
        user.searchFirst(local);
    }

    /** Puts a palace server where one side finds it, and the other does not. */
    private static void installServer(UserHome user) throws IOException {
        Path programs = Files.createDirectories(user.directory().resolve("bin"));
        String command = ScriptedServer.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        script(programs.resolve("mempalace-mcp"), "exec " + command + "\n");
        user.searchFirst(programs);
    }

    /** Puts a palace server into the container, too. */
    public void installServerInside() throws IOException {
        installServer(inside);
    }

    static Path script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent() && sshd != null) {
            System.err.println(Files.exists(sshd.log()) ? Files.readString(sshd.log()) : "sshd did not run");
        }
        if (sshd != null) {
            sshd.close();
        }
        if (container.isPresent()) {
            relayLogs().ifPresent(logs -> {
                if (context.getExecutionException().isPresent()) {
                    System.err.println(logs);
                }
            });
            container.get().close();
            inside.afterEach(context);
            host.afterEach(context);
        }
    }

    private Optional<String> relayLogs() throws IOException {
        Path logs = inside.directory().resolve("machine/runtime");
        StringBuilder text = new StringBuilder();
        try (Stream<Path> all = Files.walk(logs)) {
            for (Path log : all.filter(file -> file.getFileName().toString().startsWith("mpx.log")).toList()) {
                text.append(log).append(":\n").append(Files.readString(log));
            }
        }
        return Optional.of(text.toString());
    }

    // ---- the host

    public UserHome host() {
        return host;
    }

    public PrivateSshd sshd() {
        return sshd;
    }

    /** The palace's home, as the host sees it. */
    public Path mempalace() {
        return host.directory().resolve(".mempalace");
    }

    public Run onHost(String... words) throws IOException, InterruptedException {
        return host.mpx(words);
    }

    /** An agent on the host whose entry is {@code mpx}. */
    public McpClientBuilder hostAgent() {
        return host.started(List.of());
    }

    /** Has the host's record say how it is reached from the container, as an owner writes it into the home's settings. */
    public void advertise() throws IOException {
        settings("[guest]\nendpoints = [\"" + endpoint() + "\"]\n");
    }

    /** Adds to the home's settings. */
    public void settings(String lines) throws IOException {
        Path file = mempalace().resolve("mpx.toml");
        Files.writeString(file, (Files.exists(file) ? Files.readString(file) : "") + lines);
    }

    /** Whether a process is one of sshd's own, which have the user's variables, too. */
    public boolean isSshd(OsProcess process) {
        return process.commandLine().stream().findFirst().filter(word -> word.contains("sshd")).isPresent();
    }

    public String endpoint() {
        return "ssh://" + container().hostAddress() + ":" + sshd.port();
    }

    /** The host's sessions that shims of the container have begun, as its status tells. */
    public List<Json> guests() throws IOException, InterruptedException {
        return sessions().stream().filter(session -> session.toString().contains("\"host\":\"" + container().name() + "\"")).toList();
    }

    /** All of them that shims have begun. */
    public List<Json> sessions() throws IOException, InterruptedException {
        return Json.parse(onHost("status", "--json").stdout()).at("sessions").elements().stream()
                .filter(session -> session.get("shim").isPresent()).toList();
    }

    // ---- the container

    public Container container() {
        return container.orElseThrow();
    }

    /** The user as the container knows him. */
    public UserHome inside() {
        return inside;
    }

    /** Runs a program in the container to its end. */
    public Run runInside(String... words) throws IOException, InterruptedException {
        return Run.of(container().command(inside.directory(), List.of(words)), inside.environment(), inside.directory());
    }

    /** Runs mpx in the container to its end. */
    public Run inContainer(String... words) throws IOException, InterruptedException {
        return runInside(mpx(List.of(words)).toArray(String[]::new));
    }

    private static List<String> mpx(List<String> words) {
        List<String> all = new ArrayList<>(List.of("mpx"));
        all.addAll(words);
        return all;
    }

    /** An agent in the container whose entry is {@code mpx}. */
    public McpClientBuilder containerAgent() {
        return agentInside(mpx(List.of()));
    }

    /** An agent there with that entry. */
    public McpClientBuilder agentInside(List<String> entry) {
        return McpClient.process(container().command(inside.directory(), entry))
                .onlyEnvironment(inside.environment()).directory(inside.directory()).timeout(UserHome.PATIENCE);
    }

    /** The daemons that run in the container, a relay among them. */
    public List<OsProcess> daemonsInside() {
        return inside.daemons();
    }

    /** How many sockets, pipes and the like a process has open; files do not count, since Java opens some when it needs them first. */
    public static long descriptors(OsProcess process) throws IOException {
        long open = 0;
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            for (Path descriptor : all.toList()) {
                open += isFile(descriptor) ? 0 : 1;
            }
        }
        return open;
    }

    private static boolean isFile(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("/");
        } catch (IOException closed) {
            return true;
        }
    }
}
