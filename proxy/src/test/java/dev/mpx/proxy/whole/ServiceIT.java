package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.McpClient;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code mpx install --service} with a systemctl that starts and stops what the unit says. */
@Timeout(120)
class ServiceIT {
    /** It keeps to what systemd does with these units: a new session, few variables, SIGTERM to the main process alone. */
    private static final String SYSTEMCTL = """
            #!/bin/sh
            echo "$*" >>"$HOME/told"
            case $2 in
            restart)
                sed -n 's/^ExecStart=/exec setsid /p; s/^Environment=/export /p' "$HOME/.config/systemd/user/$3" | sort -r >"$HOME/unit.sh"
                { grep ^export "$HOME/unit.sh"; grep ^exec "$HOME/unit.sh"; } >"$HOME/start.sh"
                sh "$HOME/start.sh" </dev/null >"$HOME/unit.log" 2>&1 &
                echo $! >"$HOME/unit.pid" ;;
            disable)
                kill "$(cat "$HOME/unit.pid")" 2>/dev/null
                while kill -0 "$(cat "$HOME/unit.pid")" 2>/dev/null; do sleep 0.05; done ;;
            is-active) kill -0 "$(cat "$HOME/unit.pid")" ;;
            show)
                case $3 in *ActiveState*)
                    if kill -0 "$(cat "$HOME/unit.pid")" 2>/dev/null
                    then printf 'ActiveState=active\nSubState=running\nResult=success\nNRestarts=0\nExecMainStatus=0\n'
                    else printf 'ActiveState=activating\nSubState=auto-restart\nResult=exit-code\nNRestarts=0\nExecMainStatus=1\n'
                    fi
                esac ;;
            esac
            """;

    @RegisterExtension
    final UserHome user = new UserHome();

    private ServerStarts server;
    private Path unit;

    @BeforeEach
    void arrange() throws Exception {
        server = ServerStarts.in(user.directory());
        unit = user.directory().resolve(".config/systemd/user/mpx-h.service");
        Path bin = Files.createDirectories(user.directory().resolve("bin"));
        Path systemctl = Files.writeString(bin.resolve("systemctl"), SYSTEMCTL);
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        user.searchFirst(bin);
    }

    private Run mpx(String what, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of(what, "--service"));
        words.addAll(List.of(options));
        words.addAll(user.words(server.command()));
        return user.mpx(words.toArray(String[]::new));
    }

    @Test
    void theServiceTakesTheDaemonsPlaceAndNoSessionEnds() throws Exception {
        McpClient agent = user.agent(server.command()).open();
        assertThat(agent.initialize().isError()).isFalse();
        OsProcess before = user.daemon();

        Run install = mpx("install");

        assertThat(install.status()).as(install.stderr()).isZero();
        assertThat(install.stdout()).contains("Service mpx-h.service is started, in the place of the daemon before",
                "loginctl enable-linger");
        OsProcess daemon = user.daemon();
        assertThat(daemon.pid()).isNotEqualTo(before.pid())
                .isEqualTo(Long.parseLong(Files.readString(user.directory().resolve("unit.pid")).strip()));
        assertThat(daemon.environment()).contains("MPX_DAEMON_IDLE=0");
        assertThat(agent.request("tools/list", "{}").isError()).isFalse();
        assertThat(mpx("install").stdout()).contains("nothing to do, it is there and runs");
        assertThat(user.daemon()).isEqualTo(daemon);
        agent.close();

        Run uninstall = mpx("uninstall");

        assertThat(uninstall.status()).as(uninstall.stderr()).isZero();
        assertThat(unit).doesNotExist();
        assertThat(daemon.isAlive()).isFalse();
    }

    @Test
    void whereNoSessionOfSystemdIsNothingIsWritten() throws Exception {
        Files.writeString(user.directory().resolve("bin/systemctl"),
                "#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2\nexit 1\n");

        Run run = mpx("install");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("no service was made: there is no systemd user session", "Failed to connect to bus",
                "nothing was written");
        assertThat(user.directory().resolve(".config")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"MPX_TCP_PORT, [tcp]", "MPX_METRICS_PORT, [metrics]"})
    void aPortThatIsTakenIsFoundBeforeAnythingIsWritten(String setting, String section) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            user.set(setting, Integer.toString(taken.getLocalPort()));

            Run run = mpx("install");

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.stderr()).contains("no service was made: the settings have the daemon serve ",
                    " on 127.0.0.1:" + taken.getLocalPort() + ", which can't be had: Address already in use",
                    "set another port below " + section);
            if (Files.isDirectory(Path.of("/proc/self"))) {
                assertThat(run.stderr()).contains("pid " + ProcessHandle.current().pid());
            }
            assertThat(unit).doesNotExist();
            assertThat(user.daemons()).isEmpty();
        }
    }

    @Test
    void aPortThatTheDaemonBeforeHasIsNoHindrance() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        user.set("MPX_METRICS_PORT", Integer.toString(port));
        user.ensure(server.command());

        Run run = mpx("install");

        assertThat(run.status()).as(run.stderr()).isZero();
        assertThat(user.statusJson().at("daemon", "portsTaken").elements()).isEmpty();
    }

    @Test
    void somebodyElsesUnitStaysAsItIsAndAnotherNameHelps() throws Exception {
        Files.createDirectories(unit.getParent());
        Files.writeString(unit, "[Service]\nExecStart=/bin/true\n");

        Run run = mpx("install");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains(unit + " is there and not mpx's", "--name");
        assertThat(unit).hasContent("[Service]\nExecStart=/bin/true\n");
        assertThat(mpx("uninstall").stdout()).contains("nothing to do");
        assertThat(unit).exists();
        assertThat(mpx("install", "--name", "other").status()).isZero();
        assertThat(unit.resolveSibling("mpx-other.service")).exists();
    }

    @Test
    void aDryRunWritesNothing() throws Exception {
        Run run = mpx("install", "--dry-run");

        assertThat(run.status()).isZero();
        assertThat(run.stdout()).contains("Would write " + unit, "ExecStart=", "\"--home\" \"" + user.home() + "\"");
        assertThat(unit).doesNotExist();
        assertThat(user.home()).doesNotExist();
    }

    @Test
    void aServiceThatDoesNotStartLeavesNoUnit() throws Exception {
        Files.writeString(user.directory().resolve("bin/systemctl"),
                "#!/bin/sh\ncase $2 in restart) echo 'Job failed.' >&2; exit 1 ;; esac\n");

        Run run = mpx("install");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("could not be started", "Job failed.", unit + " was removed again");
        assertThat(unit).doesNotExist();
    }

    /** Red when its socket alone is looked at: then this takes two minutes. */
    @Test
    void aServiceWhoseDaemonEndsAtItsStartIsToldAtOnceWithWhatItPrinted() throws Exception {
        Path journalctl = Files.writeString(user.directory().resolve("bin/journalctl"),
                "#!/bin/sh\necho \"$*\" >>\"$HOME/told\"\ntail -n 5 \"$HOME/unit.log\"\n");
        Files.setPosixFilePermissions(journalctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(user.directory().resolve("bin/systemctl"),
                SYSTEMCTL.replace("sh \"$HOME/start.sh\"", "sh -c 'echo mpx: no Java found; exit 1'"));
        long begun = System.nanoTime();

        Run run = mpx("install");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(40));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.stderr()).contains("mpx-h.service could not be started: it ends at its start (exit-code, status 1)",
                "its log is " + user.home() + "/logs/mpx.log, and what it printed: journalctl --user -u mpx-h.service.",
                "mpx:   mpx: no Java found\n", unit + " was removed again").doesNotContain("daemon.log");
        assertThat(Files.readString(user.directory().resolve("told"))).contains("--user -u mpx-h.service -n 5");
        assertThat(unit).doesNotExist();
    }

    /** Red when it waits without a word. */
    @Test
    void whoWaitsForAServiceIsToldForWhat() throws Exception {
        Path systemctl = user.directory().resolve("bin/systemctl");
        Files.writeString(systemctl, SYSTEMCTL.replace("sh \"$HOME/start.sh\"", "sh -c 'sleep 4; exec sh \"$HOME/start.sh\"'"));

        Run run = mpx("install");

        assertThat(run.status()).as(run.stderr()).isZero();
        assertThat(run.stderr()).contains("mpx: waiting for the daemon of mpx-h.service to answer, 120 s at most; its log is "
                + user.home() + "/logs/mpx.log, and what it printed: journalctl --user -u mpx-h.service.");
        assertThat(run.stdout()).contains("Service mpx-h.service is started");
    }

    private Run bare(String... words) throws Exception {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--home", user.home().toString()));
        return user.mpx(all.toArray(String[]::new));
    }

    /** Red when a unit is looked for by its name alone: two of them take the one daemon from each other. */
    @Test
    void aSecondUnitForOneHomeIsRefusedAndTheFirstIsFoundByItsHome() throws Exception {
        assertThat(mpx("install", "--name", "one").status()).isZero();

        Run second = mpx("install", "--name", "two");

        assertThat(second.status()).isEqualTo(1);
        assertThat(second.stderr()).contains("no service was made: the service mpx-one.service keeps the daemon of " + user.home()
                + " already (" + unit.resolveSibling("mpx-one.service") + ")",
                "mpx uninstall --service --home " + user.home() + " --name one");
        assertThat(unit.resolveSibling("mpx-two.service")).doesNotExist();
        assertThat(mpx("install", "--name", "one").stdout()).contains("nothing to do, it is there and runs");
        assertThat(mpx("uninstall", "--name", "two").stdout()).contains("nothing to do", "This home's is mpx-one.service.");

        Run uninstall = bare("uninstall", "--service");

        assertThat(uninstall.stdout()).contains("Service mpx-one.service is stopped");
        assertThat(unit.resolveSibling("mpx-one.service")).doesNotExist();
    }

    /** Red when the home's record outlives the unit that it names. */
    @Test
    void aUnitThatWasRemovedIsNotNamedAnyMore() throws Exception {
        assertThat(mpx("install", "--name", "nn").status()).isZero();
        assertThat(bare("uninstall", "--service", "--name", "nn").status()).isZero();

        Run status = user.status();

        assertThat(status.status()).isEqualTo(3);
        assertThat(status.stderr()).contains("mpx ensure --home " + user.home()).doesNotContain("mpx-nn.service");
        assertThat(bare("ensure").status()).as("what is served there is known still").isZero();
    }

    @Test
    void aServerThatIsNotThereIsFoundBeforeAnythingIsWritten() throws Exception {
        for (String missing : List.of("/nonexistent/srv", "no-such-server")) {
            Run run = user.mpx("install", "--service", "--home", user.home().toString(), "--", missing);

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.stderr()).contains("no service was made", missing, missing.startsWith("/") ? "is gone, or can't be run"
                    : "is not on PATH");
            assertThat(unit).doesNotExist();
            assertThat(user.home()).doesNotExist();
        }
    }
}
