package dev.mpx.proxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.Version;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks by themselves, of what can be made up. */
class ChecksTest {
    @TempDir
    Path user;

    private Patient patient;

    @BeforeEach
    void aUserWithAPalace() throws IOException {
        user = user.toRealPath();
        Patient plain = Patients.of(user);
        Files.createDirectories(user.resolve("p"));
        patient = new Patient(plain.home(), plain.environment(), Optional.of(Palace.at(user.resolve("p"))), Optional.empty(),
                Optional.empty());
        patient.home().prepare();
    }

    private static Stream<String> bad(List<Finding> findings, Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).map(Finding::what);
    }

    private static void sparse(Path file, long length) throws IOException {
        Files.createDirectories(file.getParent());
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(length);
        }
    }

    @Test
    void anIndexThatHasRunAwayIsAFaultAndALargeHealthyOneIsNot() throws Exception {
        sparse(user.resolve("p/one/link_lists.bin"), 600L << 30);
        sparse(user.resolve("p/one/data_level0.bin"), 8 << 20);
        sparse(user.resolve("p/two/link_lists.bin"), 1L << 30);
        sparse(user.resolve("p/two/data_level0.bin"), 8L << 30);
        List<Finding> findings = new PalaceFilesCheck().look(patient);
        assertThat(bad(findings, Severity.FAULT)).singleElement().asString().contains("p/one/link_lists.bin", "600 GiB");
    }

    @Test
    void heapsOfLockFilesAreCountedThePalacesOwnAside() throws Exception {
        Path locks = Files.createDirectories(user.resolve(".mempalace/locks"));
        for (int i = 0; i < 600; i++) {
            Files.createFile(locks.resolve(i + ".lock"));
            Files.createFile(locks.resolve("mine_palace_" + i + ".lock"));
        }
        Finding found = new PalaceFilesCheck().look(patient).stream().filter(one -> one.severity() == Severity.WARN).findFirst()
                .orElseThrow();
        assertThat(found.what()).startsWith("600 lock files");
        assertThat(found.cure().orElseThrow()).as("while nobody can be about to take one").startsWith("mpx run -- find ");
        assertThat(found.fix()).isEmpty();
    }

    @Test
    void aSettingsFileThatIsNoTomlIsAFaultWithItsLineAndAMisspeltNameAWarningWithItsOwn() throws Exception {
        Files.writeString(patient.home().settings(), "[daemon]\nidle = \"5m\"\nidel = \"5m\"\n\n[jobs]\norphans = \"30m\"\n[deamon]\nx ="
                + " 1\n");
        List<Finding> misspelt = new SettingsCheck().look(patient);
        assertThat(bad(misspelt, Severity.WARN)).hasSize(2)
                .anyMatch(what -> what.contains("[daemon] idel in " + patient.home().settings() + ", line 3"))
                .anyMatch(what -> what.contains("[deamon] x") && what.contains("line 8"));
        assertThat(bad(misspelt, Severity.FAULT)).isEmpty();

        Files.writeString(patient.home().settings(), "[daemon]\nidle = \"5m\n");
        assertThat(bad(new SettingsCheck().look(patient), Severity.FAULT)).singleElement().asString().contains("mpx.toml", "line 2");

        Files.writeString(patient.home().settings(), "[daemon]\nidle = \"soon\"\n");
        assertThat(bad(new SettingsCheck().look(patient), Severity.FAULT)).singleElement().asString().contains("idle", "line 2", "soon");
    }

    @Test
    void whatTheServerReadsAndWritesIsDataAndLocksOfMpxAreNot() {
        List<Path> directories = List.of(Path.of("/p"), Path.of("/home/u/.mempalace"));
        assertThat(HoldersCheck.isData(Path.of("/p/chroma.sqlite3"), directories)).isTrue();
        assertThat(HoldersCheck.isData(Path.of("/p/0e18/data_level0.bin"), directories)).isTrue();
        assertThat(HoldersCheck.isData(Path.of("/p/.mpx-writer.lock"), directories)).isFalse();
        assertThat(HoldersCheck.isData(Path.of("/home/u/.mempalace/knowledge_graph.sqlite3-wal"), directories)).isTrue();
        assertThat(HoldersCheck.isData(Path.of("/home/u/.mempalace/logs/mpx.log"), directories)).isFalse();
        assertThat(HoldersCheck.isData(Path.of("/pp/chroma.sqlite3"), directories)).isFalse();
    }

    private List<Finding> daemonThatSays(String child) {
        String answer = "{\"result\":{\"status\":{\"well\":false,\"verdict\":\"degraded\",\"sentence\":\"the server is away\","
                + "\"advice\":\"Mend it, then: mpx restart\",\"daemon\":{\"pid\":7,\"version\":\"" + Version.current() + "\"},"
                + "\"child\":{\"state\":\"stopped\"" + child + "}}}}";
        return DaemonCheck.about(patient, JsonValue.parse(answer.getBytes(StandardCharsets.UTF_8)).orElseThrow(), 3);
    }

    /** Red when it is a warning, by which scripts take it for well. */
    @Test
    void aServerThatCantBeStartedIsAFaultWithTheDaemonsOwnAdvice() {
        List<Finding> findings = daemonThatSays(",\"failure\":\"it ended with status 3\"");

        assertThat(bad(findings, Severity.FAULT)).containsExactly("it says: the server is away: it ended with status 3");
        assertThat(findings.get(1).cure()).hasValue("Mend it, then: mpx restart");
        assertThat(bad(daemonThatSays(""), Severity.WARN)).containsExactly("it says: the server is away");
    }

    @Test
    void theHomeOfAProcessIsWhatMpxWasToldAndNotItsServer() {
        assertThat(Processes.home(List.of("mpx", "guard", "--lock", "/a/child.lock", "--", "srv", "--home", "/b"))).hasValue(Path.of("/a"));
        assertThat(Processes.home(List.of("java", "dev.mpx.proxy.cli.Mpx", "serve", "--home", "/a", "--", "srv"))).hasValue(Path.of("/a"));
        assertThat(Processes.home(List.of("srv", "--", "--home", "/b"))).isEmpty();
    }
}
