package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A daemon that takes connections and answers nobody can be ended and replaced by commands. */
@Timeout(120)
class HungDaemonIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private final List<String> server = ScriptedServer.command();

    private OsProcess stoppedDaemon() throws Exception {
        user.ensure(server);
        try (McpClient client = user.session(server)) {
            client.tool("pid");
        }
        OsProcess daemon = user.daemon();
        daemon.signal("STOP");
        return daemon;
    }

    /** Red when the socket alone counts. */
    @Test
    void stopEndsTheProcessOfADaemonThatDoesNotAnswerAndSaysSo() throws Exception {
        OsProcess daemon = stoppedDaemon();

        Run stop = user.stop();

        assertThat(stop.status()).as(stop.stderr()).isZero();
        assertThat(stop.stdout()).isEmpty();
        assertThat(stop.stderr()).contains("has not answered for 5 s", user.home() + " (tried unix:" + user.home() + "/broker.sock)",
                "process " + daemon.pid() + " to end (SIGTERM)", "Killing process " + daemon.pid() + " (SIGKILL)",
                "the daemon and its server are gone");
        assertThat(daemon.isAlive()).isFalse();
        await("the guard's zombie, and so on").atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(user.processes().filter(OsProcess::isAlive)).isEmpty());
        assertThat(user.stop().status()).isEqualTo(3);
    }

    /** Red when restart waits for the hung one, or when it starts a second one beside it. */
    @Test
    void restartPutsANewDaemonInItsPlaceAndTheSessionGoesOn() throws Exception {
        try (McpClient agent = user.agent(server).open()) {
            agent.initialize();
            String old = agent.tool("pid").text();
            OsProcess daemon = user.daemon();
            daemon.signal("STOP");
            List<String> words = new ArrayList<>(List.of("restart"));
            words.addAll(user.words(server));

            Run restart = user.mpx(words.toArray(String[]::new));

            assertThat(restart.status()).as(restart.stderr()).isZero();
            assertThat(restart.stdout()).isEqualTo("unix:" + user.home().resolve("broker.sock") + "\n");
            assertThat(restart.stderr()).contains("has not answered for 5 s", "SIGKILL");
            assertThat(user.daemon()).isNotEqualTo(daemon);
            await().atMost(Duration.ofSeconds(20)).until(() -> !agent.tool("pid").isError());
            assertThat(agent.tool("pid").text()).isNotEqualTo(old);
            assertThat(new OsProcess(Long.parseLong(old)).isAlive()).isFalse();
        }
    }

    /** Red when a home that is named alone gets the usual server: whoever pastes the advice would share another palace there. */
    @Test
    void restartOfAHomeAloneKeepsWhatItsDaemonServed() throws Exception {
        user.ensure(server);
        user.daemon().signal("STOP");

        Run restart = user.mpx("restart", "--home", user.home().toString());

        assertThat(restart.status()).as(restart.stderr()).isZero();
        try (McpClient agent = user.agent(server).open()) {
            assertThat(agent.initialize().result("serverInfo", "name").text()).isEqualTo("scripted");
        }
    }

    /** Red when the pid alone is believed. */
    @Test
    void whoHasGotTheDaemonsPidSinceIsNeverSignalled() throws Exception {
        OsProcess daemon = stoppedDaemon();
        Process bystander = new ProcessBuilder("/bin/sleep", "600").start();
        try {
            put(Long.toString(daemon.pid()), Long.toString(bystander.pid()));

            Run stop = user.stop();

            assertThat(stop.status()).isEqualTo(1);
            assertThat(stop.stderr()).contains("has not answered for 5 s", "can't be told for certain", "mpx ends nobody")
                    .doesNotContain("SIGTERM");
            assertThat(bystander.isAlive()).isTrue();
            assertThat(daemon.isAlive()).isTrue();
        } finally {
            bystander.destroyForcibly();
        }
    }

    /** Red when the boot is not compared: after one, pids and ticks begin anew. */
    @Test
    void aRecordOfAnotherBootNamesNobody() throws Exception {
        OsProcess daemon = stoppedDaemon();
        put("\"bootId\": \"", "\"bootId\": \"0");

        assertThat(user.stop().status()).isEqualTo(1);
        assertThat(daemon.isAlive()).isTrue();
    }

    /** Red when a daemon that can't be connected to is taken for none. */
    @Test
    void aHungDaemonWhoseSocketIsGoneIsNotTakenForNone() throws Exception {
        OsProcess daemon = stoppedDaemon();
        Files.delete(user.socketPath());
        Process stop = new ProcessBuilder(UserHome.launcher().toString(), "stop", "--home", user.home().toString())
                .redirectErrorStream(true).start();
        try {
            assertThat(stop.inputReader().readLine()).contains("process " + daemon.pid(), "takes no connections", "waiting");
            daemon.kill();
            assertThat(stop.waitFor()).isZero();
        } finally {
            stop.destroyForcibly();
        }
    }

    private void put(String old, String other) throws IOException {
        String file = Files.readString(user.brokerFile());
        assertThat(file).contains(old);
        Files.writeString(user.brokerFile(), file.replaceFirst(old, other));
    }
}
