package dev.mpx.proxy.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.Alone;
import dev.mpx.proxy.storm.SqliteFile;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Agents, hooks and mines at one palace of the real MemPalace, all through mpx, and an outsider's mine that is not: four agents
 * write and read all the while; five times a second somebody fires {@code mpx run --detach -- mempalace mine} of one of three
 * sources, or the real stop hook of one of two sessions by {@code mpx hook}, each with something new to mine.
 *
 * <p>{@code mempalace mine}, {@code add_drawer} and the hook's diary need an embedding model, which MemPalace downloads. Here a
 * {@link StandInModel} lies where that download would: no network is needed, and nothing of MemPalace is replaced. All three
 * versions mine, and write diaries, with it.
 *
 * <p>What mpx promises of a hook is that the real one begins after the words that it was fired for were written, and finds no
 * mine of its own still running: MemPalace's log tells both. What becomes of a transcript that grows while it is read is
 * MemPalace's own affair. Its mine (3.6.0, 3.11) reads the transcript, and looks only then when the file was changed last: to
 * words that come in between belongs the time that is remembered, and every later mine passes the file over ("already filed")
 * until it grows again. This was seen without mpx: exchanges appended right after that read (inotify tells when it ends) were
 * lost with both versions each time, up to 0.13 s after it on a loaded machine; the next hook counted them, its mine passed the
 * file over, and fifteen exchanges later all were there. So where some words are not there, the log must say that the last mine
 * passed the file over; and one more hook of each session, when nobody else writes, has to bring everything.
 *
 * <p>Properties: {@code mpx.palace.jobs.seconds}, for how long they fire with each version (default 15; the long form is 60);
 * {@code mpx.palace.jobs.versions}, with which (default {@code current,3.6.0,3.3.6}).
 */
@RealPeers
@Timeout(600)
@Alone
class PalaceJobsIT {
    private static final int AGENTS = 4;
    private static final int SOURCES = 3;
    private static final int A_SECOND = 5;
    private static final Duration FIRING = Duration.ofSeconds(Integer.getInteger("mpx.palace.jobs.seconds", 15));
    private static final int EXCHANGES = 15;
    private static final Pattern SAVED = Pattern.compile("Diary checkpoint saved: (\\S+)");
    private static final Pattern COUNTED = Pattern.compile("Session (\\S+): (\\d+) exchanges");

    @RegisterExtension
    final UserHome user = new UserHome();

    private final Map<String, List<Instant>> orders = new TreeMap<>();
    private final List<String> written = new ArrayList<>();
    /** By session. */
    private final Map<String, List<String>> said = new TreeMap<>();
    private final List<Duration> firings = new ArrayList<>();
    /** 3.3.6 leaves a transcript alone that it has mined once. */
    private boolean minesWhatHasGrown;
    private PalaceHouse house;
    private Instant outsiderBegan;
    private volatile Instant outsiderEnded;

    static List<String> versions() {
        return List.of(System.getProperty("mpx.palace.jobs.versions", "current,3.6.0,3.3.6").split(","));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void writersTakeTurnsAndNothingIsLost(String version) throws Exception {
        house = new PalaceHouse(user, version);
        minesWhatHasGrown = !version.equals("3.3.6");
        AtomicBoolean goesOn = new AtomicBoolean(true);
        List<PalaceAgent> agents = new ArrayList<>();
        List<McpClient> clients = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AGENTS);
        try (WritersSeen seen = new WritersSeen(house)) {
            for (int i = 1; i <= AGENTS; i++) {
                clients.add(house.agent());
                agents.add(new PalaceAgent("agent" + i, clients.get(i - 1), goesOn::get));
            }
            agents.forEach(threads::execute);
            fireAll(version);
            untilCalm();
            goesOn.set(false);
            threads.shutdown();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            hooksHaveSeenAllThatWasSaid();
            nothingSaidIsMissingButWhatMempalacePassedOver();
            for (String session : said.keySet()) {
                sayAndFireHook(session, "calm-" + session);
            }
            untilCalm();
            hooksHaveSeenAllThatWasSaid();

            say(version, agents, seen);
            assertThat(seen.violations()).isEmpty();
            assertThat(seen.outsiders()).as("the one that was started by hand").hasSize(1);
            assertThat(seen.mines().values()).as("the real hook's own mine is part of its job").anyMatch(words -> words.contains("convos"));
            agents.forEach(agent -> assertThat(agent.violations).isEmpty());
            nothingIsLeftButTheServer();
            everyOrderWasHeeded();
            everythingIsThere(agents);
        } finally {
            goesOn.set(false);
            threads.shutdownNow();
            clients.forEach(McpClient::close);
        }
    }

    // red when the job's environment is its user's alone
    @ParameterizedTest
    @ValueSource(strings = {"current", "3.6.0"})
    void aMineDoesItsWorkItselfAndLeavesNoDaemonBehind(String version) throws Exception {
        house = new PalaceHouse(user, version);
        house.prefersMempalaceDaemon();
        Path source = house.notes("source");
        write(source, "word");
        assertThat(house.mpx("", "run", "--timeout", "30s", "--", "mempalace", "mine", source.toString()))
                .as(() -> house.said("mpx.out")).isZero();
        assertThat(house.mined()).containsExactly("word.md");
        assertThat(house.processes().stream().map(OsProcess::commandLine))
                .noneMatch(words -> words.contains("mempalace.daemon") || words.contains("daemon"));
    }

    // ---- who writes

    private void fireAll(String version) throws Exception {
        long begin = System.nanoTime();
        int most = (int) FIRING.toSeconds() * A_SECOND;
        CompletableFuture<?> ended = new CompletableFuture<>();
        Process outsider = null;
        for (int i = 0; i < most; i++) {
            long due = begin + i * TimeUnit.SECONDS.toNanos(1) / A_SECOND;
            await().pollInterval(Duration.ofMillis(2)).until(() -> System.nanoTime() >= due);
            if (i == most / 2) {
                write(house.notes("by-hand"), "outsider");
                outsiderBegan = Instant.now();
                String mempalace = Installation.mempalace(version).resolve("mempalace").toString();
                outsider = house.start(List.of(mempalace, "mine", "by-hand"), "outsider.out");
                outsider.onExit().thenRun(() -> {
                    outsiderEnded = Instant.now();
                    ended.complete(null);
                });
            }
            fire(i);
        }
        assertThat(outsider.waitFor(60, TimeUnit.SECONDS)).isTrue();
        ended.get(5, TimeUnit.SECONDS);
        System.out.println("the outsider ended with " + outsider.exitValue());
        for (int i = 0; i < A_SECOND; i++) {
            fire(i); // whatever the outsider has kept from being written is mined now
        }
    }

    private void fire(int number) throws Exception {
        int who = number % A_SECOND;
        String word = "word" + written.size();
        if (who < SOURCES) {
            Path source = house.notes("source" + who);
            write(source, word);
            order("mempalace mine " + source, "", "run", "--detach", "--", "mempalace", "mine", source.toString());
        } else {
            sayAndFireHook("session" + who, word);
        }
        written.add(word);
    }

    private void sayAndFireHook(String session, String word) throws Exception {
        Path transcript = house.transcript(session);
        for (int i = 0; i < EXCHANGES; i++) {
            Files.writeString(transcript, PalaceHouse.exchange(word + "-" + i), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        said.computeIfAbsent(session, none -> new ArrayList<>()).add(word);
        Json input = Json.object("session_id", session, "transcript_path", transcript.toString(), "stop_hook_active", false);
        order("hook of " + session, input.raw(), "hook", "run", "--hook", "stop", "--harness", "claude-code");
    }

    /** Until each order has come to something, and none runs any more. */
    private void untilCalm() {
        await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(300)).until(() -> {
            JobRecord jobs = jobs();
            return jobs.count() + jobs.joined() + jobs.others().size() >= firings.size() && house.openJobs() == 0;
        });
    }

    private static void write(Path source, String word) throws IOException {
        Files.writeString(source.resolve(word + ".md"),
                "# Notes on " + word + "\n\n" + ("It is known of " + word + " that it was written down.\n").repeat(20));
    }

    private void order(String what, String input, String... words) throws Exception {
        orders.computeIfAbsent(what, none -> new ArrayList<>()).add(Instant.now());
        long begin = System.nanoTime();
        assertThat(house.mpx(input, words)).isZero();
        firings.add(Duration.ofNanos(System.nanoTime() - begin));
    }

    // ---- what came of it

    /** What each real hook counts when it begins is in its log; the last of a session has come after all that was said. */
    private void hooksHaveSeenAllThatWasSaid() throws IOException {
        String log = hookLog();
        Map<String, Integer> counted = new TreeMap<>();
        COUNTED.matcher(log).results().forEach(line -> counted.put(line.group(1), Integer.parseInt(line.group(2))));
        said.forEach((session, words) -> assertThat(counted).containsEntry(session, words.size() * EXCHANGES));
        assertThat(log).as("a job ends when its mine has").doesNotContain("target already running");
    }

    private void nothingSaidIsMissingButWhatMempalacePassedOver() throws IOException, SQLException {
        String log = hookLog();
        for (String session : said.keySet()) {
            List<String> missing = missing(session);
            if (!missing.isEmpty()) {
                System.out.println("passed over by MemPalace's own mine: " + missing);
                String last = log.substring(log.lastIndexOf("Session " + session + ":") + 1).split("Session ")[0];
                assertThat(last).as("the last hook of " + session + ", after which is missing " + missing).contains("(already filed): 1");
            }
        }
    }

    /** The last answers of those times that somebody said something, where they are not kept; the diary has the questions alone. */
    private List<String> missing(String session) throws SQLException {
        Set<String> texts = house.texts();
        List<String> words = said.get(session);
        return (minesWhatHasGrown ? words : words.subList(0, 1)).stream()
                .map(word -> "Of " + word + "-" + (EXCHANGES - 1) + " we know")
                .filter(answer -> texts.stream().noneMatch(text -> text.contains(answer)))
                .toList();
    }

    private JobRecord jobs() throws IOException {
        return JobRecord.of(Files.readAllLines(house.home().resolve("logs/jobs.log")));
    }

    private String hookLog() throws IOException {
        return Files.readString(house.home().resolve("hook_state/hook.log"));
    }

    private void nothingIsLeftButTheServer() throws Exception {
        await().atMost(Duration.ofSeconds(20)).until(() -> house.status().at("child", "state").text().equals("ready"));
        List<OsProcess> left = house.processes();
        assertThat(left.stream().filter(PalaceHouse::isServer)).hasSize(1);
        // four shims, the daemon, the server and its guard
        assertThat(left).as(() -> left.stream().map(OsProcess::commandLine).toList().toString()).hasSize(AGENTS + 3);
    }

    private void everyOrderWasHeeded() throws IOException {
        JobRecord jobs = jobs();
        assertThat(jobs.others()).isEmpty();
        assertThat(jobs.count() + jobs.joined()).as("every order ran or joined").isEqualTo(firings.size());
        for (int i = 0; i < SOURCES; i++) {
            String mine = "mempalace mine " + house.notes("source" + i);
            assertThat(JobRecord.discrepancies(mine, jobs.begins().getOrDefault(mine, List.of()), orders.get(mine))).isEmpty();
        }
        assertThat(jobs.statuses()).hasSize(jobs.count());
        assertThat(jobs.failures(outsiderBegan, outsiderEnded)).as("jobs while nobody outside had the palace").isEmpty();
    }

    private void everythingIsThere(List<PalaceAgent> agents) throws IOException, SQLException {
        for (Path file : house.files()) {
            String name = file.getFileName().toString();
            assertThat(name).doesNotContain(".corrupt").doesNotContain(".drift");
            if (name.endsWith(".sqlite3")) {
                assertThat(SqliteFile.integrity(file)).as(name).isEqualTo("ok");
            }
        }
        Map<String, Long> facts = house.facts();
        Set<String> texts = house.texts();
        for (PalaceAgent agent : agents) {
            assertThat(facts.keySet()).containsAll(agent.facts);
            assertThat(texts).containsAll(agent.drawers);
            assertThat(agent.facts).isNotEmpty();
            assertThat(agent.drawers).isNotEmpty();
        }
        for (int i = 0; i < SOURCES; i++) {
            assertThat(house.mined()).containsAll(names(house.notes("source" + i)));
        }
        List<String> saved = SAVED.matcher(hookLog()).results()
                .map(MatchResult::group).map(text -> text.substring(text.lastIndexOf(' ') + 1)).toList();
        assertThat(saved).isNotEmpty();
        assertThat(house.drawers()).containsAll(saved);
        for (String session : said.keySet()) {
            assertThat(missing(session)).as("of what was said in " + session).isEmpty();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    /** For a person who wants to know how it went. */
    private void say(String version, List<PalaceAgent> agents, WritersSeen seen) throws IOException {
        JobRecord jobs = jobs();
        List<Duration> waits = agents.stream().flatMap(agent -> agent.waits.stream()).sorted().toList();
        List<Duration> fired = firings.stream().sorted().toList();
        System.out.printf("MemPalace %s: %d orders (median %s, longest %s), %d jobs %s, %d joined; %d calls, %d told that a job runs, "
                        + "median %s, longest %s; %d servers, %d mines%n",
                version, fired.size(), fired.get(fired.size() / 2), fired.get(fired.size() - 1),
                jobs.count(), jobs.statuses().values(), jobs.joined(), waits.size(),
                agents.stream().mapToInt(agent -> agent.lent.size()).sum(),
                waits.get(waits.size() / 2), waits.get(waits.size() - 1), seen.servers(), seen.mines().size());
    }
}
