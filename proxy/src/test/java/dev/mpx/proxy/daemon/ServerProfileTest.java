package dev.mpx.proxy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.mux.HeldAnswer;
import dev.mpx.proxy.mux.LongPoll;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.palace.PalaceProfile;
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
import org.junit.jupiter.params.provider.ValueSource;

/** docs/settings.md: what mpx knows of a server, and what a user says of it. */
class ServerProfileTest {
    private static final String POLL = "mempalace_event_wait";

    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    private Path directory;

    private Path homes;

    @BeforeEach
    void makeAHome() throws IOException {
        homes = Files.createDirectories(directory.resolve("home")).resolve("mpx.toml");
    }

    private ServerProfile profile(boolean isPalace, String toml) throws IOException {
        Files.writeString(homes, toml);
        DaemonOptions options = new DaemonOptions(
                new Home(homes.getParent()),
                new ServerCommand(List.of("server"), isPalace ? Optional.of(Palace.at(directory.resolve("palace"))) : Optional.empty()),
                new Environment(variables, directory, directory));
        return ServerProfile.of(options, Settings.load(options));
    }

    private ServerProfile ofAPalace(String toml) throws IOException {
        return profile(true, toml);
    }

    private ServerProfile ofAnother(String toml) throws IOException {
        return profile(false, toml);
    }

    @Test
    void aPalaceIsKnown() throws IOException {
        ServerProfile palace = ofAPalace("");

        assertThat(palace.traits()).isEqualTo(PalaceProfile.TRAITS);
        assertThat(palace.timeouts().tools()).isEqualTo(PalaceProfile.TOOL_TIMES);
        assertThat(palace.environment()).containsAllEntriesOf(PalaceProfile.ENVIRONMENT);
    }

    @Test
    void ofAnotherServerNothingIsKnown() throws IOException {
        ServerProfile other = ofAnother("");

        assertThat(other.traits()).isEqualTo(ServerTraits.unknown());
        assertThat(other.timeouts().tools()).isEmpty();
        assertThat(other.environment()).isEmpty();
    }

    @Test
    void anotherServersProfileCanBeGiven() throws IOException {
        ServerTraits traits = ofAnother("""
                [child]
                window = 1
                rewrite_schemas = true
                [profile]
                reads = ["look", "find"]
                held = ['database is (locked|busy)']
                stable_lists = true
                [profile.polls]
                wait = { argument = "timeout", unit = "s", most = "20s" }
                [profile.polls.watch]
                argument = "ms"
                """).traits();

        assertThat(traits.window()).isEqualTo(1);
        assertThat(traits.flatSchemas()).isTrue();
        assertThat(traits.reads()).containsExactlyInAnyOrder("look", "find");
        assertThat(traits.stableLists()).isTrue();
        assertThat(traits.heldAnswers()).hasSize(2).hasOnlyElementsOfTypes(HeldAnswer.InFailure.class, HeldAnswer.InText.class);
        assertThat(traits.polls()).isEqualTo(Map.of(
                "wait", new LongPoll("timeout", Duration.ofSeconds(1), Duration.ofSeconds(20)),
                "watch", new LongPoll("ms", Duration.ofMillis(1), Duration.ofSeconds(10))));
    }

    @Test
    void whatIsSaidOfAPalaceIsAddedToWhatIsKnown() throws IOException {
        ServerTraits traits = ofAPalace("""
                [child]
                rewrite_schemas = false
                [profile]
                reads = "mempalace_new"
                held = 'busy'
                stable_lists = false
                [profile.polls]
                mempalace_event_wait = "1m"
                """).traits();

        assertThat(traits.reads()).containsAll(PalaceProfile.TRAITS.reads()).contains("mempalace_new");
        assertThat(traits.heldAnswers()).containsAll(PalaceProfile.TRAITS.heldAnswers()).hasSizeGreaterThan(2);
        assertThat(traits.stableLists()).isFalse();
        assertThat(traits.flatSchemas()).isFalse();
        assertThat(traits.polls()).isEqualTo(Map.of(POLL, new LongPoll("timeout_ms", Duration.ofMillis(1), Duration.ofMinutes(1))));
    }

    @Test
    void zeroSwitchesACapOff() throws IOException {
        assertThat(ofAPalace("[profile.polls]\n" + POLL + " = 0\n").traits().polls()).isEmpty();
        assertThat(ofAPalace("[profile.polls]\n" + POLL + " = { argument = \"x\", most = 0 }\n").traits().polls()).isEmpty();
    }

    @Test
    void theUsersTimeOfAToolCounts() throws IOException {
        Map<String, Duration> tools = ofAPalace("[timeouts.tools]\nmempalace_mine = \"3h\"\nmempalace_search = \"5s\"\n").timeouts().tools();

        assertThat(tools).containsEntry("mempalace_mine", Duration.ofHours(3)).containsEntry("mempalace_search", Duration.ofSeconds(5))
                .containsEntry("mempalace_sync", PalaceProfile.TOOL_TIMES.get("mempalace_sync"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h", "0"})
    void whatIsKnownOfAToolNeverShortensTheUsersTimeForAll(String request) throws IOException {
        Map<String, Duration> tools = ofAPalace("[timeouts]\nrequest = \"" + request + "\"\n").timeouts().tools();

        assertThat(tools).doesNotContainKey("mempalace_sync");
        assertThat(tools.containsKey("mempalace_mine")).isEqualTo(request.equals("1h"));
    }

    @Test
    void theUsersEnvironmentCounts() throws IOException {
        variables.put("MEMPALACE_HUB_FORWARD", "1");
        variables.put("MEMPALACE_MCP_IDLE_HOURS", "2");

        assertThat(ofAPalace("[child.env]\nMEMPALACE_MCP_IDLE_HOURS = \"3\"\n").environment())
                .containsEntry("MEMPALACE_HUB_FORWARD", "1")
                .containsEntry("MEMPALACE_MCP_IDLE_HOURS", "3");
    }

    @Test
    void aCapOfAnUnknownPollNeedsItsArgument() {
        assertThatThrownBy(() -> ofAnother("[profile.polls]\n\nwait = \"10s\"\n"))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("[profile.polls] wait in " + homes + ", line 3")
                .hasMessageContaining("argument");
    }

    @Test
    void aCapThatIsLessThanItsArgumentCountsIsRefused() {
        assertThatThrownBy(() -> ofAnother("[profile.polls]\nwait = { argument = \"t\", unit = \"min\", most = \"10s\" }\n"))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("[profile.polls] wait in " + homes + ", line 2");
    }

    @Test
    void aProfileInTheMachinesFileWouldBeThatOfEveryServer() throws IOException {
        Path machines = Files.createDirectories(directory.resolve(".config/mpx")).resolve("mpx.toml");
        Files.writeString(machines, "[daemon]\nidle = \"1h\"\n[profile]\nreads = [\"x\"]\n");

        assertThatThrownBy(() -> ofAnother(""))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("profile in " + machines + ", line 3")
                .hasMessageContaining("that server's home");
    }

    @Test
    void whatStandsElsewhereSaysWhere() {
        assertThatThrownBy(() -> ofAnother("[profile]\nenvironment = { A = \"b\" }\n"))
                .isInstanceOf(HomeException.class)
                .hasMessageContaining("[profile] environment in " + homes + ", line 2")
                .hasMessageContaining("[child.env]");
    }

    /** The example stands in the documentation for other servers. */
    @Test
    void theDocumentsOwnExampleIsGood() throws IOException {
        String text = Files.readString(Path.of("..", "docs", "settings.md"));
        int begin = text.indexOf("```toml") + "```toml".length();

        ServerTraits traits = ofAnother(text.substring(begin, text.indexOf("```", begin))).traits();

        assertThat(traits.reads()).isNotEmpty();
        assertThat(traits.heldAnswers()).isNotEmpty();
        assertThat(traits.polls()).isNotEmpty();
    }
}
