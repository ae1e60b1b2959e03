package dev.mpx.proxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.json.Json;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code mpx doctor} says in situations that are real, on the default palace of a user, and what it mends. */
@Timeout(90)
@EnabledOnOs(OS.LINUX)
class DoctorIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private Path home;
    private Path palace;

    @BeforeEach
    void aPalaceAndAServer() throws IOException {
        script("mempalace-mcp", "exec " + ScriptedServer.command().stream().map(word -> "'" + word + "'").collect(Collectors.joining(" ")));
        user.searchFirst(user.directory().resolve("bin"));
        home = user.directory().resolve(".mempalace");
        palace = Files.createDirectories(home.resolve("palace"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(palace.resolve("chroma.sqlite3"), "data");
    }

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(Files.createDirectories(user.directory().resolve("bin")).resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Process start(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(user.directory().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(user.environment());
        return builder.start();
    }

    private void ensure() throws Exception {
        Run run = user.mpx("ensure");
        assertThat(run.status()).as(run.toString()).isZero();
    }

    /** What it says, by its JSON. */
    private record Told(int status, Json report) {
        Stream<Json> findings(String check) {
            return report.at("checks").elements().stream().filter(one -> one.at("name").text().equals(check))
                    .flatMap(one -> one.at("findings").elements().stream());
        }

        List<String> of(String check, String severity) {
            return findings(check).filter(one -> one.at("severity").text().equals(severity)).map(one -> one.at("what").text()).toList();
        }
    }

    private Told doctor(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("doctor", "--json"));
        words.addAll(List.of(options));
        Run run = user.mpx(words.toArray(String[]::new));
        assertThat(run.stderr()).isEmpty();
        return new Told(run.status(), Json.parse(run.stdout()));
    }

    @Test
    void aDaemonAtWorkHasNoFaultAndNobodyIsStartedToSayIt() throws Exception {
        Told before = doctor();
        assertThat(before.status()).as(before.toString()).isZero();
        assertThat(user.daemons()).isEmpty();
        ensure();
        OsProcess daemon = user.daemon();
        Told told = doctor();
        assertThat(told.status()).as(told.toString()).isZero();
        assertThat(told.report().at("faults").integer()).isZero();
        assertThat(told.of("daemon", "ok")).singleElement().asString().contains("process " + daemon.pid(), "answers in");
        assertThat(told.of("open files", "fault")).isEmpty();
        assertThat(told.of("locks", "fault")).isEmpty();
    }

    @Test
    void whoHasThePalaceOpenBesideMpxIsNamed() throws Exception {
        ensure();
        Process other = start("/bin/sh", "-c", "exec 3<>'" + palace.resolve("chroma.sqlite3") + "'; sleep 1000; exit");
        await().until(() -> other.descendants().findAny().isPresent());
        Told told = doctor();
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.of("open files", "fault")).anyMatch(what -> what.contains("pid " + other.pid()) && what.contains("chroma.sqlite3"));
        assertThat(told.findings("open files").map(one -> one.text("cure", "")).toList())
                .anyMatch(cure -> cure.contains("kill " + other.pid()));
        doctor("--fix");
        assertThat(other.isAlive()).as("nobody is ended by --fix").isTrue();
    }

    @Test
    void aPortThatSomebodyElseHasIsNamedWithWhoThatIsWhetherADaemonRunsOrNot() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(home.resolve("mpx.toml"), "[metrics]\nport = " + taken.getLocalPort() + "\n");
            for (boolean runs : List.of(false, true)) {
                if (runs) {
                    ensure();
                }
                Told told = doctor();
                assertThat(told.status()).as("it serves without").isZero();
                assertThat(told.of("ports", "warn")).as("a daemon runs: " + runs).singleElement().asString()
                        .contains("127.0.0.1:" + taken.getLocalPort() + " (metrics) can't be had",
                                "by pid " + ProcessHandle.current().pid());
                assertThat(told.findings("ports").map(one -> one.text("cure", "")).toList())
                        .anyMatch(cure -> cure.contains("another port below [metrics]") && cure.contains("mpx restart") == runs);
            }
        }
        assertThat(user.mpx("restart").status()).isZero();
        assertThat(doctor().of("ports", "warn")).as("the daemon has it now").isEmpty();
    }

    @Test
    void whatOthersMayReadIsMended() throws Exception {
        ensure();
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(home.resolve("broker.json"), PosixFilePermissions.fromString("rw-r--r--"));
        Told told = doctor();
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.of("permissions", "fault")).anyMatch(what -> what.contains("written to by other users"));
        assertThat(told.of("permissions", "warn")).anyMatch(what -> what.contains("broker.json"));
        assertThat(doctor("--fix").status()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("broker.json")))).isEqualTo("rw-------");
    }

    @Test
    void whatADeadDaemonHasLeftIsRemovedAndWhatALivingOneHasIsNot() throws Exception {
        ensure();
        OsProcess daemon = user.daemon();
        doctor("--fix");
        assertThat(home.resolve("broker.json")).exists();
        assertThat(home.resolve("broker.sock")).exists();
        daemon.kill();
        await().until(() -> !daemon.isAlive());
        Told told = doctor();
        assertThat(told.of("daemon files", "note")).anyMatch(what -> what.contains("broker.json")
                && what.contains("process " + daemon.pid()));
        doctor("--fix");
        assertThat(home.resolve("broker.json")).doesNotExist();
        assertThat(home.resolve("broker.sock")).doesNotExist();
        ensure();
        assertThat(doctor().status()).isZero();
    }

    @Test
    void aBrokenRecordOfNobodyIsRemoved() throws Exception {
        Files.writeString(home.resolve("broker.json"), "{\"pid\": ");
        assertThat(doctor().of("daemon files", "note")).singleElement().asString().contains("makes no sense");
        doctor("--fix");
        assertThat(home.resolve("broker.json")).doesNotExist();
    }

    @Test
    void aDaemonThatHangsIsNamedWithTheCommandThatReplacesIt() throws Exception {
        ensure();
        OsProcess daemon = user.daemon();
        daemon.signal("STOP");
        Told told = doctor();
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.of("daemon", "fault")).singleElement().asString()
                .contains("has not answered", "process " + daemon.pid(), "is stopped", "tried unix:" + home.resolve("broker.sock"));
        Json finding = told.findings("daemon").findFirst().orElseThrow();
        assertThat(finding.at("why").text()).contains("logs/mpx.log");
        assertThat(finding.at("cure").text()).isEqualTo("mpx restart");
        assertThat(doctor("--fix").status()).as("it is not replaced unasked").isEqualTo(1);
        assertThat(daemon.isAlive()).isTrue();
    }

    /** The native one, where there is one, and the script that starts Java in any case. */
    private static List<Path> programs() {
        return List.of(UserHome.launcher(), UserHome.launcher().resolveSibling("../lib/mpx.sh").normalize());
    }

    @Test
    void whoeverMeetsADaemonThatHangsIsToldWhatWasTriedWhereItsLogIsAndWhatReplacesIt() throws Exception {
        ensure();
        user.daemon().signal("STOP");
        for (Path program : programs()) {
            Run run = Run.of(List.of(program.toString(), "ensure"), user.environment(), user.directory());
            assertThat(run.status()).as(run.toString()).isEqualTo(3);
            assertThat(run.stderr()).as(program.toString()).contains("tried unix:" + home.resolve("broker.sock"), "does not answer",
                    home.resolve("logs/mpx.log").toString(), "this replaces it: mpx restart --home " + home + "\n");
        }
    }

    /** Red when a file is named that nobody writes: what systemd's daemon prints goes to the journal. */
    @Test
    void theLogsOfAServicesDaemonThatHangsAreItsOwnAndTheJournal() throws Exception {
        user.set("MPX_UNIT", "mpx-it.service");
        start(UserHome.launcher().toString(), "serve");
        await().atMost(UserHome.PATIENCE).until(() -> Files.exists(home.resolve("server.json")) && user.mpx("status").status() == 0);
        user.daemon().signal("STOP");
        String logs = "Its log is " + home.resolve("logs/mpx.log") + " (and what it printed: journalctl --user -u mpx-it.service).";
        assertThat(home.resolve("logs/mpx.log")).exists();

        for (Path program : programs()) {
            Run run = Run.of(List.of(program.toString(), "ensure"), user.environment(), user.directory());
            assertThat(run.stderr()).as(program.toString()).contains(logs, "this replaces it: systemctl --user restart mpx-it.service\n");
        }
        Json finding = doctor().findings("daemon").findFirst().orElseThrow();
        assertThat(finding.at("why").text()).contains(logs);
        assertThat(finding.at("cure").text()).isEqualTo("systemctl --user restart mpx-it.service");
    }

    @Test
    void theServiceOfADaemonIsNamedWhenThatIsGone() throws Exception {
        user.set("MPX_UNIT", "mpx-it.service");
        Process serve = start(UserHome.launcher().toString(), "serve");
        await().atMost(UserHome.PATIENCE).until(() -> Files.exists(home.resolve("server.json")) && user.mpx("status").status() == 0);
        assertThat(Json.parse(Files.readString(home.resolve("broker.json"))).at("unit").text()).isEqualTo("mpx-it.service");
        user.daemons().forEach(OsProcess::kill);
        serve.waitFor();
        for (Path program : programs()) {
            Run status = Run.of(List.of(program.toString(), "status"), user.environment(), user.directory());
            assertThat(status.status()).isEqualTo(3);
            assertThat(status.stderr()).as(program.toString()).contains("tried unix:", "logs/mpx.log",
                    "the service mpx-it.service keeps it", "this starts it: systemctl --user restart mpx-it.service");
        }
        for (Path program : programs()) {
            Run status = Run.of(List.of(program.toString(), "status"), user.environment(), user.directory());
            assertThat(status.stderr()).as("what it printed").contains("\njournal   journalctl --user -u mpx-it.service\n");
        }
        ensure();
        assertThat(Json.parse(Files.readString(home.resolve("broker.json"))).has("unit"))
                .as("one that a client has started is no service's").isFalse();
    }

    @Test
    void aMineBesideMpxIsNamedWithItsCure() throws Exception {
        Path mempalace = script("mempalace", "sleep 1000; exit");
        ensure();
        Process mine = start(mempalace.toString(), "mine", "notes");
        await().until(() -> mine.toHandle().info().startInstant()
                .filter(begun -> begun.plusMillis(1500).isBefore(java.time.Instant.now())).isPresent());
        Told told = doctor();
        assertThat(told.of("orphans", "warn")).singleElement().asString().contains("pid " + mine.pid(), "mempalace mine notes");
        assertThat(told.findings("orphans").map(one -> one.text("cure", "")).toList()).anyMatch(cure -> cure.startsWith("mpx run --reap"));
    }

    @Test
    void anAgentThatStillStartsTheBareServerIsNamed() throws Exception {
        Files.writeString(user.directory().resolve(".claude.json"),
                "{\"mcpServers\": {\"mempalace\": {\"type\": \"stdio\", \"command\": \"" + user.directory().resolve("bin/mempalace-mcp")
                        + "\"}}}");
        Told told = doctor();
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.of("agents", "fault")).singleElement().asString().contains("claude", ".claude.json", "mcpServers.mempalace");
        assertThat(told.findings("agents").map(one -> one.text("cure", "")).toList())
                .anyMatch(cure -> cure.contains("mpx install --agent claude"));
    }

    @Test
    void aServerThatIsMissingIsAFaultAndWrongUsageIsTwo() throws Exception {
        Files.delete(user.directory().resolve("bin/mempalace-mcp"));
        Told told = doctor();
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.of("server", "fault")).singleElement().asString().contains("found no mempalace-mcp");
        assertThat(user.mpx("doctor", "--frob").status()).isEqualTo(2);
    }

    @Test
    void onATerminalItIsOneScreenOfEightyColumns() throws Exception {
        Path tmux = Stream.of("/usr/bin/tmux", "/usr/local/bin/tmux", "/opt/homebrew/bin/tmux").map(Path::of).filter(Files::isExecutable)
                .findFirst().orElse(null);
        Assumptions.assumeTrue(tmux != null, "tmux is missing");
        Files.writeString(home.resolve("mpx.toml"), "[daemon]\nidel = \"5m\"\n");
        String socket = user.directory().resolve("t").toString();
        user.set("TERM", "xterm-256color");
        user.set("LC_ALL", "C.UTF-8");
        Run begun = Run.of(List.of(tmux.toString(), "-u", "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "50",
                UserHome.launcher() + " doctor; echo status $?; sleep 100"), user.environment(), user.directory());
        assertThat(begun.status()).as(begun.toString()).isZero();
        List<String> screen = new ArrayList<>();
        await().atMost(UserHome.PATIENCE).until(() -> {
            screen.clear();
            screen.addAll(Run.of(List.of(tmux.toString(), "-S", socket, "capture-pane", "-p", "-e"), user.environment(), user.directory())
                    .stdout().lines().toList());
            return screen.stream().anyMatch(line -> line.startsWith("status "));
        });
        List<String> plain = screen.stream().map(line -> line.replaceAll("\u001b\\[[0-9;]*m", "")).filter(line -> !line.isBlank()).toList();
        assertThat(plain.get(0)).as("the verdict is not scrolled away").startsWith("mpx doctor: ").contains("warning").doesNotContain("fault");
        assertThat(plain).allMatch(line -> line.length() <= 80);
        assertThat(plain).anyMatch(line -> line.contains("warn") && line.contains("settings") && line.contains("idel"));
        assertThat(plain).contains("status 0");
        assertThat(String.join("\n", screen)).as("coloured on a terminal").contains("\u001b[");
        Run.of(List.of(tmux.toString(), "-S", socket, "kill-server"), user.environment(), user.directory());
    }

    /** Red when a lock that any mpx has is taken for this home's. */
    @Test
    void anotherHomesDaemonOnThePalaceIsNamedWithTheCommandThatEndsIt() throws Exception {
        String first = user.directory().resolve("a").toString();
        String second = user.directory().resolve("b").toString();
        for (String each : List.of(first, second)) {
            Run run = user.mpx("ensure", "--home", each);
            assertThat(run.status()).as(run.toString()).isZero();
        }
        await().atMost(UserHome.PATIENCE).until(() -> user.mpx("status", "--home", second).stdout().contains("could not be started"));

        Run status = user.mpx("status", "--home", second);
        assertThat(status.stdout()).contains("end the other daemon: mpx stop --home " + first)
                .doesNotContain("mpx restart --home " + second, " guard --");
        Told told = doctor("--home", second);
        assertThat(told.status()).isEqualTo(1);
        assertThat(told.of("locks", "ok")).isEmpty();
        assertThat(told.of("locks", "fault")).singleElement().asString().contains("another home's", first + ", pid ");
        Json finding = told.findings("locks").findFirst().orElseThrow();
        assertThat(finding.at("cure").text()).startsWith("mpx stop --home " + first + " ");
        assertThat(finding.at("why").text()).contains("It listens at unix:" + first + "/broker.sock", first + "/logs/mpx.log");
        assertThat(told.findings("daemon").map(one -> one.text("cure", "")).toList())
                .anyMatch(cure -> cure.endsWith("mpx stop --home " + first));
        assertThat(doctor("--home", first).of("locks", "fault")).isEmpty();
    }
}
