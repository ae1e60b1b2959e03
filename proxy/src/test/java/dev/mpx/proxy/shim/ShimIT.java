package dev.mpx.proxy.shim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.FakeDaemon.Conduct;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(ShimProgram.class)
class ShimIT {
    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}";

    @Parameter
    ShimProgram program;

    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void home() throws IOException {
        home = directory.toRealPath().resolve("h");
    }

    private static JsonValue json(String line) {
        return JsonValue.parse(line.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private static JsonValue answered(JsonValue hello) {
        return hello.get("params").orElseThrow();
    }

    @Test
    void theDaemonIsToldWhoAsksAndForWhat() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.ECHO); ShimProcess shim = program.at(home, "--x", "ü")) {
            JsonValue hello = answered(daemon.hellos.take());
            assertThat(hello.at("client", "pid").orElseThrow().integer()).contains(shim.process.pid());
            assertThat(hello.at("client", "parentPid").orElseThrow().integer()).contains(ProcessHandle.current().pid());
            assertThat(hello.at("client", "parent").orElseThrow().text()).contains("java");
            assertThat(hello.at("client", "cwd").orElseThrow().text()).contains(home.getParent().toString());
            assertThat(hello.at("serves", "palace").orElseThrow().kind()).isEqualTo(JsonValue.Kind.NULL);
            assertThat(hello.at("serves", "command").orElseThrow().elements())
                    .extracting(value -> value.text().orElseThrow()).containsExactly("some-server", "--x", "ü");
        }
    }

    @Test
    void aNameThatIsNotAsciiWorksWithAStrippedEnvironment() throws Exception {
        Path named = Files.createDirectories(directory.toRealPath().resolve("Größe 宮")).resolve("h");
        try (FakeDaemon daemon = FakeDaemon.in(named, Conduct.ECHO); ShimProcess shim = program.at(named)) {
            shim.say(PING);
            assertThat(shim.hear()).isEqualTo(PING);
            assertThat(answered(daemon.hellos.take()).at("client", "cwd").orElseThrow().text()).contains(named.getParent().toString());
        }
    }

    @Test
    void underTheServersNameItAsksForTheRealOneAndNeverItself() throws Exception {
        Path user = Files.createDirectories(directory.toRealPath().resolve("user"));
        Path alias = Files.createDirectories(user.resolve("alias")).resolve("mempalace-mcp");
        Files.createSymbolicLink(alias, ShimProgram.LAUNCHER);
        Path copy = Files.copy(ShimProgram.LAUNCHER, Files.createDirectories(user.resolve("copy")).resolve("mempalace-mcp"));
        Path real = Files.writeString(Files.createDirectories(user.resolve("real")).resolve("mempalace-mcp"), "#!/bin/false\n");
        for (Path file : List.of(copy, real)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        String path = alias.getParent() + ":" + copy.getParent() + ":" + real.getParent() + ":"
                + Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin";
        try (FakeDaemon daemon = FakeDaemon.in(user.resolve(".mempalace"), Conduct.ECHO);
                ShimProcess shim = program.start(user, Map.of("PATH", path), List.of(alias.toString(), "--home", "x", "serve"))) {
            JsonValue serves = answered(daemon.hellos.take()).get("serves").orElseThrow();
            assertThat(serves.get("command").orElseThrow().elements()).extracting(value -> value.text().orElseThrow())
                    .containsExactly(real.toString(), "--home", "x", "serve");
            assertThat(serves.get("palace").orElseThrow().text()).contains(user.resolve(".mempalace/palace").toString());
            assertThat(shim.process.isAlive()).isTrue();
        }
    }

    @Test
    void aDaemonThatIsJustLeavingIsAskedAgain() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.HANG_UP_FIRST); ShimProcess shim = program.at(home)) {
            shim.say(PING);
            assertThat(shim.hear()).isEqualTo(PING);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void aRefusalIsTheAnswerToEveryRequestAndIsSaidOnce() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.REFUSE); ShimProcess shim = program.at(home)) {
            shim.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            for (String id : List.of("0", "\"\\u0061\"", "99999999999999999999")) {
                shim.say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"x\"}");
                JsonValue answer = json(shim.hear());
                assertThat(answer.get("id").orElseThrow()).hasToString(id);
                assertThat(answer.at("error", "code").orElseThrow().integer()).contains(-32012L);
                assertThat(answer.at("error", "message").orElseThrow().text()).hasValueSatisfying(
                        message -> assertThat(message).contains("\"a\"").contains("\"b\""));
                assertThat(answer.at("error", "data", "mpx", "reason").orElseThrow().text()).contains("other-server");
                assertThat(answer.at("error", "data", "mpx", "outcome").orElseThrow().text()).contains("not-sent");
            }
            shim.endInput();
            assertThat(shim.exitStatus()).isEqualTo(1);
            assertThat(shim.hear()).isNull();
            assertThat(shim.errors()).containsOnlyOnce("you want");
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @Test
    void whenTheDaemonGoesAwayEveryOpenRequestIsAnsweredOnceAndHalfALineIsCompletedForTheNext() throws Exception {
        try (FakeDaemon daemon = FakeDaemon.in(home, Conduct.HALF_A_LINE); ShimProcess shim = program.at(home)) {
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}");
            assertThat(shim.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":\"two\",\"method\":\"b\",\"params\":\"" + "p".repeat(200_000) + "\"}");
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"c\"}");
            shim.write("{\"jsonrpc\":\"2.0\",\"id\":4,".getBytes(StandardCharsets.UTF_8));
            Awaitility.await().until(() -> daemon.received.get() >= 200_092);
            daemon.connections.take().close();
            List<JsonValue> lost = List.of(json(shim.hear()), json(shim.hear()));
            assertThat(lost).extracting(answer -> answer.get("id").orElseThrow().toString()).containsExactly("\"two\"", "3");
            assertThat(lost).allSatisfy(answer -> {
                assertThat(answer.at("error", "code").orElseThrow().integer()).contains(-32011L);
                assertThat(answer.at("error", "data", "mpx", "outcome").orElseThrow().text()).contains("unknown");
            });
            daemon.hellos.take();
            daemon.hellos.take();
            long before = daemon.received.get();
            shim.say("\"method\":\"d\"}");
            assertThat(shim.hear()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
            shim.say("end");
            Awaitility.await().until(() -> daemon.received.get() > before);
            shim.endInput();
            assertThat(shim.exitStatus()).isZero();
            assertThat(shim.hear()).contains("\"id\":4,").contains("-32011");
            assertThat(shim.hear()).isNull();
        }
    }

    @Test
    void anEndpointThatIsPrescribedAndDeadIsNamedAndNothingIsStarted() throws Exception {
        Path user = directory.toRealPath();
        try (ShimProcess shim = program.start(user, Map.of("MEMPALACE_BROKER", "unix:/nowhere/s"),
                List.of(ShimProgram.LAUNCHER.toString(), "--home", home.toString(), "--", "some-server"))) {
            shim.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"x\"}");
            assertThat(shim.hear()).contains("-32012").contains("unix:/nowhere/s").contains("MEMPALACE_BROKER");
            assertThat(home).doesNotExist();
        }
    }

    @Test
    void theMachinesOwnSettingsNameAnEndpoint() throws Exception {
        Path user = directory.toRealPath();
        Path elsewhere = user.resolve("elsewhere");
        Path settings = Files.createDirectories(user.resolve(".config/mpx")).resolve("mpx.toml");
        Files.writeString(settings, "# mine\nendpoint = \"unix:" + elsewhere.resolve("broker.sock") + "\" # there\n");
        try (FakeDaemon daemon = FakeDaemon.in(elsewhere, Conduct.ECHO); ShimProcess shim = program.at(home)) {
            shim.say(PING);
            assertThat(shim.hear()).isEqualTo(PING);
            assertThat(daemon.hellos).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--home", "--", "frob", "--frob -- x", "--home x status extra"})
    void wrongUsageEndsWithStatusTwoAndSaysNothingOnStandardOutput(String words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(ShimProgram.LAUNCHER.toString()));
        command.addAll(List.of(words.split(" ")));
        if (words.contains("status")) {
            command.add("--nonsense");
        }
        try (ShimProcess shim = program.start(directory, Map.of(), command)) {
            assertThat(shim.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(shim.exitStatus()).isEqualTo(2);
            assertThat(shim.hear()).isNull();
            assertThat(shim.errors()).isNotBlank();
        }
    }
}
