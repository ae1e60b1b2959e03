package dev.mpx.proxy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Units as they are written, and what is said to a stand-in of systemctl or launchctl. */
@Timeout(60)
class ServiceHostTest {
    private static final Path HOME = Path.of("/home/u/50% & more.mpx");

    @TempDir
    Path directory;

    private Path bin;
    private Environment environment;
    private final ServiceSpec spec = new ServiceSpec(HOME,
            List.of("/home/u/.local/bin/mpx", "serve", "--home", HOME.toString(), "--", "/opt/\"m\"/mempalace-mcp", "--palace", "/data/$x"),
            Map.of("PATH", "/usr/bin:/bin", "MPX_DAEMON_IDLE", "0"), HOME.resolve("logs/daemon.log"));

    @BeforeEach
    void arrange() throws Exception {
        bin = Files.createDirectories(directory.resolve("bin"));
        environment = new Environment(Map.of("HOME", directory.toString(), "PATH", bin + ":/usr/bin:/bin", "SAID", said().toString()),
                directory, directory);
        standIn("systemctl", "");
        standIn("launchctl", "case $1/$2 in print/gui/*/*) [ -e \"$SAID.loaded\" ] || exit 113; echo 'state = running' ;; esac\n"
                + "case $1 in bootstrap) : >\"$SAID.loaded\" ;; bootout) rm -f \"$SAID.loaded\" ;; esac\n");
    }

    private Path said() {
        return directory.resolve("said");
    }

    /** It writes down what it is told, and does well unless the script says otherwise. */
    private void standIn(String name, String script) throws IOException {
        Path program = Files.writeString(bin.resolve(name), "#!/bin/sh\necho \"$*\" >>\"$SAID\"\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> told() throws IOException {
        return Files.exists(said()) ? Files.readAllLines(said()) : List.of();
    }

    private Systemd systemd() {
        return new Systemd("work", HOME, environment);
    }

    private Launchd launchd() {
        return new Launchd("work", HOME, environment);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = ServiceHostTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aSystemdUnitIsWrittenStartedAndRemoved() throws Exception {
        Systemd host = systemd();
        assertThat(host.absence()).isEmpty();
        assertThat(host.collision()).isEmpty();
        Files.delete(said());

        host.write(spec);
        host.start();

        Path file = directory.resolve(".config/systemd/user/mpx-work.service");
        assertThat(file).hasContent(golden("mpx-work.service"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(told()).containsExactly("--user daemon-reload", "--user enable mpx-work.service", "--user restart mpx-work.service");
        assertThat(host.isThere()).isTrue();
        assertThat(host.isCurrent(spec)).isTrue();
        Files.delete(said());
        host.remove();
        assertThat(file).doesNotExist();
        assertThat(told()).containsExactly("--user disable --now mpx-work.service", "--user daemon-reload");
    }

    @Test
    void aLaunchdAgentIsWrittenStartedAndRemoved() throws Exception {
        Launchd host = launchd();
        assertThat(host.collision()).isEmpty();
        Files.delete(said());

        host.write(spec);
        host.start();

        Path file = directory.resolve("Library/LaunchAgents/dev.mpx.work.plist");
        assertThat(file).hasContent(golden("dev.mpx.work.plist"));
        String domain = "gui/" + Owner.uid();
        assertThat(told()).containsExactly("print " + domain + "/dev.mpx.work", "bootstrap " + domain + " " + file);
        assertThat(host.isCurrent(spec)).isTrue();
        Files.delete(said());
        host.remove();
        assertThat(file).doesNotExist();
        assertThat(told()).containsExactly("print " + domain + "/dev.mpx.work", "bootout " + domain + "/dev.mpx.work");
    }

    @Test
    void whereThereIsNoUserSessionThatIsSaid() throws Exception {
        standIn("systemctl", "echo 'Failed to connect to bus: No medium found' >&2; exit 1\n");

        assertThat(systemd().absence()).hasValueSatisfying(why ->
                assertThat(why).isEqualTo("there is no systemd user session (\"systemctl --user\" says: Failed to connect to bus:"
                        + " No medium found)"));
        Files.delete(bin.resolve("systemctl"));
        Environment without = new Environment(Map.of("HOME", directory.toString(), "PATH", bin.toString()), directory, directory);
        assertThat(new Systemd("work", HOME, without).absence())
                .hasValueSatisfying(why -> assertThat(why).contains("no systemctl on PATH"));
    }

    @Test
    void aUnitThatIsNotOursIsFoundBeforeAnythingIsWritten() throws Exception {
        Path file = Files.createDirectories(directory.resolve(".config/systemd/user")).resolve("mpx-work.service");
        Files.writeString(file, "[Service]\nExecStart=/bin/true\n");
        assertThat(systemd().collision()).hasValueSatisfying(why -> assertThat(why).contains("is there and not mpx's"));
        assertThat(systemd().isThere()).isFalse();

        new Systemd("work", Path.of("/another"), environment).write(new ServiceSpec(Path.of("/another"), List.of("/mpx"), Map.of(), HOME));
        assertThat(systemd().collision()).hasValueSatisfying(why -> assertThat(why).contains("is the service of another home of mpx"));
        Files.delete(file);
        standIn("systemctl", "case $* in *FragmentPath*) echo /etc/systemd/user/mpx-work.service ;; esac\n");
        assertThat(systemd().collision()).hasValueSatisfying(why -> assertThat(why).contains("(/etc/systemd/user/mpx-work.service)"));
    }

    @Test
    void aDescriptionThatIsNotTakenIsNotLeftBehind() throws Exception {
        standIn("systemctl", "case $* in *daemon-reload*) echo no >&2; exit 1 ;; esac\n");

        assertThatThrownBy(() -> systemd().write(spec)).hasMessage("\"systemctl --user daemon-reload\" failed: no");

        assertThat(systemd().file()).doesNotExist();
    }

    @Test
    void aServiceThatCantBeStoppedLosesItsDescriptionAllTheSame() throws Exception {
        systemd().write(spec);
        standIn("systemctl", "case $* in *disable*) echo bus >&2; exit 1 ;; esac\n");

        assertThatThrownBy(() -> systemd().remove()).hasMessageContaining("failed: bus");

        assertThat(systemd().file()).doesNotExist();
    }

    /** Red when services are looked for by the name that one would have alone. */
    @Test
    void theServicesOfAHomeAreFoundWhateverTheirNames() throws Exception {
        for (ServiceHost host : List.of(systemd(), launchd())) {
            assertThat(host.names()).isEmpty();
            host.write(spec);
            assertThat(host.names()).containsExactly("work");
        }
        Path another = Path.of("/another");
        new Systemd("aside", another, environment).write(new ServiceSpec(another, List.of("/mpx"), Map.of(), another));
        new Systemd("more", HOME, environment).write(spec);
        Files.writeString(systemd().file().resolveSibling("by-hand.service"), "[Service]\nExecStart=/bin/true\n");

        assertThat(new Systemd("none", HOME, environment).names()).containsExactly("more", "work");
        assertThat(new Systemd("none", another, environment).names()).containsExactly("aside");
        assertThat(new Launchd("none", HOME, environment).names()).containsExactly("work");
    }
}
