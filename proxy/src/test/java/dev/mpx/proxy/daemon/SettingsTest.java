package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.mux.Recycle;
import dev.mpx.proxy.mux.Timeouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * README, "Settings": every key, where it may stand, and what a bad value leads to. {@code /etc/mpx/mpx.toml} is left
 * out, since no test may write there.
 */
class SettingsTest {
    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    private Path directory;

    private Path machines;
    private Path homes;

    @BeforeEach
    void makeAHome() throws IOException {
        variables.put("HOME", directory.toString());
        machines = Files.createDirectories(directory.resolve(".config/mpx")).resolve("mpx.toml");
        homes = Files.createDirectories(directory.resolve("home")).resolve("mpx.toml");
    }

    private Settings load() {
        return Settings.load(new DaemonOptions(
                new Home(homes.getParent()),
                new ServerCommand(List.of("server"), Optional.empty()),
                new Environment(variables, directory, directory)));
    }

    private Settings inHome(String toml) throws IOException {
        Files.writeString(homes, toml);
        return load();
    }

    // ---- what they are

    @Test
    void noneAreNeeded() {
        assertThat(load()).isEqualTo(new Settings(
                Duration.ofMinutes(15),
                Duration.ofSeconds(5),
                64 << 20,
                64L << 20,
                256,
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Timeouts.DEFAULT,
                Recycle.NEVER,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                true,
                LogDetail.INFO,
                Optional.empty(),
                OwnProfile.NONE));
    }

    @Test
    void everyOneOfTheReadmeIsTaken() throws IOException {
        Settings settings = inHome("""
                [daemon]
                idle = "1h30m"
                drain = "0"
                [limits]
                line = "1MiB"
                outbox = "2GiB"
                calls = 7
                [child]
                window = 3
                capabilities = '{"roots":{}}'
                recycle_age = "24h"
                recycle_calls = 1000
                recycle_memory = "1GiB"
                rewrite_schemas = true
                sockets = false
                [child.env]
                NAME = "value"
                [timeouts]
                request = "30s"
                max = "10m"
                total = "2m"
                initialize = "5m"
                grace = "1s"
                [timeouts.methods]
                "prompts/get" = "10s"
                [timeouts.tools]
                mempalace_mine = "45m"
                slow = 0
                [tcp]
                port = 7777
                bind = "::1"
                [log]
                level = "debug"
                [metrics]
                port = 9464
                [guest]
                endpoints = ["ssh://host.docker.internal", "tcp://10.0.0.1:7777"]
                """);

        assertThat(settings).isEqualTo(new Settings(
                Duration.ofMinutes(90),
                Duration.ZERO,
                1 << 20,
                2L << 30,
                7,
                Optional.of(3),
                Optional.of("{\"roots\":{}}"),
                Map.of("NAME", "value"),
                new Timeouts(
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(1),
                        Map.of("prompts/get", Duration.ofSeconds(10)),
                        Map.of("mempalace_mine", Duration.ofMinutes(45), "slow", Duration.ZERO)),
                new Recycle(Duration.ofDays(1), 1000, 1L << 30),
                Optional.of(new TcpPort(new Setting("[tcp] bind in " + homes + ", line 31", "::1"), 7777)),
                List.of("ssh://host.docker.internal", "tcp://10.0.0.1:7777"),
                Optional.of(true),
                false,
                LogDetail.DEBUG,
                Optional.of(9464),
                OwnProfile.NONE));
    }

    @Test
    void aPortAloneIsBoundToLoopbackAndAnInterfaceMayBeNamed() throws IOException {
        assertThat(inHome("[tcp]\nport = 0\n").tcp().orElseThrow().address().getHostString()).isEqualTo("127.0.0.1");
        variables.put("MPX_TCP_BIND", "lo");
        variables.put("MPX_TCP_PORT", "8");
        assertThat(load().tcp().orElseThrow().address()).isEqualTo(new java.net.InetSocketAddress("127.0.0.1", 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "nowhere.invalid", "224.0.0.1"})
    void allInterfacesAtOnceAndNoneAreRefused(String bind) throws IOException {
        TcpPort port = inHome("[tcp]\nport = 1\nbind = \"" + bind + "\"\n").tcp().orElseThrow();
        assertThatThrownBy(port::address).isInstanceOf(HomeException.class).hasMessageContaining("[tcp] bind in " + homes).hasMessageContaining(bind);
    }

    @Test
    void endpointsForGuestsMayStandInAVariableAndMustBeOfUseElsewhere() {
        variables.put("MPX_GUEST_ENDPOINTS", "ssh://a, tcp://b:1");
        assertThat(load().guests()).containsExactly("ssh://a", "tcp://b:1");
        variables.put("MPX_GUEST_ENDPOINTS", "unix:/a");
        assertThatThrownBy(this::load).isInstanceOf(HomeException.class).hasMessageContaining("MPX_GUEST_ENDPOINTS");
    }

    @Test
    void theReadmesOwnExampleIsGood() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        int begin = readme.indexOf("```toml") + "```toml".length();

        Settings settings = inHome(readme.substring(begin, readme.indexOf("```", begin)));

        assertThat(settings.timeouts().tools()).isNotEmpty();
        assertThat(settings.timeouts().methods()).isNotEmpty();
    }

    @Test
    void recyclingIsSwitchedOffByZero() throws IOException {
        Settings settings = inHome("[child]\nrecycle_age = \"0\"\nrecycle_calls = 0\nrecycle_memory = \"0\"\n");

        assertThat(settings.recycle()).isEqualTo(Recycle.NEVER);
    }

    @Test
    void capabilitiesOfSeveralLinesGoOutInOne() throws IOException {
        assertThat(inHome("[child]\ncapabilities = '''{\n\"roots\":{}}'''\n").capabilities()).contains("{ \"roots\":{}}");
    }

    // ---- which counts

    @ParameterizedTest
    @CsvSource({
        "MPX_DAEMON_IDLE, 7s", "MPX_DAEMON_DRAIN, 7s", "MPX_TIMEOUTS_REQUEST, 7s", "MPX_TIMEOUTS_MAX, 7s",
        "MPX_TIMEOUTS_TOTAL, 7s", "MPX_TIMEOUTS_INITIALIZE, 7s", "MPX_TIMEOUTS_GRACE, 7s", "MPX_CHILD_RECYCLE_AGE, 7s"
    })
    void aVariableCountsBeforeTheFiles(String name, String value) throws IOException {
        variables.put(name, value);
        Settings settings = inHome("""
                [daemon]
                idle = "1s"
                drain = "1s"
                [timeouts]
                request = "1s"
                max = "1s"
                total = "1s"
                initialize = "1s"
                grace = "1s"
                [child]
                recycle_age = "1s"
                """);

        Timeouts timeouts = settings.timeouts();
        assertThat(List.of(
                        settings.idle(), settings.drain(), timeouts.request(), timeouts.max(), timeouts.total(),
                        timeouts.initialize(), timeouts.grace(), settings.recycle().age()))
                .containsOnlyOnce(Duration.ofSeconds(7))
                .filteredOn(Duration.ofSeconds(1)::equals)
                .hasSize(7);
    }

    @Test
    void theMachinesFileCountsBeforeTheHomesEntryByEntry() throws IOException {
        Files.writeString(machines, """
                [timeouts]
                request = "10s"
                [timeouts.tools]
                both = "11s"
                machine = "12s"
                """);
        Timeouts timeouts = inHome("""
                [timeouts]
                request = "20s"
                max = "21s"
                [timeouts.tools]
                both = "22s"
                home = "23s"
                """).timeouts();

        assertThat(timeouts.request()).isEqualTo(Duration.ofSeconds(10));
        assertThat(timeouts.max()).isEqualTo(Duration.ofSeconds(21));
        assertThat(timeouts.tools()).isEqualTo(Map.of(
                "both", Duration.ofSeconds(11), "machine", Duration.ofSeconds(12), "home", Duration.ofSeconds(23)));
    }

    @Test
    void thePalacesOwnVariablesKeepTheirMeaning() throws IOException {
        variables.put("MEMPALACE_MCP_TIMEOUT_MS", "1500");
        variables.put("MEMPALACE_MCP_INIT_TIMEOUT_MS", "0");
        Timeouts timeouts = inHome("[timeouts]\nrequest = \"20s\"\n").timeouts();

        assertThat(timeouts.request()).isEqualTo(Duration.ofMillis(1500));
        assertThat(timeouts.initialize()).isZero();
    }

    @Test
    void mpxsOwnVariablesCountBeforeThem() {
        variables.put("MEMPALACE_MCP_TIMEOUT_MS", "1500");
        variables.put("MPX_TIMEOUTS_REQUEST", "3s");

        assertThat(load().timeouts().request()).isEqualTo(Duration.ofSeconds(3));
    }

    // red when an empty variable is read
    @Test
    void anEmptyVariableIsNone() {
        variables.put("MEMPALACE_MCP_TIMEOUT_MS", "");
        variables.put("MPX_TIMEOUTS_MAX", " ");

        assertThat(load().timeouts()).isEqualTo(Timeouts.DEFAULT);
    }

    // ---- bad ones

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[daemon]           | idle = \"soon\"",
        "[daemon]           | idle = \"-5s\"",
        "[daemon]           | idle = 15",
        "[daemon]           | drain = \"1d\"",
        "[daemon]           | drain = \"999999999999h\"",
        "[limits]           | line = \"64 megabytes\"",
        "[limits]           | line = \"1B\"",
        "[limits]           | outbox = \"-1\"",
        "[limits]           | calls = 0",
        "[child]            | window = \"many\"",
        "[child]            | capabilities = \"roots\"",
        "[child]            | capabilities = \"[]\"",
        "[child]            | recycle_age = \"old\"",
        "[child]            | recycle_calls = -1",
        "[child]            | recycle_memory = \"fat\"",
        "[child]            | rewrite_schemas = \"maybe\"",
        "[child]            | sockets = \"pipe\"",
        "[profile]          | held = \"(\"",
        "[profile]          | stable_lists = 1",
        "[profile]          | window = 1",
        "[profile]          | timeouts = 1",
        "[profile]          | red = 1",
        "[profile]          | polls = 1",
        "[profile.polls]    | wait = \"long\"",
        "[profile.polls]    | wait = { most = \"10s\" }",
        "[profile.polls]    | wait = { argument = \"t\", unit = \"years\" }",
        "[profile.polls]    | wait = { argument = \"t\", least = \"1s\" }",
        "[profile.polls]    | wait = { argument = \"t\", most = \"1\" }",
        "[timeouts]         | request = \"-1s\"",
        "[timeouts]         | total = \"x\"",
        "[timeouts]         | grace = true",
        "[timeouts.methods] | \"tools/call\" = \"long\"",
        "[timeouts.tools]   | mine = \"long\"",
        "[timeouts]         | tools = \"5m\"",
        "[child]            | env = \"A=B\"",
    })
    void aBadValueIsAnErrorThatNamesWhereItStands(String section, String line) {
        String key = line.substring(0, line.indexOf(" =")).replace("\"", "");
        assertThatThrownBy(() -> inHome(section + "\n" + line + "\n"))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(section.substring(1, section.length() - 1))
                .hasMessageContaining(homes + ", line 2");
    }

    @ParameterizedTest
    @CsvSource({
        "MPX_TIMEOUTS_REQUEST, soon", "MEMPALACE_MCP_TIMEOUT_MS, 60s", "MEMPALACE_MCP_INIT_TIMEOUT_MS, -1", "MPX_LIMITS_CALLS, x"
    })
    void aBadVariableIsAnErrorThatNamesIt(String name, String value) {
        variables.put(name, value);

        assertThatThrownBy(this::load).isInstanceOf(HomeException.class).hasMessageContaining(name).hasMessageContaining(value);
    }

    @Test
    void aFileThatIsNoTomlIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> inHome("[timeouts\n")).isInstanceOf(HomeException.class).hasMessageContaining(homes.toString())
                .hasMessageContaining("line 1, column 10: ").hasMessageNotContaining("\n");
    }
}
