package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.JsonDocument;
import dev.mpx.proxy.agents.text.Node;
import dev.mpx.proxy.agents.text.Unreadable;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What mpx has changed in which file, and the files as they were before, in {@code ~/.local/share/mpx/agents}: one record a file, by
 * which it is changed back. Readable by this user alone, as configurations hold secrets. Blocks.
 */
final class Ledger {
    /**
     * What was done to one file.
     *
     * @param existed whether it was there before
     * @param left the digest of what mpx left in it
     * @param whole the backup that it can be restored from if it still is as mpx left it
     * @param directories made for it, the outermost first
     */
    record Entry(Agent agent, Path file, boolean existed, String left, Optional<String> whole, List<Path> directories,
            List<Change> changes) {}

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Path directory;

    Ledger(Environment environment) {
        this.directory = environment.userHome().resolve(".local/share/mpx/agents");
    }

    /** Keeps a copy. @return its name */
    Path backUp(Path file, byte[] bytes) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String name = file.getFileName().toString().replaceFirst("^\\.", "") + "-" + key(file).substring(0, 8)
                + "-" + LocalDateTime.now().format(STAMP);
        Path backup = directory.resolve(name + ".mpx-backup");
        for (int more = 2; Files.exists(backup); more++) {
            backup = directory.resolve(name + "-" + more + ".mpx-backup");
        }
        WholeFile.write(backup, bytes);
        return backup;
    }

    byte[] backup(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    Path backupFile(String name) {
        return directory.resolve(name);
    }

    Optional<Entry> entry(Path file) throws IOException {
        Path record = record(file);
        return Files.exists(record) ? Optional.of(read(record)) : Optional.empty();
    }

    List<Entry> entries() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path record : files.filter(file -> file.toString().endsWith(".json")).sorted().toList()) {
                entries.add(read(record));
            }
        }
        return entries;
    }

    void write(Entry entry) throws IOException {
        Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", entry.file().toString());
        json.put("agent", entry.agent().id());
        json.put("existed", entry.existed());
        json.put("left", entry.left());
        entry.whole().ifPresent(whole -> json.put("backup", whole));
        json.put("directories", entry.directories().stream().map(Path::toString).toList());
        json.put("changes", entry.changes().stream().map(Ledger::json).toList());
        WholeFile.write(record(entry.file()), (JsonDocument.write(json) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void forget(Path file) throws IOException {
        Files.deleteIfExists(record(file));
    }

    private Path record(Path file) {
        return directory.resolve(key(file) + ".json");
    }

    private static Map<String, Object> json(Change change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("kind", change.kind().name());
        json.put("path", change.path());
        change.former().ifPresent(former -> json.put("former", former));
        json.put("ours", change.ours());
        return json;
    }

    private static Entry read(Path record) throws IOException {
        try {
            Node.Table json = JsonDocument.parse(Files.readString(record)).root();
            List<Change> changes = new ArrayList<>();
            for (Node change : ((Node.Sequence) json.get("changes").orElseThrow()).elements()) {
                changes.add(new Change(Change.Kind.valueOf(text(change, "kind").orElseThrow()), texts(change, "path"),
                        text(change, "former"), text(change, "ours").orElseThrow()));
            }
            return new Entry(
                    Agent.of(text(json, "agent").orElseThrow()).orElseThrow(),
                    Path.of(text(json, "file").orElseThrow()),
                    json.get("existed").orElseThrow() instanceof Node.Other word && word.written().equals("true"),
                    text(json, "left").orElseThrow(),
                    text(json, "backup"),
                    texts(json, "directories").stream().map(Path::of).toList(),
                    changes);
        } catch (Unreadable | RuntimeException e) {
            throw new IOException("mpx's own record " + record + " can't be read (" + e.getMessage()
                    + "); move it away, and see the backups beside it", e);
        }
    }

    private static Optional<String> text(Node node, String name) {
        return node.at(List.of(name)).flatMap(Node::text);
    }

    private static List<String> texts(Node node, String name) {
        return ((Node.Sequence) node.at(List.of(name)).orElseThrow()).elements().stream().map(each -> each.text().orElseThrow()).toList();
    }

    private static String key(Path file) {
        return digest(file.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
