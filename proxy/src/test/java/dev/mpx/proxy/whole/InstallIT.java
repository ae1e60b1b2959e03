package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code install.sh}, with a home and a prefix of its own; what it installs is the program that the build has packaged. */
@Timeout(120)
class InstallIT {
    private static final Path SCRIPT = Path.of("..", "install.sh").toAbsolutePath().normalize();

    @RegisterExtension
    final UserHome user = new UserHome();

    private Path prefix;
    private Path bin;
    private Path venv;

    @BeforeEach
    void aMachineWithTheRealServer() throws IOException {
        assumeTrue(Files.isExecutable(Path.of(System.getProperty("java.home"), "bin/javac")), "the script wants a JDK");
        prefix = user.directory().resolve("prefix");
        bin = prefix.resolve("bin");
        venv = Files.createDirectories(user.directory().resolve("venv"));
        Path server = Files.writeString(venv.resolve("mempalace-mcp"), "#!/bin/sh\nexec " + quoted(ScriptedServer.command()) + "\n");
        Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.searchFirst(venv);
        user.set("MPX_INSTALL_DIST", UserHome.launcher().getParent().getParent().toString());
    }

    private static String quoted(List<String> words) {
        return String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
    }

    private Run install(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPT.toString(), "--prefix", prefix.toString()));
        command.addAll(List.of(options));
        return Run.of(command, user.environment(), user.directory());
    }

    private Run run(Path program, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(words));
        return Run.of(command, user.environment(), user.directory());
    }

    private List<Path> installed() throws IOException {
        try (Stream<Path> all = Files.walk(prefix)) {
            return all.filter(file -> !Files.isDirectory(file)).sorted().toList();
        }
    }

    private Path current() throws IOException {
        return bin.resolve("mpx").toRealPath().getParent().getParent();
    }

    @Test
    void mpxIsInstalledStandsBeforeTheRealServerAndGoesWithoutATrace() throws Exception {
        user.searchFirst(bin);
        Run run = install("--no-demo", "--replace");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.stdout()).contains("Done: mpx ", bin.resolve("mempalace-mcp").toString(), venv.toString());
        theClassesComeFromAnArchive(bin.resolve("mpx"));
        theClassesComeFromAnArchive(current().resolve("lib/mpx.sh"));
        assertThat(current().resolve("lib/server-path")).hasContent(venv.resolve("mempalace-mcp").toString());

        theAliasSharesTheRealServer();
        user.set("PATH", "/usr/bin:/bin");
        theAliasSharesTheRealServer();

        Files.writeString(bin.resolve("other"), "not mpx's");
        Run again = install("--no-demo");
        assertThat(again.status()).as(again.toString()).isZero();
        assertThat(current().resolve("lib/server-path")).as("a new installation still knows the server").exists();
        theAliasSharesTheRealServer();

        assertThat(install("--uninstall").status()).isZero();
        assertThat(installed()).containsExactly(bin.resolve("other"));
        assertThat(prefix.resolve("lib/mpx")).doesNotExist();
    }

    /** Red when pages of an older installation stay, or somebody else's go. */
    @Test
    void completionAndManualPagesStandWhereShellsAndManLookAndGoAgain() throws Exception {
        Path share = prefix.resolve("share");
        Path others = share.resolve("man/man1/mpx-stop.1");
        Files.createDirectories(others.getParent());
        Files.writeString(others, "somebody else's");
        assertThat(install("--no-demo").status()).isZero();
        for (String page : List.of("bash-completion/completions/mpx", "zsh/site-functions/_mpx", "fish/vendor_completions.d/mpx.fish",
                "man/man1/mpx.1", "man/man1/mpx-status.1")) {
            assertThat(share.resolve(page)).isNotEmptyFile().isSymbolicLink();
        }
        Path old = current();
        Files.createSymbolicLink(share.resolve("man/man1/mpx-gone.1"), old.resolve("share/man/man1/mpx-gone.1"));
        assertThat(install("--no-demo").status()).isZero();
        assertThat(Files.readSymbolicLink(share.resolve("man/man1/mpx.1"))).startsWith(current());
        assertThat(Files.isSymbolicLink(share.resolve("man/man1/mpx-gone.1"))).isFalse();
        assertThat(install("--uninstall").status()).isZero();
        assertThat(others).hasContent("somebody else's");
        assertThat(installed()).containsExactly(others);
        assertThat(share.resolve("zsh")).doesNotExist();
    }

    private void theClassesComeFromAnArchive(Path program) throws Exception {
        user.set("MPX_JAVA_OPTS", "-Xlog:class+load:stderr");
        for (List<String> words : List.of(List.of("--help"), List.of("serve", "--frob"))) {
            assertThat(run(program, words.toArray(String[]::new)).stderr()).contains("dev.mpx.proxy.cli.Mpx source: shared objects file (top)");
        }
        user.environment().remove("MPX_JAVA_OPTS");
    }

    private void theAliasSharesTheRealServer() throws Exception {
        Path alias = bin.resolve("mempalace-mcp");
        try (McpClient agent = McpClient.process(List.of(alias.toString())).onlyEnvironment(user.environment())
                .directory(user.directory()).timeout(UserHome.PATIENCE).open()) {
            assertThat(agent.initialize().result("serverInfo", "name").text()).isEqualTo("scripted");
        }
        assertThat(run(bin.resolve("mpx"), "stop").status()).isZero();
    }

    @Test
    void withoutACompilerTheScriptIsInstalledAndWhatThatCostsIsSaid() throws Exception {
        Path dist = user.directory().resolve("dist");
        Run.of(List.of("/bin/cp", "-R", user.environment().get("MPX_INSTALL_DIST"), dist.toString()), user.environment(), user.directory());
        Files.delete(dist.resolve("bin/mpx"));
        Files.copy(dist.resolve("lib/mpx.sh"), dist.resolve("bin/mpx"));
        user.set("MPX_INSTALL_DIST", dist.toString());
        Run run = install("--no-demo");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.stdout()).contains("no C compiler", "40 MiB");
        user.set("MPX_JAVA_OPTS", "-Xlog:class+load:stderr");
        assertThat(run(bin.resolve("mpx"), "--frob", "x").stderr())
                .contains("dev.mpx.proxy.shim.ShimMain source: shared objects file (top)");
    }

    /** Red when the shim starts its daemon from where it was started itself. */
    @Test
    void aSessionGoesOnWhenItsInstallationIsLongGone() throws Exception {
        List<String> command = new ArrayList<>(List.of(bin.resolve("mpx").toString()));
        command.addAll(user.words(ScriptedServer.command()));
        Files.createDirectories(bin);
        unpack("first");
        try (McpClient agent = McpClient.process(command).onlyEnvironment(user.environment())
                .directory(user.directory()).timeout(UserHome.PATIENCE).open()) {
            agent.initialize();
            Path first = current();
            assumeTrue(isNative(first.resolve("bin/mpx")), "without a compiler there is no native program");
            Files.delete(bin.resolve("mpx"));
            unpack("second");
            try (Stream<Path> files = Files.walk(first)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            user.daemon().kill();
            await().atMost(UserHome.PATIENCE).until(() -> user.daemons().stream()
                    .anyMatch(daemon -> daemon.commandLine().stream().anyMatch(word -> word.contains("/second/"))));
            assertThat(agent.tool("pid").text()).isNotBlank();
        }
    }

    private void unpack(String name) throws Exception {
        Path root = Files.createDirectories(prefix.resolve("lib/mpx")).resolve(name);
        Run.of(List.of("/bin/cp", "-R", user.environment().get("MPX_INSTALL_DIST"), root.toString()), user.environment(), user.directory());
        Files.createSymbolicLink(bin.resolve("mpx"), root.resolve("bin/mpx"));
    }

    private static boolean isNative(Path program) throws IOException {
        try (var in = Files.newInputStream(program)) {
            return in.read() != '#';
        }
    }

    @Test
    void whereItCanNotStandBeforeTheRealServerNothingIsInstalled() throws Exception {
        Run run = install("--no-demo", "--replace");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("no directory on PATH before", venv.toString());
        assertThat(bin.resolve("mpx")).doesNotExist();
        Files.delete(venv.resolve("mempalace-mcp"));
        assertThat(install("--no-demo", "--replace").stderr()).contains("Install MemPalace first");
    }

    @Test
    void aDirectoryOfTheUsersOwnWillDoWhereTheRealServerIsBesideMpx() throws Exception {
        Files.createDirectories(bin);
        Files.move(venv.resolve("mempalace-mcp"), bin.resolve("mempalace-mcp"));
        Path own = Files.createDirectories(user.directory().resolve("my bin"));
        user.searchFirst(bin);
        user.searchFirst(own);
        Run run = install("--no-demo", "--replace");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(own.resolve("mempalace-mcp").toRealPath()).isEqualTo(bin.resolve("mpx").toRealPath());
        assertThat(install("--uninstall").status()).isZero();
        assertThat(own).isEmptyDirectory();
        assertThat(installed()).containsExactly(bin.resolve("mempalace-mcp"));
    }

    private void realMempalace() throws IOException {
        Path program = Files.writeString(venv.resolve("mempalace"), "#!/bin/sh\necho real \"$0\" \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Red when the alias takes itself for the real one, or forgets where that was. */
    @Test
    void onRequestItStandsInThePlaceOfMempalaceToo() throws Exception {
        assumeTrue(isNative(UserHome.launcher()), "without a compiler there is no native program");
        realMempalace();
        user.searchFirst(bin);
        Run run = install("--no-demo", "--replace-mempalace");
        assertThat(run.status()).as(run.toString()).isZero();
        assertThat(run.stdout()).contains(bin.resolve("mempalace").toString(), venv.resolve("mempalace").toString());
        assertThat(current().resolve("lib/mempalace-path")).hasContent(venv.resolve("mempalace").toString());
        assertThat(bin.resolve("mempalace-mcp")).isSymbolicLink();

        theAliasReadsAndWrites();
        user.set("PATH", "/usr/bin:/bin");
        assertThat(install("--no-demo").status()).isZero();
        theAliasReadsAndWrites();

        assertThat(install("--uninstall").status()).isZero();
        assertThat(installed()).isEmpty();
        assertThat(venv.resolve("mempalace")).exists();
    }

    private void theAliasReadsAndWrites() throws Exception {
        Path alias = bin.resolve("mempalace");
        assertThat(run(alias, "search", "x")).isEqualTo(new Run(0, "real " + venv.resolve("mempalace") + " search x\n", ""));
        Run mine = run(alias, "mine", "x");
        assertThat(mine.status()).as(mine.toString()).isZero();
        assertThat(mine.stdout()).isEqualTo("real " + venv.resolve("mempalace") + " mine x\n");
        assertThat(user.daemons()).as("a mine borrows the palace").hasSize(1);
        assertThat(run(bin.resolve("mpx"), "stop").status()).isZero();
    }

    @Test
    void inThePlaceOfMempalaceItIsNotInstalledUnasked() throws Exception {
        realMempalace();
        user.searchFirst(bin);
        assertThat(install("--no-demo", "--replace").status()).isZero();
        assertThat(bin.resolve("mempalace")).doesNotExist();
        assertThat(current().resolve("lib/mempalace-path")).doesNotExist();
    }

    /** A program that is there already is somebody's. */
    @Test
    void nothingOfTheUsersIsReplaced() throws Exception {
        realMempalace();
        Files.createDirectories(bin);
        Files.writeString(bin.resolve("mempalace"), "not executable, and not mpx's");
        user.searchFirst(bin);
        Run run = install("--no-demo", "--replace-mempalace");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("no directory on PATH before");
        assertThat(bin.resolve("mempalace")).hasContent("not executable, and not mpx's");
    }

    /** Jobs need the guard: better refused now than at every hook. */
    @Test
    void withoutACompilerItDoesNotStandInThePlaceOfMempalace() throws Exception {
        realMempalace();
        user.searchFirst(bin);
        Path dist = user.directory().resolve("dist");
        Run.of(List.of("/bin/cp", "-R", user.environment().get("MPX_INSTALL_DIST"), dist.toString()), user.environment(), user.directory());
        Files.delete(dist.resolve("bin/mpx"));
        Files.copy(dist.resolve("lib/mpx.sh"), dist.resolve("bin/mpx"));
        user.set("MPX_INSTALL_DIST", dist.toString());
        Run run = install("--no-demo", "--replace-mempalace");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("native program", "C compiler");
        assertThat(bin.resolve("mempalace")).doesNotExist();

        // an alias of an installation that had a compiler
        Path alias = Files.createSymbolicLink(user.directory().resolve("mempalace"), dist.resolve("bin/mpx"));
        user.searchFirst(user.directory());
        assertThat(run(alias, "--palace", "p", "search", "x").stdout()).isEqualTo("real " + venv.resolve("mempalace") + " --palace p search x\n");
        Run mine = run(alias, "--palace=p", "mine", "x");
        assertThat(mine.status()).isEqualTo(3);
        assertThat(mine.stdout()).isEmpty();
        assertThat(mine.stderr()).contains("mempalace mine", "not run");
        assertThat(run(alias, "hook", "run").status()).isEqualTo(1);
    }
}
