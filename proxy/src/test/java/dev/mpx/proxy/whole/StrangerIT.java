package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.Alone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Another user of the machine. Only root can play one, and for root file modes count for nothing. */
@Timeout(60)
@Alone
class StrangerIT {
    private static final String STRANGER = "65534";

    @RegisterExtension
    final UserHome user = new UserHome();

    private Path classes;

    @BeforeEach
    void anotherUserCanBePlayed() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is missing");
        assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "this user is not root");
        // The stranger's program stands where everybody may read it.
        classes = Files.createDirectories(user.directory().resolve("open"));
        String file = Knock.class.getName().replace('.', '/') + ".class";
        Path copy = classes.resolve(file);
        Files.createDirectories(copy.getParent());
        try (InputStream original = Knock.class.getClassLoader().getResourceAsStream(file)) {
            Files.copy(original, copy);
        }
        open(user.directory());
    }

    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Run knock() throws Exception {
        return knock(List.of(), user.socketPath().toString());
    }

    private Run knock(List<String> asUser, String... words) throws Exception {
        List<String> command = new java.util.ArrayList<>(asUser);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", classes.toString(), Knock.class.getName()));
        command.addAll(List.of(words));
        return Run.of(command, user.environment(), user.directory());
    }

    private Run knockAsStranger(String... words) throws Exception {
        return knock(List.of("setpriv", "--reuid", STRANGER, "--regid", STRANGER, "--clear-groups"), words);
    }

    private Run knockAsStranger() throws Exception {
        return knockAsStranger(user.socketPath().toString());
    }

    @Test
    void theHomeLetsNobodyElseNearTheSocket() throws Exception {
        user.ensure(ScriptedServer.command());
        assertThat(knock().stdout()).as("the owner").startsWith("answered {");
        assertThat(knockAsStranger().stdout()).startsWith("not connected");
    }

    @Test
    void whereAllModesAreOpenTheDaemonItselfTurnsHimAway() throws Exception {
        try (Bystander bystander = Bystander.with(user.session(ScriptedServer.command()))) {
            open(user.home());
            Files.setPosixFilePermissions(user.socketPath(), PosixFilePermissions.fromString("rwxrwxrwx"));
            for (int i = 0; i < 3; i++) {
                assertThat(knockAsStranger().stdout()).startsWith("turned away");
            }
            assertThat(knock().stdout()).as("the owner").startsWith("answered {");
            assertThat(user.logged(user.home(), "refused a client of another user")).hasSize(3);
            bystander.sawNothing(Duration.ofSeconds(2));
        }
    }

    @Test
    void theSocketForGuestsIsForTheOwnersProcessesOnly() throws Exception {
        user.ensure(ScriptedServer.command());
        String socket = user.broker().at("guests").elements().get(0).text().substring("unix:".length());
        assertThat(knockAsStranger(socket).stdout()).startsWith("not connected");
        open(user.home());
        Files.setPosixFilePermissions(Path.of(socket), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(knockAsStranger(socket).stdout()).startsWith("turned away");
        assertThat(knock(List.of(), socket).stdout()).as("the owner").startsWith("answered {");
    }

    @Test
    void thePortIsForThoseWhoCanReadTheTokenAndHeCanNot() throws Exception {
        user.set("MPX_TCP_PORT", "0");
        user.ensure(ScriptedServer.command());
        String endpoint = user.broker().at("guests").elements().get(1).text();
        String port = endpoint.substring(endpoint.lastIndexOf(':') + 1);
        assertThat(knockAsStranger(port).stdout()).startsWith("turned away");
        assertThat(knockAsStranger(port, "mpx-token " + "0".repeat(64)).stdout()).startsWith("turned away");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(user.brokerFile()))).isEqualTo("rw-------");
        assertThat(knock(List.of(), port, "mpx-token " + user.broker().at("token").text()).stdout()).startsWith("answered {");
    }

    @Test
    void aHomeOfSomebodyElseIsNotUsed() throws Exception {
        Path theirs = Files.createDirectories(user.home());
        Files.setAttribute(theirs, "unix:uid", Integer.parseInt(STRANGER));
        try (McpClient agent = user.agent(ScriptedServer.command()).open()) {
            assertThat(agent.initialize().errorMessage()).contains(theirs.toString(), "belongs to the user with id " + STRANGER);
        }
        assertThat(user.daemons()).isEmpty();
    }
}
