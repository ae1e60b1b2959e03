package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PalaceTest {
    @TempDir
    Path directory;

    private Machine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(directory);
    }

    private Path palace(String... arguments) {
        return Palace.of(List.of(arguments), machine.environment()).path();
    }

    @Test
    void withNothingSetItIsTheOneInTheUsersHome() {
        assertThat(palace()).isEqualTo(machine.home.resolve(".mempalace/palace"));
    }

    @Test
    void theOptionComesFirstThenTheVariablesByTheServersPrecedenceThenTheServersConfiguration() throws IOException {
        Files.createDirectories(machine.home.resolve(".mempalace"));
        Files.writeString(machine.home.resolve(".mempalace/config.json"), "{\"palace_path\": \"/p/config\"}");
        assertThat(palace()).isEqualTo(Path.of("/p/config"));
        machine.with("MEMPAL_PALACE_PATH", "/p/legacy");
        assertThat(palace()).isEqualTo(Path.of("/p/legacy"));
        machine.with("MEMPALACE_PALACE", "/p/alias");
        assertThat(palace()).isEqualTo(Path.of("/p/alias"));
        machine.with("MEMPALACE_PALACE_PATH", "/p/primary");
        assertThat(palace()).isEqualTo(Path.of("/p/primary"));
        assertThat(palace("--palace", "/p/option")).isEqualTo(Path.of("/p/option"));
        assertThat(palace("--palace=/p/equals")).isEqualTo(Path.of("/p/equals"));
    }

    @Test
    void theLastOfSeveralOptionsCountsAsItDoesForTheServer() {
        assertThat(palace("--palace", "/p/a", "--palace=/p/b")).isEqualTo(Path.of("/p/b"));
    }

    @Test
    void anEmptyOptionOrVariableCountsAsNone() {
        machine.with("MEMPALACE_PALACE_PATH", "").with("MEMPAL_PALACE_PATH", "/p/legacy");
        assertThat(palace("--palace", "")).isEqualTo(Path.of("/p/legacy"));
    }

    @Test
    void aTildeInAVariableOrInTheConfigurationIsTheUsersHome() throws IOException {
        Files.createDirectories(machine.home.resolve(".mempalace"));
        Files.writeString(machine.home.resolve(".mempalace/config.json"), "{\"palace_path\": \"~/c\"}");
        assertThat(palace()).isEqualTo(machine.home.resolve("c"));
        machine.with("MEMPALACE_PALACE_PATH", "~/v");
        assertThat(palace()).isEqualTo(machine.home.resolve("v"));
    }

    @Test
    void aConfigurationThatMakesNoSenseCountsAsNone() throws IOException {
        Files.createDirectories(machine.home.resolve(".mempalace"));
        for (String text : List.of("", "{", "[]", "{\"palace_path\": 7}", "{\"palace_path\": \"\"}")) {
            Files.writeString(machine.home.resolve(".mempalace/config.json"), text);
            assertThat(palace()).isEqualTo(machine.home.resolve(".mempalace/palace"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s/real", "%s/real/", "%s/real/.", "%s/x/../real", "%s//real", "%s/link", "%s/link/", "../real", "../x/../link"})
    void everyNameOfAPalaceIsTheSamePalace(String name) throws IOException {
        Files.createDirectories(machine.root.resolve("real"));
        Files.createSymbolicLink(machine.root.resolve("link"), Path.of("real"));
        assertThat(palace("--palace", name.formatted(machine.root))).isEqualTo(machine.root.resolve("real"));
    }

    @Test
    void aPalaceThatIsNotThereYetKeepsItsIdentityOnceItIs() throws IOException {
        Files.createDirectories(machine.root.resolve("disk"));
        Files.createSymbolicLink(machine.root.resolve("mount"), machine.root.resolve("disk"));
        Files.createSymbolicLink(machine.root.resolve("dangling"), machine.root.resolve("disk/a/b"));
        Path before = palace("--palace", machine.root + "/mount/a/b");
        Path dangling = palace("--palace", machine.root + "/dangling");
        Files.createDirectories(machine.root.resolve("disk/a/b"));
        assertThat(before).isEqualTo(machine.root.resolve("disk/a/b")).isEqualTo(dangling);
        assertThat(palace("--palace", machine.root + "/mount/a/b")).isEqualTo(before);
        assertThat(palace("--palace", machine.root + "/dangling")).isEqualTo(before);
    }

    @Test
    void aLinkThatLeadsToItselfIsStillAnAnswer() throws IOException {
        Files.createSymbolicLink(machine.root.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(machine.root.resolve("b"), Path.of("a"));
        assertThat(palace("--palace", machine.root + "/a/x")).isAbsolute();
    }

    @Test
    void withoutHomeTheOneOnRecordCounts() {
        machine.without("HOME");
        assertThat(palace()).isEqualTo(machine.home.resolve(".mempalace/palace"));
    }

    @Test
    void theNewServersDefaultIsTheSamePalaceUntilTheOldOneIsInUse() throws IOException {
        Path newer = machine.home.resolve(".config/mempalace/palace");
        Path older = machine.home.resolve(".mempalace/palace");
        assertThat(palace("--palace", newer.toString())).isEqualTo(palace()).isEqualTo(older);
        Files.createDirectories(newer);
        assertThat(palace("--palace", newer.toString())).isEqualTo(palace()).isEqualTo(older);
        Files.createDirectories(older);
        Files.createFile(older.resolve("chroma.sqlite3"));
        assertThat(palace()).isEqualTo(older);
        assertThat(palace("--palace", newer.toString())).isEqualTo(newer);
    }

    @Test
    void theServersOwnConfigurationDirectoryIsFollowed() throws IOException {
        Path configuration = Files.createDirectories(machine.root.resolve("conf"));
        machine.with("MEMPALACE_CONFIG_DIR", configuration.toString());
        assertThat(palace()).isEqualTo(configuration.resolve("palace"));
        Files.writeString(configuration.resolve("config.json"), "{\"palace_path\": \"/p/conf\"}");
        assertThat(palace()).isEqualTo(Path.of("/p/conf"));
    }
}
