package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.palace.DemoPalace;
import dev.mpx.fixtures.server.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that names a home alone, as advice gives it, means the server that the home's latest daemon shared. */
@Timeout(120)
class KeptServerIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    /** @param program {@code bin/mpx}, which does it by itself where it is native, or {@code lib/mpx.sh}, which is Java's */
    private Run by(String program, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().resolveSibling("../" + program).normalize().toString()));
        command.addAll(List.of(words));
        return Run.of(command, user.environment(), user.directory());
    }

    /** Red when the usual server is looked for, of which there is none here. */
    @ParameterizedTest
    @ValueSource(strings = {"bin/mpx ensure", "lib/mpx.sh ensure", "bin/mpx restart"})
    void itIsStartedAgainAfterStop(String how) throws Exception {
        user.ensure(ScriptedServer.command());
        assertThat(user.stop().status()).isZero();

        Run run = by(how.split(" ")[0], how.split(" ")[1], "--home", user.home().toString());

        assertThat(run.status()).as(run.stderr()).isZero();
        assertThat(run.stdout()).isEqualTo("unix:" + user.home() + "/broker.sock\n");
        try (McpClient agent = user.socket().open()) {
            assertThat(agent.initialize().result("serverInfo", "name").text()).isEqualTo("scripted");
        }
    }

    /** Red when the running daemon refuses who names no server. */
    @ParameterizedTest
    @ValueSource(strings = {"bin/mpx", "lib/mpx.sh"})
    void itIsFoundWhereItRuns(String program) throws Exception {
        user.ensure(ScriptedServer.command());

        Run run = by(program, "ensure", "--home", user.home().toString());

        assertThat(run.status()).as(run.stderr()).isZero();
        assertThat(user.daemons()).hasSize(1);
    }

    /** Red when the server gets another environment than the one that named its palace, and so opens the usual one. */
    @ParameterizedTest
    @ValueSource(strings = {"bin/mpx ensure", "lib/mpx.sh ensure", "bin/mpx restart"})
    void itOpensThePalaceThatAVariableNamedBefore(String how) throws Exception {
        Path palace = user.directory().resolve("named");
        Path first = palaceServer("first");
        user.set("MEMPALACE_PALACE_PATH", palace.toString());
        McpClient agent = user.started(List.of("--", first.toString())).open();
        agent.initialize();
        assertThat(agent.tool("mempalace_kg_add", "{\"subject\":\"a\",\"predicate\":\"is in\",\"object\":\"named\"}").isError()).isFalse();
        agent.close();
        String home = palace + ".mpx";
        assertThat(user.mpx("stop", "--home", home).status()).isZero();
        user.environment().remove("MEMPALACE_PALACE_PATH");

        Run run = by(how.split(" ")[0], how.split(" ")[1], "--home", home);

        assertThat(run.status()).as(run.stderr()).isZero();
        try (McpClient next = McpClient.socket(Path.of(home, "broker.sock")).timeout(UserHome.PATIENCE).open()) {
            next.initialize();
            assertThat(next.tool("mempalace_kg_query", "{\"entity\":\"a\"}").text()).contains("named");
        }
        assertThat(user.directory().resolve(".mempalace/palace")).doesNotExist();
    }

    /** Red when the path on record counts for ever: a palace server is installed anew elsewhere, and restart is what is advised then. */
    @ParameterizedTest
    @ValueSource(strings = {"bin/mpx ensure", "lib/mpx.sh ensure", "bin/mpx restart"})
    void aPalaceServerThatHasMovedIsFoundOnThePath(String how) throws Exception {
        Path palace = user.directory().resolve("named");
        Path first = palaceServer("first");
        try (McpClient agent = user.started(List.of("--", first.toString(), "--palace", palace.toString())).open()) {
            agent.initialize();
        }
        String home = palace + ".mpx";
        assertThat(user.mpx("stop", "--home", home).status()).isZero();
        Files.delete(first);
        Path second = palaceServer("second");
        user.searchFirst(second.getParent());

        Run run = by(how.split(" ")[0], how.split(" ")[1], "--home", home);

        assertThat(run.status()).as(run.stderr()).isZero();
        assertThat(Files.readString(Path.of(home, "server.json"))).contains(second.toString(), palace.toString());
    }

    /** One that opens the palace that {@code --palace} or the variable names, as MemPalace does. */
    private Path palaceServer(String directory) throws Exception {
        List<String> command = DemoPalace.command(Path.of("unused"));
        String words = command.subList(0, command.size() - 2).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Path file = Files.createDirectories(user.directory().resolve(directory)).resolve("mempalace-mcp");
        Files.writeString(file, "#!/bin/sh\n[ $# = 0 ] && set -- --palace \"${MEMPALACE_PALACE_PATH:-$HOME/.mempalace/palace}\"\nexec "
                + words + " \"$@\"\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
