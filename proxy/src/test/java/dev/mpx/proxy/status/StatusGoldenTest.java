package dev.mpx.proxy.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.mux.StatusScene;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How a status looks in each situation, to the character. "No daemon" is the real program's: {@code StatusScreenIT}. */
class StatusGoldenTest {
    private static final Map<String, Supplier<StatusScene>> SCENES = Map.of(
            "idle", StatusScene::idle, "busy", StatusScene::busy, "stalled", StatusScene::stalled, "restarting", StatusScene::restarting,
            "failing", StatusScene::failing, "failing-service", StatusScene::failing,
            "job", StatusScene::jobs, "remote", StatusScene::remote);

    static Stream<String> scenes() {
        return SCENES.keySet().stream().sorted();
    }

    private static DaemonView daemon(String name, StatusScene scene) {
        List<OrphanView> orphans = name.equals("remote")
                ? List.of(new OrphanView(9100, "/usr/bin/python3 /home/ada/.local/bin/mempalace mine /home/ada/attic", Duration.ofHours(5)))
                : List.of();
        return new DaemonView("0.1.0", 3901, Duration.ofHours(26), Path.of("/home/ada/.mempalace"), "", Optional.of(Path.of("/home/ada/.mempalace/palace")),
                List.of("/home/ada/.local/share/pipx/venvs/mempalace/bin/mempalace-mcp"), true,
                List.of("unix:/home/ada/.mempalace/broker.sock"), List.of("unix:/home/ada/.mempalace/guest.sock", "tcp://127.0.0.1:7433"),
                portsTaken(name), scene.jobViews(), orphans,
                scene.snapshot().child().pid().stream().mapToObj(pid -> new TreeView(pid, 3, 851_443_712)).findFirst(),
                name.equals("failing-service") ? "systemctl --user restart mpx-mempalace.service" : "mpx restart");
    }

    private static List<TakenPort> portsTaken(String name) {
        return name.equals("remote")
                ? List.of(new TakenPort("metrics", "metrics", "127.0.0.1:9464", "Address already in use", OptionalLong.of(812),
                        Optional.of("pid 812 (/usr/bin/prometheus --web.listen-address=127.0.0.1:9464)")))
                : List.of();
    }

    private static String render(String name, Layout layout) {
        StatusScene scene = SCENES.get(name).get();
        return StatusText.render(daemon(name, scene), scene.snapshot(), layout);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void theScreenIsTheOneThatWasFoundGood(String name) throws Exception {
        for (int width : List.of(80, 120)) {
            String screen = render(name, Layout.plain(width));
            GoldenFile.check(name + "-" + width + ".txt", screen);
            assertThat(screen.lines()).allSatisfy(line -> assertThat(Columns.of(line)).isLessThanOrEqualTo(width));
            assertThat(screen.lines().count()).as("one screen").isLessThanOrEqualTo(45);
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void theJsonIsAsItsSchemaSays(String name) throws Exception {
        StatusScene scene = SCENES.get(name).get();
        String json = new String(StatusJson.render(daemon(name, scene), scene.snapshot()), StandardCharsets.UTF_8);
        StatusSchema.check(json);
        GoldenFile.check(name + ".json", json.replace(",\"", ",\n\"") + "\n");
    }

    /** Red when a name is painted before it is made plain. */
    @ParameterizedTest
    @MethodSource("scenes")
    void coloursAreAllThatIsAddedForATerminal(String name) {
        String colored = render(name, new Layout(100, OptionalInt.empty(), true, false));
        assertThat(colored).contains("\u001b[");
        String without = colored.replaceAll("\u001b\\[[0-9;]*m", "");
        assertThat(without.replaceAll(" +\n", "\n")).isEqualTo(render(name, Layout.plain(100)));
        assertThat(without.chars()).allMatch(c -> c == '\n' || c >= ' ' && c != 0x7F && !(c >= 0x80 && c < 0xA0));
    }

    @Test
    void manySessionsAreOneScreenUnlessAllAreAskedFor() {
        assertThat(render("busy", Layout.plain(120))).contains("and 25 more: mpx status --all").contains("claude-code");
        assertThat(render("busy", new Layout(120, OptionalInt.empty(), false, true)).lines().filter(line -> line.contains("opencode 0.15"))).hasSize(37);
    }

    @Test
    void onANarrowScreenTheEndsOfTheHomeAndTheEndpointAreThere() {
        StatusScene scene = StatusScene.idle();
        Path home = Path.of("/home/ada/my own things/of several words/and a palace for work");
        DaemonView daemon = new DaemonView("0.1.0", 3901, Duration.ofHours(26), home, "", Optional.empty(), List.of("server"), true,
                List.of("unix:" + home + "/broker.sock"), List.of(), List.of(), List.of(), List.of(), Optional.empty(), "mpx restart");
        assertThat(StatusText.render(daemon, scene.snapshot(), Layout.plain(50)).replaceAll("\\s+", " "))
                .contains("home " + home + " ", "unix:" + home + "/broker.sock ");
    }

    @Test
    void aScreenOfAGivenHeightIsFilledAndNotMore() {
        for (int rows : List.of(24, 30, 50)) {
            assertThat(render("busy", new Layout(120, OptionalInt.of(rows), false, false)).lines().count()).isBetween(rows - 4L, (long) rows);
        }
    }

    @Test
    void whatIsDegradedSaysWhatToDoInTheNextLine() {
        for (String name : List.of("stalled", "restarting", "failing")) {
            assertThat(render(name, Layout.plain(120)).lines().limit(2)).first().asString().startsWith("mpx is degraded: ");
            assertThat(render(name, Layout.plain(120)).lines().skip(1).findFirst().orElseThrow()).startsWith("What to do: ");
        }
        for (String name : List.of("idle", "busy", "job", "remote")) {
            assertThat(render(name, Layout.plain(120))).startsWith("mpx is well: ").doesNotContain("What to do");
        }
    }
}
