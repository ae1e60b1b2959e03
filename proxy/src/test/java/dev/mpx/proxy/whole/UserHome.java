package dev.mpx.proxy.whole;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.client.McpClientBuilder;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.shim.ShimProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A user with an empty home directory, new for each test, and the packaged program. Whatever a test starts has that
 * directory as its HOME, however deep below or far away it runs: by this everything is found and ended after the test,
 * also when it fails. A test that fails shows the daemons' logs.
 *
 * <p>To be registered as a field with {@code @RegisterExtension}.
 */
public final class UserHome implements BeforeEachCallback, AfterEachCallback {
    /** How long a command or an answer may take on a busy machine before a test gives up. */
    public static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Map<String, String> environment = new LinkedHashMap<>();
    private Path directory;

    /** The packaged program. */
    public static Path launcher() {
        return Path.of(System.getProperty("mpx.dist"), "bin", "mpx");
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        // Not below the build folder: the socket's path must stay short, as a real one's does.
        directory = Files.createTempDirectory(Path.of("/tmp"), "mpx-it").toRealPath();
        environment.clear();
        environment.put("HOME", directory.toString());
        environment.put("PATH", Path.of(System.getProperty("java.home"), "bin") + ":/usr/bin:/bin");
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        if (context.getExecutionException().isPresent()) {
            System.err.println(context.getDisplayName() + " failed. " + logs());
        }
        endEverything();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The user's home directory. */
    public Path directory() {
        return directory;
    }

    /** The home that {@link #agent} and {@link #mpx} name by {@code --home}. */
    public Path home() {
        return directory.resolve("h");
    }

    public Path brokerFile() {
        return home().resolve("broker.json");
    }

    /** Sets a variable for everything that is started from now on. */
    public void set(String name, String value) {
        environment.put(name, value);
    }

    /** Has agents run that one of the two shims; skips the test where it was not built. */
    public void use(ShimProgram program) {
        program.assumePresent();
        environment.putAll(program.variables());
    }

    /** Puts a directory before all others on the path. */
    public void searchFirst(Path programs) {
        environment.merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    }

    public Map<String, String> environment() {
        return environment;
    }

    // ---- clients

    /** An agent that starts {@code mpx} with these words, in its stripped environment. */
    public McpClientBuilder started(List<String> words) {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(words);
        return McpClient.process(command).onlyEnvironment(environment).directory(directory).timeout(PATIENCE);
    }

    /** An agent whose configuration names {@link #home} and that server. */
    public McpClientBuilder agent(List<String> server) {
        return started(words(server));
    }

    /** The words behind {@code mpx} for {@link #home} and that server. */
    public List<String> words(List<String> server) {
        List<String> words = new ArrayList<>(List.of("--home", home().toString(), "--"));
        words.addAll(server);
        return words;
    }

    /** Starts the daemon and opens a session, without a shim, on its socket. */
    public McpClient session(List<String> server) throws Exception {
        ensure(server);
        McpClient client = socket().open();
        client.initialize();
        return client;
    }

    /** A client of the daemon's socket. */
    public McpClientBuilder socket() throws IOException {
        return McpClient.socket(socketPath()).timeout(PATIENCE);
    }

    public Path socketPath() throws IOException {
        return Path.of(broker().at("endpoints").elements().get(0).text().substring("unix:".length()));
    }

    /** What stands in {@code broker.json}. */
    public Json broker() throws IOException {
        return Json.parse(Files.readString(brokerFile()));
    }

    // ---- commands

    /** Starts the daemon if need be. */
    public void ensure(List<String> server) throws Exception {
        List<String> command = new ArrayList<>(List.of("ensure"));
        command.addAll(words(server));
        Run run = mpx(command.toArray(String[]::new));
        if (run.status() != 0) {
            throw new AssertionError("ensure: " + run);
        }
    }

    /** Runs {@code mpx} with these words to its end. */
    public Run mpx(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(List.of(words));
        return Run.of(command, environment, directory);
    }

    public Run status(String... options) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("status", "--home", home().toString()));
        words.addAll(List.of(options));
        return mpx(words.toArray(String[]::new));
    }

    public Run stop() throws IOException, InterruptedException {
        return mpx("stop", "--home", home().toString());
    }

    /** The status as JSON, asked for on the socket: quick, and no process is started for it. */
    public Json statusJson() throws IOException {
        try (McpClient desk = socket().open()) {
            return desk.request("mpx/status", "{\"format\":\"json\"}").result("status");
        }
    }

    // ---- who runs

    /** The daemons of all homes of this user. */
    public List<OsProcess> daemons() {
        return processes().filter(OsProcess::isDaemon).toList();
    }

    /** The one daemon. */
    public OsProcess daemon() {
        List<OsProcess> all = daemons();
        if (all.size() != 1) {
            throw new AssertionError("there should be one daemon: " + all);
        }
        return all.get(0);
    }

    /** Every process of this user's. */
    public Stream<OsProcess> processes() {
        return OsProcess.all().filter(process -> process.environment().contains("HOME=" + directory));
    }

    /** The daemons' own logs, for a person who looks for what went wrong. */
    public String logs() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path log : all.filter(file -> file.toString().contains("/logs/")).filter(Files::isRegularFile).sorted().toList()) {
                List<String> lines = Files.readAllLines(log);
                text.append(log).append(":\n").append(String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size())))
                        .append('\n');
            }
        }
        return text.toString();
    }

    /** Lines of the daemons' log that contain a text. */
    public List<String> logged(Path home, String text) throws IOException {
        try (Stream<Path> logs = Files.list(home.resolve("logs"))) {
            List<String> found = new ArrayList<>();
            for (Path log : logs.filter(file -> file.getFileName().toString().matches("mpx\\.log(\\.\\d+)?")).sorted().toList()) {
                Files.readAllLines(log).stream().filter(line -> line.contains(text)).forEach(found::add);
            }
            return found;
        }
    }

    private void endEverything() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        List<OsProcess> left = processes().toList();
        while (!left.isEmpty() && System.nanoTime() < end) {
            left.forEach(OsProcess::kill);
            TimeUnit.MILLISECONDS.sleep(10); // between two looks at the process table
            left = processes().toList();
        }
    }
}
