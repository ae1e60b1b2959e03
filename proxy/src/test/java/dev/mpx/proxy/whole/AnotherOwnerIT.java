package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.server.ScriptedServer;
import dev.mpx.proxy.shim.ShimProgram;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever is refused because of another owner is told where that listens, its log, its service and the commands. */
@Timeout(90)
class AnotherOwnerIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private String[] bearings() {
        return new String[] {"It listens at unix:" + user.home() + "/broker.sock; its log is " + user.home() + "/logs/mpx.log.",
            " The service mpx-it.service keeps it.", " This ends it: mpx stop --home " + user.home() + ";",
            " this starts it anew as it is: systemctl --user restart mpx-it.service"};
    }

    private void serveAsAService() throws Exception {
        user.set("MPX_UNIT", "mpx-it.service");
        List<String> words = new ArrayList<>(List.of(UserHome.launcher().toString(), "serve"));
        words.addAll(user.words(ScriptedServer.command()));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true)
                .redirectOutput(user.directory().resolve("serve.log").toFile());
        builder.environment().clear();
        builder.environment().putAll(user.environment());
        builder.start();
        user.environment().remove("MPX_UNIT");
        await().atMost(UserHome.PATIENCE).until(() -> Files.exists(user.brokerFile()) && user.status().status() == 0);
    }

    @ParameterizedTest
    @EnumSource(ShimProgram.class)
    void aSessionAndACommandThatWantAnotherServer(ShimProgram program) throws Exception {
        user.use(program);
        serveAsAService();
        List<String> other = List.of("/some/other-server");
        try (McpClient agent = user.agent(other).open()) {
            JsonResponse refused = agent.initialize();
            assertThat(refused.errorCode()).hasValue(-32012);
            assertThat(refused.errorMessage()).startsWith("The daemon already runs ").contains(bearings());
        }
        List<String> words = new ArrayList<>(List.of("ensure"));
        words.addAll(user.words(other));
        assertThat(user.mpx(words.toArray(String[]::new)).stderr()).contains(bearings());
    }

    @Test
    void aSecondDaemon() throws Exception {
        serveAsAService();
        List<String> words = new ArrayList<>(List.of("serve"));
        words.addAll(user.words(ScriptedServer.command()));

        Run second = user.mpx(words.toArray(String[]::new));

        assertThat(second.status()).isZero();
        assertThat(second.stderr()).contains("another daemon serves " + user.home() + " already.").contains(bearings());
    }
}
