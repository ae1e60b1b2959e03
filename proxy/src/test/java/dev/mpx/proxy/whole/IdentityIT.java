package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.palace.DemoPalace;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which daemon a client gets: that of its palace or command, and never another one. */
@Timeout(90)
class IdentityIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private Path real;

    /** A {@code mempalace-mcp} on the path, as a package manager puts it there; it counts its starts. */
    @BeforeEach
    void installPalaceServer() throws IOException {
        Path programs = Files.createDirectories(user.directory().resolve("programs"));
        List<String> command = DemoPalace.command(Path.of("unused"));
        String words = command.subList(0, command.size() - 2).stream().map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        real = script(programs.resolve("mempalace-mcp"),
                "echo \"$*\" >>\"$HOME/starts\"\n[ $# = 0 ] && set -- --palace \"$HOME/.mempalace/palace\"\nexec " + words + " \"$@\"");
        user.searchFirst(programs);
    }

    private static Path script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> starts() throws IOException {
        Path file = user.directory().resolve("starts");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private McpClient agent(String... words) {
        return welcomed(user.started(List.of(words)).open());
    }

    private static McpClient welcomed(McpClient agent) {
        JsonResponse welcome = agent.initialize();
        assertThat(welcome.isError()).as(welcome.toString()).isFalse();
        return agent;
    }

    private static long server(McpClient agent) {
        return agent.tool("mempalace_status").textAsJson().at("pid").integer();
    }

    @Test
    void twoPalacesHaveTwoHomesTwoDaemonsAndTwoServers() throws Exception {
        Path one = user.directory().resolve("one");
        Path two = user.directory().resolve("two");
        try (McpClient first = agent("--palace", one.toString());
                McpClient second = agent("--palace", two.toString())) {
            first.tool("mempalace_kg_add", "{\"subject\":\"a\",\"predicate\":\"is in\",\"object\":\"one\"}");
            assertThat(server(first)).isNotEqualTo(server(second));
            assertThat(second.tool("mempalace_kg_query", "{\"entity\":\"a\"}").text()).doesNotContain("one");
            assertThat(user.daemons()).hasSize(2);
            assertThat(user.directory().resolve("one.mpx/broker.json")).exists();
            assertThat(user.directory().resolve("two.mpx/broker.json")).exists();
        }
        assertThat(DemoPalace.breachFile(one)).doesNotExist();
        assertThat(DemoPalace.breachFile(two)).doesNotExist();
    }

    @Test
    void allNamesOfOnePalaceLeadToOneDaemon() throws Exception {
        Path palace = Files.createDirectories(user.directory().resolve("palace"));
        Path link = Files.createSymbolicLink(user.directory().resolve("link"), palace);
        user.set("MEMPALACE_PALACE_PATH", "~/link/.");
        try (McpClient plain = agent("--palace", palace.toString());
                McpClient slash = agent("--palace=" + palace + "/");
                McpClient symlink = agent("--palace", link.toString());
                McpClient relative = agent("--palace", "palace");
                McpClient roundabout = agent("--palace", "link/../palace/.");
                McpClient variable = agent();
                McpClient command = agent("--", real.toString(), "--palace", link.toString())) {
            Set<Long> servers = List.of(plain, slash, symlink, relative, roundabout, variable, command).stream()
                    .map(IdentityIT::server).collect(Collectors.toSet());
            assertThat(servers).hasSize(1);
            assertThat(user.daemons()).hasSize(1);
            assertThat(starts()).hasSize(1);
        }
        assertThat(DemoPalace.breachFile(palace)).doesNotExist();
    }

    @Test
    void underTheServersOwnNameItSharesTheRealOneBehindItOnThePath() throws Exception {
        Path alias = Files.createDirectories(user.directory().resolve("alias")).resolve("mempalace-mcp");
        Files.createSymbolicLink(alias, UserHome.launcher());
        user.searchFirst(alias.getParent());
        try (McpClient agent = welcomed(McpClient.process(List.of("/bin/sh", "-c", "exec mempalace-mcp"))
                        .onlyEnvironment(user.environment()).timeout(UserHome.PATIENCE).open());
                McpClient plain = agent()) {
            assertThat(server(agent)).isEqualTo(server(plain));
            assertThat(starts()).hasSize(1);
            assertThat(user.directory().resolve(".mempalace/broker.json")).exists();
            assertThat(user.daemons()).hasSize(1);
        }
    }

    @Test
    void aClientOfAnotherCommandWithTheSameHomeIsToldBothAndNobodyElseNotices() throws Exception {
        List<String> served = ScriptedServer.command();
        List<String> other = List.of("/some/other-server", "--with", "arguments");
        try (Bystander bystander = Bystander.with(user.session(served))) {
            for (int i = 0; i < 3; i++) {
                refused(user.agent(other).open(), String.join(" ", served), String.join(" ", other));
            }
            refused(user.agent(ScriptedServer.command("--serial")).open(), "--serial");
            bystander.sawNothing(Duration.ofSeconds(1));
        }
        assertThat(user.daemons()).hasSize(1);
    }

    @Test
    void aClientOfAnotherPalaceWithTheSameHomeIsToldBothAndNobodyElseNotices() throws Exception {
        Path one = user.directory().resolve("one");
        Path two = user.directory().resolve("two");
        String home = user.home().toString();
        try (McpClient first = agent("--home", home, "--", "mempalace-mcp", "--palace", one.toString())) {
            long server = server(first);
            refused(user.started(List.of("--home", home, "--", "mempalace-mcp", "--palace", two.toString())).open(),
                    one.toString(), two.toString());
            refused(user.agent(List.of("/some/other-server")).open(), one.toString(), "/some/other-server");
            assertThat(server(first)).isEqualTo(server);
            assertThat(two).doesNotExist();
        }
        assertThat(starts()).hasSize(1);
    }

    private void refused(McpClient client, String... named) {
        try (client) {
            JsonResponse answer = client.initialize();
            assertThat(answer.errorCode()).hasValue(-32012);
            assertThat(answer.errorMessage()).contains(named).contains("It listens at unix:" + user.home() + "/broker.sock",
                    "its log is " + user.home() + "/logs/mpx.log", "This ends it: mpx stop --home " + user.home(),
                    "this starts it anew as it is: mpx restart --home " + user.home());
            assertThat(answer.errorData("mpx", "outcome").orElseThrow().text()).isEqualTo("not-sent");
            client.closeInput();
            assertThat(client.awaitExit(Duration.ofSeconds(5))).hasValue(1);
            assertThat(client.stderr()).contains(named);
        }
    }

    @Test
    void anyOtherServerHasAHomeOfItsOwnThatFollowsTheCommandLine() throws Exception {
        try (McpClient one = agent(words(ScriptedServer.command()));
                McpClient same = agent(words(ScriptedServer.command()));
                McpClient other = agent(words(ScriptedServer.command("--serial")))) {
            assertThat(one.tool("pid").text()).isEqualTo(same.tool("pid").text()).isNotEqualTo(other.tool("pid").text());
            try (var homes = Files.list(user.directory().resolve(".local/share/mpx"))) {
                assertThat(homes).hasSize(2);
            }
            assertThat(user.daemons()).hasSize(2);
        }
    }

    private static String[] words(List<String> server) {
        String[] words = new String[server.size() + 1];
        words[0] = "--";
        for (int i = 0; i < server.size(); i++) {
            words[i + 1] = server.get(i);
        }
        return words;
    }
}
