package dev.mpx.proxy.peers;

import dev.mpx.fixtures.client.McpClient;
import dev.mpx.fixtures.json.Json;
import dev.mpx.proxy.shim.ShimProgram;
import dev.mpx.proxy.storm.SqliteFile;
import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.Run;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A user with a palace where MemPalace has it by default, and with what is mined into it: folders of notes, and the transcripts
 * of agents' sessions. Agents start {@code mempalace-mcp}, which is mpx under that name; {@code mempalace} is the real one.
 */
final class PalaceHouse {
    private final UserHome user;
    private final Path alias;

    PalaceHouse(UserHome user, String version) throws IOException {
        this.user = user;
        user.use(ShimProgram.NATIVE);
        Path bin = Files.createDirectories(user.directory().resolve("bin"));
        alias = Files.createSymbolicLink(bin.resolve("mempalace-mcp"), UserHome.launcher());
        user.searchFirst(Installation.mempalace(version));
        user.searchFirst(bin);
        user.set("MEMPALACE_EMBEDDING_MODEL", "minilm");
        // It marks the directory as in use: newer versions look elsewhere without it.
        Files.createDirectories(home());
        Files.writeString(home().resolve("config.json"), "{}");
        StandInModel.into(user.directory());
    }

    /** Has the user's mines and hooks hand their work to a daemon of MemPalace's own, which stays for ever. */
    void prefersMempalaceDaemon() throws IOException {
        Files.writeString(home().resolve("config.json"), "{\"hooks\": {\"daemon\": true}, \"write_routing\": {\"cli\": \"prefer\"}}");
    }

    /** The home of mpx, and of MemPalace. */
    Path home() {
        return user.directory().resolve(".mempalace");
    }

    McpClient agent() {
        McpClient agent = McpClient.process(List.of(alias.toString())).onlyEnvironment(user.environment())
                .directory(user.directory()).timeout(UserHome.PATIENCE.multipliedBy(2)).open();
        agent.initialize();
        return agent;
    }

    // ---- what is mined

    Path notes(String name) throws IOException {
        return Files.createDirectories(user.directory().resolve(name));
    }

    /** A transcript as an agent writes it; by fifteen more words of its person's the real hook saves it. */
    Path transcript(String session) throws IOException {
        return Files.createDirectories(user.directory().resolve("sessions/" + session)).resolve(session + ".jsonl");
    }

    static String exchange(String word) {
        return Json.object("type", "user", "message", Json.object("role", "user", "content", "What do we know of " + word + "?")).raw() + "\n"
                + Json.object("type", "assistant", "message", Json.object("role", "assistant", "content",
                        "Of " + word + " we know that it was said, and where, and that it is to be found again.")).raw() + "\n";
    }

    // ---- other writers

    /** {@code mpx WORDS}, with that on its input. It has ended when this returns. */
    int mpx(String input, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(UserHome.launcher().toString()));
        command.addAll(List.of(words));
        Process process = start(command, "mpx.out");
        try (var stdin = process.outputWriter()) {
            stdin.write(input);
        } catch (IOException endedBefore) {
            // as one that does not read it may
        }
        return process.waitFor();
    }

    /** A person's own command, beside mpx; what it says goes to a file of that name. */
    Process start(List<String> command, String output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(user.directory().toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(user.directory().resolve(output).toFile()));
        builder.environment().clear();
        builder.environment().putAll(user.environment());
        return builder.start();
    }

    String said(String output) {
        try {
            return Files.readString(user.directory().resolve(output));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Json status() throws IOException, InterruptedException {
        Run status = user.mpx("status", "--json");
        return Json.parse(status.stdout());
    }

    /** How many jobs run or wait. */
    long openJobs() throws IOException, InterruptedException {
        return status().at("jobs").elements().stream().filter(job -> !job.at("state").text().equals("ended")).count();
    }

    // ---- its processes

    /** All of the user's that are of the palace or of mpx. */
    List<OsProcess> processes() {
        return user.processes().filter(OsProcess::isAlive).toList();
    }

    static boolean isServer(OsProcess process) {
        List<String> words = process.commandLine();
        return words.size() > 1 && isPython(words.get(0)) && words.get(1).endsWith("/mempalace-mcp");
    }

    /** A mine by its script, or as the real hook starts it. */
    static boolean isMine(OsProcess process) {
        List<String> words = process.commandLine();
        return words.size() > 3 && isPython(words.get(0)) && words.subList(1, 4).contains("mine");
    }

    private static boolean isPython(String program) {
        return Path.of(program).getFileName().toString().startsWith("python");
    }

    // ---- its files

    /** Every file that is there; the server and the daemon may replace some meanwhile. */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(home(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        return files;
    }

    Map<String, Long> facts() throws IOException, SQLException {
        Path graph = files().stream().filter(file -> file.endsWith("knowledge_graph.sqlite3")).findFirst().orElseThrow();
        return SqliteFile.count(graph, "SELECT s.name, count(*) FROM triples t JOIN entities s ON s.id = t.subject GROUP BY s.name");
    }

    /** The ids of all drawers, those of the diary among them. */
    Set<String> drawers() throws SQLException {
        return SqliteFile.count(drawerFile(), "SELECT embedding_id, count(*) FROM embeddings GROUP BY embedding_id").keySet();
    }

    /** The names of all files of which something was mined. */
    Set<String> mined() throws SQLException {
        Set<String> names = new TreeSet<>();
        SqliteFile.count(drawerFile(), "SELECT string_value, count(*) FROM embedding_metadata WHERE key = 'source_file' GROUP BY string_value")
                .keySet().forEach(file -> names.add(Path.of(file).getFileName().toString()));
        return names;
    }

    /** All text that is kept. */
    Set<String> texts() throws SQLException {
        return SqliteFile.count(drawerFile(), "SELECT string_value, count(*) FROM embedding_metadata WHERE key = 'chroma:document' GROUP BY string_value")
                .keySet();
    }

    private Path drawerFile() {
        return home().resolve("palace/chroma.sqlite3");
    }
}
