package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.shim.FakeDaemon.Conduct;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The first daemon of a session is long in coming: nobody is kept in the dark, and the session is served once it is there. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(ShimProgram.class)
@Alone
class FirstDaemonIT {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"initialize\",\"params\":{}}";
    private static final String WELCOME = "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{}}";

    @Parameter
    ShimProgram program;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = Files.createDirectories(directory.toRealPath().resolve("h"));
    }

    private ShimProcess shim(int patienceMillis, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("MPX_JAVA_OPTS", "-Dmpx.patience=" + patienceMillis);
        return program.start(home.getParent(), environment,
                List.of(ShimProgram.LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"));
    }

    /** As if another shim were starting a daemon, or a daemon were handing over. */
    private final class Starting implements Closeable {
        private final FileChannel file =
                FileChannel.open(home.resolve("start.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        private final FileLock lock = file.lock();

        private Starting() throws IOException {
            assertThat(lock.isValid()).isTrue();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static JsonValue json(String line) {
        return JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private static void isUnavailable(JsonValue answer, String id) {
        assertThat(answer.get("id").orElseThrow()).hasToString(id);
        assertThat(answer.at("error", "code").orElseThrow()).hasToString("-32012");
        JsonValue data = answer.at("error", "data", "mpx").orElseThrow();
        assertThat(data.get("reason").orElseThrow().text()).contains("no-daemon");
        assertThat(data.get("outcome").orElseThrow().text()).contains("not-sent");
        assertThat(data.get("queuedMs").orElseThrow()).hasToString(data.get("elapsedMs").orElseThrow().toString());
    }

    /** Asks for a session again until that is heard: the shim may be told of the daemon a moment later than the test. */
    private static void isServed(FakeDaemon daemon, ShimProcess shim) throws Exception {
        var connection = daemon.connections.poll(20, TimeUnit.SECONDS);
        asksUntilHeard(daemon, shim);
        daemon.say(connection, WELCOME.formatted("1") + "\n");
        assertThat(shim.hear()).isEqualTo(WELCOME.formatted("1"));
    }

    /** Whichever comes first of the daemon hearing it and a refusal, after which it is asked again. */
    private static void asksUntilHeard(FakeDaemon daemon, ShimProcess shim) throws Exception {
        shim.say(INITIALIZE.formatted("1"));
        String heard = daemon.heard.poll(20, TimeUnit.MILLISECONDS);
        while (heard == null) {
            if (shim.hasSaidSomething()) {
                isUnavailable(json(shim.hear()), "1");
                shim.say(INITIALIZE.formatted("1"));
            }
            heard = daemon.heard.poll(20, TimeUnit.MILLISECONDS);
        }
        assertThat(heard).isEqualTo(INITIALIZE.formatted("1"));
    }

    @Test
    void afterTooLongEveryRequestIsToldAndTheSessionIsServedWhenThereIsADaemonAfterAll() throws Exception {
        try (Starting other = new Starting(); ShimProcess shim = shim(1000, Map.of())) {
            assertThat(other.lock.isValid()).isTrue();
            shim.say(INITIALIZE.formatted("0"));
            JsonValue told = json(shim.hear());
            isUnavailable(told, "0");
            assertThat(told.at("error", "message").orElseThrow().text().orElseThrow())
                    .contains("keeps trying").contains("mpx status --home " + home);
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
            isUnavailable(json(shim.hear()), "1");
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}");
            assertThat(shim.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"server/discover\"}");
            assertThat(json(shim.hear()).at("error", "code").orElseThrow()).hasToString("-32601");
            shim.say("[{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"m\"},{\"jsonrpc\":\"2.0\",\"method\":\"n\"},"
                    + "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"},{\"jsonrpc\":\"2.0\"}]");
            List<JsonValue> answers = json(shim.hear()).elements();
            assertThat(answers).hasSize(3);
            isUnavailable(answers.get(0), "4");
            assertThat(answers.get(1)).hasToString("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}");
            assertThat(answers.get(2).at("error", "code").orElseThrow()).hasToString("-32600");
            assertThat(shim.errors()).containsOnlyOnce("keeps trying");
            try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN)) {
                isServed(daemon, shim);
            }
        }
    }

    @Test
    void aDaemonThatHangsForAWhileServesWhenItGoesOn() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.MUTE); ShimProcess shim = shim(3000, Map.of())) {
            shim.say(INITIALIZE.formatted("0"));
            isUnavailable(json(shim.hear()), "0");
            daemon.speaks.countDown();
            asksUntilHeard(daemon, shim);
        }
    }

    @Test
    void aPrescribedEndpointThatComesLateServesTheSessionThatWasToldOfItsLack() throws Exception {
        try (ShimProcess shim = shim(60_000, Map.of("MEMPALACE_BROKER", "unix:" + home.resolve("broker.sock")))) {
            shim.say(INITIALIZE.formatted("0"));
            isUnavailable(json(shim.hear()), "0");
            try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN)) {
                isServed(daemon, shim);
            }
        }
    }

    @Test
    void discoverIsAnsweredWithinThreeSecondsAlsoWhenADaemonHangs() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.MUTE); ShimProcess shim = shim(60_000, Map.of())) {
            long start = System.nanoTime();
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}");
            shim.say(INITIALIZE.formatted("2"));
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ping\"}");
            assertThat(json(shim.hear()).at("error", "code").orElseThrow()).hasToString("-32601");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
            assertThat(shim.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}");
            assertThat(daemon.heard).isEmpty();
            daemon.speaks.countDown();
            assertThat(daemon.heard.poll(20, TimeUnit.SECONDS)).isEqualTo(INITIALIZE.formatted("2"));
        }
    }

    @Test
    void aCommandThatIsNotThereIsAFinalError() throws Exception {
        try (ShimProcess shim = program.start(directory, Map.of(), List.of(ShimProgram.LAUNCHER.toString(), "--", ShimProgram.LAUNCHER.toString()))) {
            shim.say(INITIALIZE.formatted("0"));
            String answer = shim.hear();
            isUnavailable(json(answer), "0");
            assertThat(answer).contains("is mpx itself").doesNotContain("keeps trying");
        }
    }
}
