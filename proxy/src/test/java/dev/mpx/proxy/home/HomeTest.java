package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
    @TempDir
    Path directory;

    private Machine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(directory);
        Machine.executable(machine.bin.resolve("mempalace-mcp"), "#!/bin/sh\n");
    }

    private Path home(String... arguments) {
        Environment environment = machine.environment();
        return ServerCommand.standard(List.of(arguments), environment).home(environment).directory();
    }

    private Path homeOf(String... commandLine) {
        Environment environment = machine.environment();
        return ServerCommand.of(List.of(commandLine), environment).home(environment).directory();
    }

    @Test
    void theDefaultPalacesIsTheDirectoryAroundIt() {
        assertThat(home()).isEqualTo(machine.home.resolve(".mempalace"));
        assertThat(home("--palace", machine.home + "/.mempalace/palace/")).isEqualTo(machine.home.resolve(".mempalace"));
    }

    @Test
    void anotherPalacesIsASibling() {
        assertThat(home("--palace", machine.root + "/p/team")).isEqualTo(machine.root.resolve("p/team.mpx"));
    }

    @Test
    void twoPalacesHaveTwoAndTwoNamesOfOneHaveOne() throws IOException {
        Files.createDirectories(machine.root.resolve("p/one"));
        Files.createSymbolicLink(machine.root.resolve("p/uno"), Path.of("one"));
        assertThat(home("--palace", machine.root + "/p/one"))
                .isEqualTo(home("--palace=" + machine.root + "/p/uno"))
                .isNotEqualTo(home("--palace", machine.root + "/p/two"));
    }

    @Test
    void theWayThePalaceServerIsStartedDoesNotMatter() {
        assertThat(homeOf("python3", "-m", "mempalace.mcp_server", "--palace", "/p/team"))
                .isEqualTo(homeOf("uvx", "--from", "mempalace", "mempalace-mcp", "--palace=/p/team"))
                .isEqualTo(homeOf("env", "MEMPALACE_PALACE_PATH=/p/team", "mempalace-mcp"))
                .isEqualTo(homeOf("/opt/venv/bin/mempalace-mcp", "--palace", "/p/team"))
                .isEqualTo(Path.of("/p/team.mpx"));
    }

    @Test
    void anotherServersFollowsItsCommandLine() {
        Path one = homeOf("npx", "-y", "server-everything");
        assertThat(one.getParent()).isEqualTo(machine.home.resolve(".local/share/mpx"));
        assertThat(one.getFileName().toString()).startsWith("npx-");
        assertThat(one).isEqualTo(homeOf("npx", "-y", "server-everything"));
        assertThat(one).isNotEqualTo(homeOf("npx", "-y server-everything")).isNotEqualTo(homeOf("npx", "-y"));
    }

    @Test
    void aRelativeProgramIsTheOneInThisDirectory() {
        assertThat(ServerCommand.of(List.of("./serve", "x"), machine.environment()).argv())
                .containsExactly(machine.work.resolve("serve").toString(), "x");
    }

    @Test
    void aRelativePalaceIsMadeAbsoluteForTheServerWhichRunsElsewhere() {
        assertThat(ServerCommand.standard(List.of("--palace", "p", "--read-only"), machine.environment()).argv())
                .endsWith("--palace", machine.work.resolve("p").toString(), "--read-only");
    }

    @Test
    void preparingMakesItPrivate() throws IOException {
        Home home = Home.at("deep/down", machine.environment()).prepare();
        assertThat(home.directory()).isEqualTo(machine.work.resolve("deep/down"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.directory()))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.logs()))).isEqualTo("rwx------");
    }

    @Test
    void preparingTakesAwayWhatOthersCouldRead() throws IOException {
        Path open = Files.createDirectories(machine.root.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        new Home(open).prepare();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open))).isEqualTo("rwx------");
    }

    @Test
    void aDirectoryThatEverybodyWritesToIsRefusedAndLeftAsItIs() throws IOException {
        Path everybodys = Files.createDirectories(machine.root.resolve("tmp"));
        Files.setPosixFilePermissions(everybodys, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> new Home(everybodys).prepare())
                .isInstanceOf(HomeException.class).hasMessageContaining(everybodys.toString()).hasMessageContaining("--home");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(everybodys))).isEqualTo("rwxrwxrwx");
    }

    @Test
    void aDirectoryOfSomebodyElseIsRefused() throws IOException {
        assumeTrue(Owner.uid() == 0, "only root can give a directory away");
        Path theirs = Files.createDirectories(machine.root.resolve("theirs"));
        Files.setAttribute(theirs, "unix:uid", 65534);
        assertThatThrownBy(() -> new Home(theirs).prepare())
                .isInstanceOf(HomeException.class).hasMessageContaining("65534");
    }

    @Test
    void aFileInItsPlaceIsRefused() throws IOException {
        Path file = Files.createFile(machine.root.resolve("file"));
        assertThatThrownBy(() -> new Home(file).prepare()).isInstanceOf(HomeException.class).hasMessageContaining(file.toString());
    }

    @Test
    void aSocketWhosePathWouldBeTooLongMovesToAShortPrivatePlace() throws IOException {
        Environment environment = machine.environment();
        assertThat(SocketPath.broker(new Home(Path.of("/h")), environment)).isEqualTo(Path.of("/h/broker.sock"));
        Home deep = new Home(machine.root.resolve("d".repeat(120)));
        Path socket = SocketPath.broker(deep, environment);
        assertThat(socket.toString().length()).isLessThanOrEqualTo(SocketPath.LONGEST);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent()))).isEqualTo("rwx------");
        assertThat(socket).isEqualTo(SocketPath.broker(deep, environment)).isNotEqualTo(SocketPath.guest(deep, environment));
    }
}
