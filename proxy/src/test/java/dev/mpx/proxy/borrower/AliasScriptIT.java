package dev.mpx.proxy.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** mpx in the place of {@code mempalace} without a native program, {@code lib/mempalace.sh}, lets through what that one does. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AliasScriptIT {
    private static final Pattern READER = Pattern.compile("\"([a-z-]+) \"\\*");

    /** What follows {@code mempalace}; commas in between. */
    private static final String COMMAND_LINES = """
            --version, -v, --help, mine --help, mine -h, mine -- --help, -- mine x, -- search x, mine, mine x,
            init, sweep, sync, search x, compress, wake-up, split, hook, hook run, hook run --hook stop,
            hook --help, hook other, instructions, rules, repair, repair-status, daemon, daemon start,
            daemon stop, daemon status, daemon start --foreground, mcp, serve, migrate, migrate-wings, hallways,
            audit, rooms propose, wings split, kg normalize, tunnels prune, status, update check,
            logstream append, task create, artifact put, palace set-embedder, a-word-of-tomorrow, search-all,
            sear, --palace p status, --palace p mine x, --palace=p mine x, --palace search mine x,
            --pal search mine x, --p search mine, --backend mine search x, --b search mine, --python search mine,
            --bold search mine, --palace mine, --palace, --quiet search mine, mine --daemon, search --daemon,
            - search, mine search, search mine,
            """;

    @TempDir
    Path directory;

    private Path user;
    private Path script;

    @BeforeEach
    void prepare() throws IOException {
        user = directory.toRealPath();
        script = ShimProgram.LAUNCHER.toRealPath().resolveSibling("../lib/mempalace.sh").toRealPath();
        Path real = Files.writeString(Files.createDirectories(user.resolve("bin")).resolve("mempalace"), "#!/bin/sh\necho ran\n");
        assertThat(real.toFile().setExecutable(true)).isTrue();
    }

    private boolean letsThrough(List<String> before, Map<String, String> variables, String... words) throws Exception {
        List<String> command = Stream.of(before, List.of("/bin/sh", script.toString()), List.of(words)).flatMap(List::stream).toList();
        Map<String, String> all = new HashMap<>(variables);
        all.put("PATH", user.resolve("bin") + ":/usr/bin:/bin");
        try (Job job = Job.start(user, all, command)) {
            List<String> lines = job.lines();
            int status = job.status();
            assertThat(status).isEqualTo(lines.isEmpty() ? List.of(words).contains("hook") ? 1 : 3 : 0);
            assertThat(job.errors().contains("was not run")).isEqualTo(lines.isEmpty());
            return !lines.isEmpty();
        }
    }

    private JsonValue natively(String... words) throws Exception {
        try (Job job = Job.start(user, Map.of(), Stream.concat(Job.mpx("where", "--jobs").stream(), Stream.of(words)).toList())) {
            return JsonValue.parse(job.line().getBytes(StandardCharsets.UTF_8)).orElseThrow();
        }
    }

    /** Red when a word is added to one of the two. */
    @Test
    void theListOfWhatReadsIsTheSame() throws Exception {
        List<String> readers = natively("readers").get("readers").orElseThrow().elements().stream()
                .map(word -> word.text().orElseThrow()).toList();
        List<String> own = READER.matcher(Files.readString(script)).results().map((MatchResult found) -> found.group(1))
                .filter(word -> !word.equals("hook")).toList();
        assertThat(new TreeSet<>(own)).isEqualTo(new TreeSet<>(readers));
    }

    static Stream<String> commandLines() {
        return Stream.of(COMMAND_LINES.split(",\\s*", -1));
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void bothLetTheSameThrough(String words) throws Exception {
        String[] all = words.isEmpty() ? new String[0] : words.split(" ");
        JsonValue said = natively(Stream.concat(Stream.of("alias"), Stream.of(all)).toArray(String[]::new));
        String use = said.get("use").orElseThrow().text().orElseThrow();
        assertThat(letsThrough(List.of(), Map.of(), all)).as(use).isEqualTo(use.equals("reads"));
    }

    @Test
    void whatIsPartOfAJobIsLetThroughAndNothingElseThatIsToldSo() throws Exception {
        Map<String, String> lent = Map.of("MPX_LENT", user.resolve("h").toString());
        List<String> guard = Job.mpx("guard", "--job", "7", "--stay", "--lock", user.resolve("child.lock").toString(), "--");
        assertThat(letsThrough(guard, lent, "mine", "x")).isTrue();
        assertThat(letsThrough(List.of(), lent, "mine", "x")).isFalse();
        assertThat(letsThrough(guard, Map.of(), "mine", "x")).isFalse();
    }
}
