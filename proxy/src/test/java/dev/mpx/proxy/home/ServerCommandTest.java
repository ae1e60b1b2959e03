package dev.mpx.proxy.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerCommandTest {
    private static final String LAUNCHER = "#!/bin/sh\n# mpx-launcher-marker\n";

    @TempDir
    Path directory;

    private Machine machine;

    @BeforeEach
    void machine() throws IOException {
        machine = new Machine(directory);
    }

    @AfterEach
    void forgetTheLauncher() {
        System.clearProperty(ServerSearch.LAUNCHER_PROPERTY);
    }

    private ServerCommand command(String... commandLine) {
        return ServerCommand.of(List.of(commandLine), machine.environment());
    }

    @Test
    void theDefaultIsTheRealServerPastEveryAliasOfMpx() throws IOException {
        Path dist = Machine.executable(machine.root.resolve("dist/bin/mpx"), "#!/bin/sh\n");
        System.setProperty(ServerSearch.LAUNCHER_PROPERTY, dist.toString());
        Path first = Files.createDirectories(machine.root.resolve("first"));
        Files.createSymbolicLink(first.resolve("mempalace-mcp"), dist);
        Path second = Machine.executable(machine.root.resolve("second/mempalace-mcp"), LAUNCHER).getParent();
        Path third = Files.createDirectories(machine.root.resolve("third/mempalace-mcp")).getParent();
        Path real = Machine.executable(machine.bin.resolve("mempalace-mcp"), "#!/usr/bin/python3\n");
        machine.with("PATH", "nowhere::" + first + ":" + second + ":" + third + ":" + machine.bin);
        assertThat(ServerCommand.standard(List.of("--read-only"), machine.environment()).argv())
                .containsExactly(real.toString(), "--read-only");
        assertThat(command("mempalace-mcp").argv()).containsExactly(real.toString());
        assertThat(command(first + "/mempalace-mcp").argv()).containsExactly(real.toString());
    }

    @Test
    void aNativeProgramOfMpxIsKnownByTheMarkerWhereverInItThatIs() throws IOException {
        Path real = Machine.executable(machine.bin.resolve("mempalace-mcp"), "#!/usr/bin/python3\n");
        String far = "x".repeat(5000) + "mpx-launcher-marker";
        Path elf = Machine.executable(machine.root.resolve("elf/mempalace-mcp"), "\177ELF" + far);
        machine.with("PATH", elf.getParent() + ":" + machine.bin);
        assertThat(command("mempalace-mcp").argv()).containsExactly(real.toString());
        Path script = Machine.executable(machine.root.resolve("script/mempalace-mcp"), "#!/bin/sh\n" + far);
        Path large = Machine.executable(machine.root.resolve("large/mempalace-mcp"), "\177ELF" + far + "x".repeat(4 << 20));
        for (Path other : List.of(script, large)) {
            machine.with("PATH", other.getParent() + ":" + machine.bin);
            assertThat(command("mempalace-mcp").argv()).containsExactly(other.toString());
        }
    }

    @Test
    void theServerThatMpxWasInstalledAheadOfIsFoundWhenPathHasNone() throws IOException {
        Path launcher = Machine.executable(machine.root.resolve("dist/bin/mpx"), LAUNCHER);
        System.setProperty(ServerSearch.LAUNCHER_PROPERTY, launcher.toString());
        Path remembered = Files.createDirectories(machine.root.resolve("dist/lib")).resolve("server-path");
        Path real = Machine.executable(machine.root.resolve("venv/mempalace-mcp"), "#!/usr/bin/python3\n");
        Files.writeString(remembered, real + "\n");
        assertThat(command("mempalace-mcp").argv()).containsExactly(real.toString());
        Path onPath = Machine.executable(machine.bin.resolve("mempalace-mcp"), "#!/usr/bin/python3\n");
        assertThat(command("mempalace-mcp").argv()).containsExactly(onPath.toString());
        Files.delete(onPath);
        Files.writeString(remembered, launcher + "\n");
        assertThatThrownBy(() -> command("mempalace-mcp")).isInstanceOf(HomeException.class);
    }

    @Test
    void withOnlyAliasesOnPathThereIsAClearErrorAndNoLoop() throws IOException {
        Machine.executable(machine.bin.resolve("mempalace-mcp"), LAUNCHER);
        assertThatThrownBy(() -> ServerCommand.standard(List.of(), machine.environment()))
                .isInstanceOf(HomeException.class).hasMessageContaining("PATH").hasMessageContaining("COMMAND");
    }

    @Test
    void mpxIsNotAServerToShare() throws IOException {
        Machine.executable(machine.bin.resolve("mpx"), LAUNCHER);
        assertThatThrownBy(() -> command("mpx", "status")).isInstanceOf(HomeException.class).hasMessageContaining("mpx itself");
        assertThatThrownBy(() -> command(machine.bin + "/mpx")).isInstanceOf(HomeException.class);
    }

    @Test
    void aCommandOfNoWordsIsRefused() {
        assertThatThrownBy(this::command).isInstanceOf(HomeException.class);
    }

    @Test
    void onlyPalaceServersHaveAPalace() {
        assertThat(command("/x/mempalace-mcp").palace()).isPresent();
        assertThat(command("python3", "-m", "mempalace.mcp_server").palace()).isPresent();
        assertThat(command("python3", "-m", "other.mcp_server").palace()).isEmpty();
        assertThat(command("npx", "server").palace()).isEmpty();
    }

    @Test
    void aPalaceIsServedToWhoeverWantsItHoweverItsServerIsFound() {
        ServerCommand running = command("/a/mempalace-mcp", "--palace", "/p", "--read-only");
        assertThat(running.differenceFrom(command("/b/mempalace-mcp", "--read-only", "--palace=/p/"), "mpx stop --home /h")).isEmpty();
        machine.with("MEMPALACE_PALACE_PATH", "/p");
        assertThat(running.differenceFrom(command("python3", "-m", "mempalace.mcp_server", "--read-only"), "mpx stop --home /h")).isEmpty();
    }

    @Test
    void aClientOfAnotherPalaceIsToldBoth() {
        assertThat(command("/a/mempalace-mcp", "--palace", "/p").differenceFrom(command("/a/mempalace-mcp", "--palace", "/q"), "mpx stop --home /h"))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("/p").contains("/q"));
    }

    @Test
    void otherArgumentsOnOnePalaceAreToldApart() {
        assertThat(command("/a/mempalace-mcp", "--palace", "/p").differenceFrom(command("/a/mempalace-mcp", "--palace", "/p", "--read-only"), "mpx stop --home /h"))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("--read-only"));
    }

    @Test
    void anotherServersCommandLineMustBeEqual() {
        assertThat(command("npx", "a").differenceFrom(command("npx", "a"), "mpx stop --home /h")).isEmpty();
        assertThat(command("npx", "a").differenceFrom(command("npx", "b"), "mpx stop --home /h"))
                .hasValueSatisfying(sentence -> assertThat(sentence).contains("npx a").contains("npx b"));
        assertThat(command("npx", "a").differenceFrom(command("/x/mempalace-mcp"), "mpx stop --home /h")).isPresent();
    }
}
