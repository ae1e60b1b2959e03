package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which MemPalace a server's command line would start, found without starting it: by what pip wrote beside its modules, else by asking the
 * same Python for that. Stateless; blocks.
 */
final class PalaceRelease {
    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final String PREFIX = "mempalace-";
    private static final String SUFFIX = ".dist-info";
    private static final int LONGEST_SHEBANG = 512;

    private PalaceRelease() {}

    /** @param program of the server, an absolute path */
    static Optional<String> of(Path program) throws IOException, InterruptedException {
        Optional<Path> python = python(program);
        if (python.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> written = written(python.get());
        return written.isPresent() ? written : asked(python.get());
    }

    /** The interpreter that the script names in its first line, or the program if that is one. */
    private static Optional<Path> python(Path program) throws IOException {
        if (program.getFileName().toString().startsWith("python")) {
            return Optional.of(program);
        }
        byte[] top;
        try (var in = Files.newInputStream(program)) {
            top = in.readNBytes(LONGEST_SHEBANG);
        }
        List<String> lines = new String(top, StandardCharsets.UTF_8).lines().limit(3).toList();
        if (lines.isEmpty() || !lines.get(0).startsWith("#!")) {
            return Optional.empty();
        }
        String words = lines.get(0).substring(2).strip();
        if (words.endsWith("/sh") && lines.size() > 1 && lines.get(1).startsWith("'''exec' ")) {
            words = lines.get(1).substring("'''exec' ".length()).replace("\"$0\" \"$@\"", "")
                    .strip(); // pip's, where the path is long or has a space
        }
        String named = words.replace("\"", "").strip();
        Path path = Path.of(named.contains(" ") && !Files.exists(Path.of(named)) ? named.substring(0, named.indexOf(' ')) : named);
        return path.isAbsolute() && path.getFileName().toString().startsWith("python") ? Optional.of(path) : Optional.empty();
    }

    /** What a virtual environment's own directory of modules says. */
    private static Optional<String> written(Path python) throws IOException {
        Path lib = python.resolveSibling("../lib").normalize();
        for (Path version : list(lib, "python*")) {
            for (Path found : list(version.resolve("site-packages"), PREFIX + "*" + SUFFIX)) {
                String name = found.getFileName().toString();
                return Optional.of(name.substring(PREFIX.length(), name.length() - SUFFIX.length()));
            }
        }
        return Optional.empty();
    }

    private static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, glob)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }

    private static Optional<String> asked(Path python) throws IOException, InterruptedException {
        Program run = Program.run(List.of(python.toString(), "-c", "from importlib.metadata import version; print(version('mempalace'))"),
                Map.of(), LIMIT);
        return run.isWell() ? run.stdout().lines().findFirst() : Optional.empty();
    }
}
