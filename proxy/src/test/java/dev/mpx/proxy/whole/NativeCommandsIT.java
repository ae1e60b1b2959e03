package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.server.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the native program says itself is what Java says: the same words, the same exit status. */
@Timeout(60)
class NativeCommandsIT {
    @RegisterExtension
    final UserHome user = new UserHome();

    private Run javaAnswer(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().resolveSibling("../lib/mpx.sh").normalize().toString()));
        command.addAll(words);
        return Run.of(command, user.environment(), user.directory());
    }

    private Run bothAnswer(String... words) throws IOException, InterruptedException {
        Run run = user.mpx(words);
        assertThat(run).isEqualTo(javaAnswer(List.of(words)));
        return run;
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "status", "status --json", "status --home h", "--home h status --json", "status --home=h --", "status -- npx -y it's",
        "status --palace p/../q", "--palace=p ensure", "ensure", "ensure --home h", "status --home", "status --json --json",
        "status --home /", "status -- mempalace-mcp --palace x", "ensure --palace", "status --palace /"})
    void withoutADaemon(String words) throws Exception {
        bothAnswer(words.split(" "));
        user.set("MEMPALACE_BROKER", "unix:/no/such");
        bothAnswer(words.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:x", "tcp://host:1", "nonsense", "unix:///no//such/", " "})
    void withAnEndpointFromOutside(String endpoint) throws Exception {
        user.set("MEMPALACE_BROKER", endpoint);
        bothAnswer("status");
        assertThat(bothAnswer("status", "--json", "--home", "h").status()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://no-such-host.invalid:1", "tcp://127.0.0.1:1", "unix:/no/such"})
    void aDaemonThatMayBeAnotherMachinesIsNotLookedForInTheFilesOfThisOne(String endpoint) throws Exception {
        user.set("MEMPALACE_BROKER", endpoint);
        assertThat(bothAnswer("status").stderr()).contains(endpoint).doesNotContain("..", "Its log", "none answers");
        user.set("MEMPALACE_BROKER_TOKEN", "0".repeat(64));
        assertThat(bothAnswer("status").stderr()).startsWith("mpx: no daemon: mpx can't reach the daemon at " + endpoint + ": ")
                .doesNotContain("..", "Its log", user.directory().toString())
                .endsWith("start that daemon with \"mpx ensure\" where it lives\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "endpoint = \"unix:/no/such\"", " \"endpoint\"='unix:/no/such' # mine", "# endpoint = 1\n\n[daemon]\nendpoint = \"unix:/x\"",
        "endpoint = unix:/x", "endpoint = \"unix:/a\\\\b\"", "endpoint", "endpoint = \"\"", "a = 1\r\nendpoint = \"unix:/no\"\r\n",
        "endpoint = \"unix:/a\" x"})
    void withAnEndpointFromTheMachinesSettings(String text) throws Exception {
        Path file = user.directory().resolve(".config/mpx/mpx.toml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        bothAnswer("status", "--home", "h");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"pid\": 1, \"endpoints\": [\"unix:/no/such\"], \"command\": [\"a b\", \"c\"]}",
        "{\"pid\": 1, \"endpoints\": [\"tcp://x:1\", 5, \"unix:///no//such/\"], \"command\": []}",
        "{\"pid\": 1, \"endpoints\": [\"unix:/no/such\"],}", "{\"endpoints\": [\"unix:/no/such\"]}", "{\"pid\": 1, \"endpoints\": []}", "[]", ""})
    void withARecordOfADaemonThatIsGone(String text) throws Exception {
        Files.createDirectories(user.home());
        Files.writeString(user.brokerFile(), text);
        bothAnswer("status", "--home", user.home().toString());
        bothAnswer("status", "--home", user.home().toString(), "--palace", "p");
    }

    @Test
    void withADaemon() throws Exception {
        user.ensure(ScriptedServer.command());
        bothAnswer("ensure", "--home", "h", "--", ScriptedServer.command().get(0));
        List<String> words = new ArrayList<>(List.of("--home", user.home().toString(), "ensure", "--"));
        words.addAll(ScriptedServer.command());
        assertThat(bothAnswer(words.toArray(String[]::new)).stdout()).isEqualTo("unix:" + user.home().resolve("broker.sock") + "\n");
        // What changes by the second apart, the text is the same.
        assertThat(user.status().stdout().replaceAll("\\d", "")).isEqualTo(javaAnswer(List.of("status", "--home", "h")).stdout().replaceAll("\\d", ""));
    }
}
