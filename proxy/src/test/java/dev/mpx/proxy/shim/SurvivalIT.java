package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.FakeDaemon.Conduct;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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

/** The daemon dies, in all the moments it can, and the session goes on with the next one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(ShimProgram.class)
class SurvivalIT {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{}}";
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static final String WELCOME = "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}";

    @Parameter
    ShimProgram program;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = directory.toRealPath().resolve("h");
    }

    /** One that starts no daemon of its own, and loses patience soon if told so. */
    private ShimProcess shim(int patienceMillis) throws IOException {
        return program.start(home.getParent(), Map.of("MEMPALACE_BROKER", "unix:" + home.resolve("broker.sock"),
                        "MPX_JAVA_OPTS", "-Dmpx.patience=" + patienceMillis),
                List.of(ShimProgram.LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"));
    }

    private static String request(int id) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"m\"}";
    }

    private static String heard(FakeDaemon daemon) throws InterruptedException {
        return daemon.heard.poll(20, TimeUnit.SECONDS);
    }

    private static SocketChannel connection(FakeDaemon daemon) throws InterruptedException {
        return daemon.connections.poll(20, TimeUnit.SECONDS);
    }

    private static JsonValue json(String line) {
        return JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    /** More than a pipe holds is said by a thread of its own. */
    private static Thread saying(FakeDaemon daemon, SocketChannel connection, String text) {
        Thread thread = new Thread(() -> {
            try {
                daemon.say(connection, text);
            } catch (IOException over) {
                // The test is.
            }
        });
        thread.start();
        return thread;
    }

    private static void isRefused(String answer, int id, int code, String outcome) {
        assertThat(json(answer).get("id").orElseThrow()).hasToString("" + id);
        assertThat(json(answer).at("error", "code").orElseThrow().integer()).contains((long) code);
        assertThat(json(answer).at("error", "data", "mpx", "outcome").orElseThrow().text()).contains(outcome);
    }

    private static SocketChannel initialized(FakeDaemon daemon, ShimProcess shim) throws Exception {
        SocketChannel connection = connection(daemon);
        shim.say(INITIALIZE);
        assertThat(heard(daemon)).isEqualTo(INITIALIZE);
        daemon.say(connection, WELCOME + "\n");
        assertThat(shim.hear()).isEqualTo(WELCOME);
        shim.say(INITIALIZED);
        assertThat(heard(daemon)).isEqualTo(INITIALIZED);
        return connection;
    }

    @Test
    void theNextDaemonIsToldWhatTheSessionIsAndTheAgentHearsNothingOfIt() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            SocketChannel first = initialized(daemon, shim);
            shim.say(request(1));
            assertThat(heard(daemon)).isEqualTo(request(1));
            daemon.say(first, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-n-1\",\"method\":\"roots/list\"}\n{\"jsonrpc\":\"2.0\",\"id\":1,\"res");
            assertThat(shim.hear()).contains("roots/list");
            first.close();

            isRefused(shim.hear(), 1, -32011, "unknown");
            assertThat(shim.hear()).contains("notifications/cancelled").contains("\"mpx-n-1\"");
            SocketChannel second = connection(daemon);
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            shim.say(request(2));
            daemon.say(second, WELCOME + "\n");
            assertThat(heard(daemon)).isEqualTo(INITIALIZED);
            assertThat(heard(daemon)).isEqualTo(request(2));
            daemon.say(second, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n");
            assertThat(shim.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
            assertThat(shim.errors()).isEmpty();
            shim.endInput();
            assertThat(shim.hear()).isNull();
            assertThat(shim.exitStatus()).isZero();
        }
    }

    @Test
    void aHandshakeThatADaemonDiedOnIsSentAgainToTheNext() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            shim.say(INITIALIZE);
            for (int i = 0; i < 3; i++) {
                SocketChannel connection = connection(daemon);
                assertThat(heard(daemon)).isEqualTo(INITIALIZE);
                connection.close();
            }
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            daemon.say(connection(daemon), WELCOME + "\n");
            assertThat(shim.hear()).isEqualTo(WELCOME);
        }
    }

    @Test
    void aDaemonThatRefusesTheSessionIsAskedAgain() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            initialized(daemon, shim).close();
            SocketChannel second = connection(daemon);
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            daemon.say(second, "{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32016,\"message\":\"leaving\"}}\n");
            SocketChannel third = connection(daemon);
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            daemon.say(third, "{\"jsonrpc\":\"2.0\",\"method\":\"early\"}\n" + WELCOME + "\n{\"jsonrpc\":\"2.0\",\"method\":\"late\"}\n");
            assertThat(shim.hear()).contains("early");
            assertThat(shim.hear()).contains("late");
            assertThat(heard(daemon)).isEqualTo(INITIALIZED);
        }
    }

    @Test
    void aDaemonThatDiesBeforeItHasTakenTheSessionOnIsFollowedByTheNext() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            initialized(daemon, shim).close();
            for (int i = 0; i < 3; i++) {
                SocketChannel connection = connection(daemon);
                assertThat(heard(daemon)).isEqualTo(INITIALIZE);
                if (i == 0) {
                    shim.say(request(1));
                }
                daemon.say(connection, "{\"jsonrpc\":\"2.0\",\"id\":0,\"resu");
                connection.close();
            }
            SocketChannel last = connection(daemon);
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            daemon.say(last, WELCOME + "\n");
            assertThat(heard(daemon)).isEqualTo(INITIALIZED);
            assertThat(heard(daemon)).isEqualTo(request(1));
            daemon.say(last, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
            assertThat(shim.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        }
    }

    private static final String AGAIN = "\"mpx-again-%d\"";

    private static String ask(Object id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
    }

    private static void answered(FakeDaemon daemon, SocketChannel connection, ShimProcess shim, int id, String method, String params,
            String outcome) throws Exception {
        shim.say(ask(id, method, params));
        assertThat(heard(daemon)).isEqualTo(ask(id, method, params));
        daemon.say(connection, "{\"jsonrpc\":\"2.0\",\"id\":" + id + "," + outcome + "}\n");
        assertThat(shim.hear()).contains(outcome);
    }

    @Test
    void subscriptionsAndTheLogLevelAreRestoredAsFarAsTheyTookEffect() throws Exception {
        String done = "\"result\":{}";
        String failed = "\"error\":{\"code\":-32602,\"message\":\"no\"}";
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            SocketChannel first = initialized(daemon, shim);
            answered(daemon, first, shim, 1, "logging/setLevel", "{\"level\":\"info\"}", done);
            answered(daemon, first, shim, 2, "logging/setLevel", "{\"level\":\"error\"}", done);
            answered(daemon, first, shim, 3, "logging/setLevel", "{\"level\":\"none\"}", failed);
            for (String uri : List.of("a", "b", "c", "b")) {
                answered(daemon, first, shim, 4, "resources/subscribe", "{\"uri\":\"" + uri + "\"}", done);
            }
            answered(daemon, first, shim, 5, "resources/subscribe", "{\"uri\":\"d\"}", failed);
            answered(daemon, first, shim, 6, "resources/unsubscribe", "{\"uri\":\"c\"}", done);
            answered(daemon, first, shim, 7, "resources/unsubscribe", "{\"uri\":\"a\"}", failed);
            for (int life = 0; life < 2; life++) {
                first.close();
                first = connection(daemon);
                assertThat(heard(daemon)).isEqualTo(INITIALIZE);
                daemon.say(first, WELCOME + "\n");
                assertThat(heard(daemon)).isEqualTo(INITIALIZED);
                int n = 3 * life;
                List<String> restored = List.of(ask(AGAIN.formatted(n + 1), "logging/setLevel", "{\"level\":\"error\"}"),
                        ask(AGAIN.formatted(n + 2), "resources/subscribe", "{\"uri\":\"a\"}"),
                        ask(AGAIN.formatted(n + 3), "resources/subscribe", "{\"uri\":\"b\"}"));
                for (String line : restored) {
                    assertThat(heard(daemon)).isEqualTo(line);
                }
                for (int i = 1; i <= 3; i++) {
                    daemon.say(first, "{\"jsonrpc\":\"2.0\",\"id\":" + AGAIN.formatted(n + i) + "," + (i == 2 ? failed : done) + "}\n");
                }
                answered(daemon, first, shim, 8, "ping", "{}", done); // and none of the others is printed
            }
        }
    }

    @Test
    void whatAServerRequestOfADeadDaemonIsAnsweredIsLeftToTheNext() throws Exception {
        String answer = "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-n-1\",\"result\":{\"roots\":[]}}";
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            SocketChannel first = initialized(daemon, shim);
            daemon.say(first, "{\"jsonrpc\":\"2.0\",\"id\":\"mpx-n-1\",\"method\":\"roots/list\"}\n");
            assertThat(shim.hear()).contains("roots/list");
            first.close();
            assertThat(shim.hear()).contains("notifications/cancelled").contains("\"mpx-n-1\"");
            shim.say(answer); // crosses with the taking back
            SocketChannel second = connection(daemon);
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            daemon.say(second, WELCOME + "\n");
            assertThat(heard(daemon)).isEqualTo(INITIALIZED);
            assertThat(heard(daemon)).isEqualTo(answer);
        }
    }

    @Test
    void afterTooLongAllThatWaitsIsRefusedInOrder() throws Exception {
        try (ShimProcess shim = started(1500)) {
            isAway(shim);
            List<Integer> refused = new ArrayList<>();
            for (int id = 1; id <= 500; id++) {
                shim.say(request(id));
            }
            for (int id = 1; id <= 500; id++) {
                JsonValue answer = json(shim.hear());
                assertThat(answer.at("error", "code").orElseThrow().integer()).contains(-32012L);
                refused.add((int) answer.get("id").orElseThrow().integer().orElseThrow().longValue());
            }
            assertThat(refused).isEqualTo(java.util.stream.IntStream.rangeClosed(1, 500).boxed().toList());
            assertThat(shim.errors()).containsOnlyOnce("keeps trying");
        }
    }

    @Test
    void whatThereIsNoRoomToKeepIsRefusedUnsentAndTheRestIsSentInOrder() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            initialized(daemon, shim).close();
            SocketChannel second = connection(daemon);
            assertThat(heard(daemon)).isEqualTo(INITIALIZE);
            String large = "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"m\",\"params\":[\"" + "p".repeat(700_000) + "\"]}";
            shim.say(large.formatted(1));
            shim.say(large.formatted(2));
            isRefused(shim.hear(), 2, -32016, "not-sent");
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"m\",\"params\":[\"" + "p".repeat(3_000_000) + "\"]}");
            isRefused(shim.hear(), 3, -32016, "not-sent");
            shim.say(request(4));
            daemon.say(second, WELCOME + "\n");
            assertThat(heard(daemon)).isEqualTo(INITIALIZED);
            assertThat(heard(daemon)).isEqualTo(large.formatted(1));
            assertThat(heard(daemon)).isEqualTo(request(4));
        }
    }

    @Test
    void aLongLineThatADaemonDiedOnIsAnsweredAtItsEndAndItsRestGoesNowhere() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.SWALLOW); ShimProcess shim = shim(60_000)) {
            SocketChannel first = connection(daemon);
            shim.write(("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"m\",\"params\":[\"" + "p".repeat(3_000_000)).getBytes(StandardCharsets.UTF_8));
            org.awaitility.Awaitility.await().until(() -> daemon.received.get() > 2_000_000);
            first.close();
            connection(daemon);
            shim.say("\"]}");
            isRefused(shim.hear(), 5, -32011, "unknown");
        }
    }

    @Test
    void afterTooLongWithoutADaemonEveryRequestIsRefusedAtOnceAndTheSessionGoesOnWhenThereIsOneAgain() throws Exception {
        try (ShimProcess shim = started(1000)) {
            String lost;
            do { // one that is asked before the shim has seen the end is lost with the daemon
                shim.say(request(1));
                lost = shim.hear();
            } while (lost.contains("daemon-gone"));
            isRefused(lost, 1, -32012, "not-sent");
            long start = System.nanoTime();
            shim.say(request(2));
            String answer = shim.hear();
            isRefused(answer, 2, -32012, "not-sent");
            assertThat(answer).contains("broker.sock");
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
            try (FakeDaemon again = FakeDaemon.in(home, Conduct.LISTEN)) {
                SocketChannel connection = connection(again);
                assertThat(heard(again)).isEqualTo(INITIALIZE);
                again.say(connection, WELCOME + "\n");
                assertThat(heard(again)).isEqualTo(INITIALIZED);
                shim.say(request(3));
                assertThat(heard(again)).isEqualTo(request(3));
            }
        }
    }

    // red when the native shim looks after time last in a turn: nothing wakes it up to refuse what waits
    @Test
    void allThatWaitsIsRefusedAtOnceAlsoWhileADaemonDoesNotTakeTheSessionOn() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(1000)) {
            initialized(daemon, shim).close();
            assertThat(connection(daemon).isOpen()).isTrue();
            assertThat(heard(daemon)).isEqualTo(INITIALIZE); // and is not answered
            shim.say(request(1));
            long start = System.nanoTime();
            isRefused(shim.hear(), 1, -32012, "not-sent");
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
        }
    }

    @Test
    void nothingOfTheShimsOwnStandsWithinALongAnswer() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            SocketChannel first = connection(daemon);
            shim.write(("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"m\",\"params\":[\"" + "p".repeat(3_000_000)).getBytes(StandardCharsets.UTF_8));
            first.close();
            SocketChannel second = connection(daemon);
            String answer = "{\"jsonrpc\":\"2.0\",\"id\":6,\"result\":[\"" + "r".repeat(1_600_000);
            Thread speaker = saying(daemon, second, answer);
            byte[] begun = shim.process.getInputStream().readNBytes(1_500_000);
            org.awaitility.Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> true);
            shim.say("\"]}"); // the line is over, and is to be answered
            shim.say("{\"jsonrpc\":\"2.0\",\"method\":\"late\"}");
            org.awaitility.Awaitility.await().during(300, TimeUnit.MILLISECONDS).until(() -> true);
            speaker.join();
            daemon.say(second, "\"]}\n");
            assertThat(new String(begun, StandardCharsets.UTF_8) + shim.hear()).isEqualTo(answer + "\"]}");
            isRefused(shim.hear(), 5, -32011, "unknown");
        }
    }

    @Test
    void aLongAnswerThatADaemonDiedInIsEndedAndItsRequestIsLost() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            SocketChannel connection = connection(daemon);
            shim.say(request(1));
            assertThat(heard(daemon)).isEqualTo(request(1));
            String begun = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"" + "r".repeat(1_600_000);
            Thread speaker = saying(daemon, connection, begun);
            byte[] first = shim.process.getInputStream().readNBytes(1_500_000);
            assertThat(begun).startsWith(new String(first, StandardCharsets.UTF_8));
            speaker.join();
            connection.close();
            assertThat(begun).contains(shim.hear());
            isRefused(shim.hear(), 1, -32011, "unknown");
        }
    }

    @Test
    void aRefusalSaysHowLongTheRequestHasWaited() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN); ShimProcess shim = shim(60_000)) {
            SocketChannel connection = initialized(daemon, shim);
            shim.say(request(1));
            assertThat(heard(daemon)).isEqualTo(request(1));
            org.awaitility.Awaitility.await().during(200, TimeUnit.MILLISECONDS).until(() -> true);
            connection.close();
            JsonValue lost = json(shim.hear()).at("error", "data", "mpx").orElseThrow();
            assertThat(lost.get("reason").orElseThrow().text()).contains("daemon-gone");
            assertThat(lost.get("elapsedMs").orElseThrow().integer().orElseThrow()).isBetween(200L, 20_000L);
            assertThat(lost.get("queuedMs").orElseThrow().integer().orElseThrow()).isBetween(0L, 150L);
        }
        try (ShimProcess shim = started(1000)) {
            shim.say(request(2));
            String answer = shim.hear();
            while (answer.contains("daemon-gone")) { // asked before the shim has seen the end
                shim.say(request(2));
                answer = shim.hear();
            }
            isRefused(answer, 2, -32012, "not-sent");
            JsonValue unsent = json(answer).at("error", "data", "mpx").orElseThrow();
            assertThat(unsent.get("elapsedMs").orElseThrow().integer().orElseThrow()).isBetween(300L, 20_000L);
            assertThat(unsent.get("queuedMs").orElseThrow()).hasToString(unsent.get("elapsedMs").orElseThrow().toString());
        }
    }

    @Test
    void withoutADaemonPingAndDiscoverAreAnsweredAtOnce() throws Exception {
        try (ShimProcess shim = started(60_000)) {
            isAway(shim);
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"server/discover\"}");
            assertThat(json(shim.hear()).at("error", "code").orElseThrow()).hasToString("-32601");
        }
    }

    @Test
    void withoutADaemonItEndsWithTheAgentsInputAllTheSame() throws Exception {
        try (ShimProcess shim = started(60_000)) {
            long start = System.nanoTime();
            shim.endInput();
            assertThat(shim.exitStatus()).isZero();
            // how soon, ShimEndingIT measures
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    /** Waits until it has seen that its daemon is gone, and so answers for it. */
    private static void isAway(ShimProcess shim) throws IOException {
        JsonValue answer;
        do { // one that is asked before the shim has seen the end is lost with the daemon
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
            answer = json(shim.hear());
        } while (answer.at("error", "code").isPresent());
        assertThat(answer.get("result").orElseThrow()).hasToString("{}");
    }

    /** One whose session was opened and whose daemon is gone. */
    private ShimProcess started(int patienceMillis) throws Exception {
        FakeDaemon daemon = FakeDaemon.in(home, Conduct.LISTEN);
        ShimProcess shim = shim(patienceMillis);
        SocketChannel connection = initialized(daemon, shim);
        daemon.close(); // first: it is not to be found again
        connection.close();
        return shim;
    }
}
