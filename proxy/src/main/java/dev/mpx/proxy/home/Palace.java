package dev.mpx.proxy.home;

import dev.mpx.framing.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A palace, known by its real path: however it is named (symbolic links, {@code ..}, a relative path, a slash at the
 * end), one palace is one value. Two servers on one palace corrupt it, so this is what "the same server" hangs on.
 *
 * <p>The rules are those of MemPalace 3.3 to 3.9 (its {@code config.py} and the argument parser of its server):
 * {@code --palace}, then MEMPALACE_PALACE_PATH, MEMPALACE_PALACE or MEMPAL_PALACE_PATH, then {@code palace_path} in its
 * {@code config.json}, then {@code palace} beside that file.
 *
 * @param path the real path of the palace's directory, which may not exist yet
 */
public record Palace(Path path) {
    /** The variables that name a palace, by precedence. */
    static final List<String> VARIABLES = List.of("MEMPALACE_PALACE_PATH", "MEMPALACE_PALACE", "MEMPAL_PALACE_PATH");

    private static final String OPTION = "--palace";

    /** The palace that a server with these arguments (its name not among them) would open in this environment. */
    public static Palace of(List<String> arguments, Environment environment) {
        String named = option(arguments);
        if (!named.isEmpty()) {
            // The server makes both of these absolute without looking at the file system: ".." goes first, then links.
            return fold(environment.absolute(named).normalize(), environment);
        }
        for (String variable : VARIABLES) {
            Optional<String> value = environment.get(variable);
            if (value.isPresent()) {
                return fold(environment.absolute(environment.expandTilde(value.get())).normalize(), environment);
            }
        }
        Path directory = configDirectory(environment);
        Optional<String> configured = configured(directory.resolve("config.json"));
        if (configured.isPresent()) {
            return fold(environment.absolute(environment.expandTilde(configured.get())), environment);
        }
        return fold(directory.resolve("palace"), environment);
    }

    /** The palace at a path that a daemon or shim has already worked out. */
    public static Palace at(Path path) {
        return new Palace(RealPath.of(path));
    }

    /**
     * The directories with data that only one server may write: the palace, and that of the knowledge graph, which moves
     * along with {@code --palace} and else stays in {@code ~/.mempalace} (FACTS.md).
     */
    List<Path> dataDirectories(List<String> arguments, Environment environment) {
        List<Path> directories = new java.util.ArrayList<>(List.of(path));
        if (option(arguments).isEmpty()) {
            directories.add(RealPath.of(legacyDirectory(environment)));
        }
        return directories;
    }

    /** The user's default one, whose home is {@code ~/.mempalace}. */
    static Palace standard(Environment environment) {
        return new Palace(RealPath.of(legacyDirectory(environment).resolve("palace")));
    }

    /** The value of the last {@code --palace}, which is the one that counts; empty if there is none. */
    private static String option(List<String> arguments) {
        String value = "";
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals(OPTION) && i + 1 < arguments.size()) {
                value = arguments.get(++i);
            } else if (argument.startsWith(OPTION + "=")) {
                value = argument.substring(OPTION.length() + 1);
            }
        }
        return value;
    }

    /** The arguments without {@code --palace} and its value. */
    static List<String> withoutOption(List<String> arguments) {
        List<String> rest = new java.util.ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals(OPTION) && i + 1 < arguments.size()) {
                i++;
            } else if (!argument.startsWith(OPTION + "=")) {
                rest.add(argument);
            }
        }
        return rest;
    }

    /**
     * The arguments with a relative {@code --palace} made absolute: the server runs in mpx's home, not in the
     * agent's directory.
     */
    static List<String> withAbsoluteOption(List<String> arguments, Environment environment) {
        List<String> absolute = new java.util.ArrayList<>(arguments);
        for (int i = 0; i < absolute.size(); i++) {
            String argument = absolute.get(i);
            if (argument.equals(OPTION) && i + 1 < absolute.size()) {
                i++;
                absolute.set(i, absolute(absolute.get(i), environment));
            } else if (argument.startsWith(OPTION + "=")) {
                absolute.set(i, OPTION + "=" + absolute(argument.substring(OPTION.length() + 1), environment));
            }
        }
        return absolute;
    }

    private static String absolute(String value, Environment environment) {
        return value.isEmpty() || value.startsWith("/") ? value : environment.absolute(value).normalize().toString();
    }

    /**
     * Where nothing marks {@code ~/.mempalace} as in use, servers before 3.8 open {@code ~/.mempalace/palace} and later ones
     * {@code ~/.config/mempalace/palace}. mpx can't tell which one it has, and either becomes "the default" the moment it
     * is made, so until then both names count as one palace: better one server too few than two writers.
     */
    private static Palace fold(Path path, Environment environment) {
        Path real = RealPath.of(path);
        if (environment.get("MEMPALACE_CONFIG_DIR").isEmpty()
                && !isInUse(legacyDirectory(environment))
                && real.equals(RealPath.of(xdgDirectory(environment).resolve("palace")))) {
            return standard(environment);
        }
        return new Palace(real);
    }

    private static Path configDirectory(Environment environment) {
        Optional<String> named = environment.get("MEMPALACE_CONFIG_DIR");
        if (named.isPresent()) {
            return environment.absolute(environment.expandTilde(named.get()));
        }
        Path legacy = legacyDirectory(environment);
        return isInUse(legacy) ? legacy : xdgDirectory(environment);
    }

    private static Path legacyDirectory(Environment environment) {
        return environment.userHome().resolve(".mempalace");
    }

    private static Path xdgDirectory(Environment environment) {
        String xdg = environment.expandTilde(environment.get("XDG_CONFIG_HOME").orElse(""));
        Path base = xdg.startsWith("/") ? Path.of(xdg) : environment.userHome().resolve(".config");
        return base.resolve("mempalace");
    }

    private static boolean isInUse(Path legacy) {
        return Files.isRegularFile(legacy.resolve("config.json"))
                || Files.isRegularFile(legacy.resolve("people_map.json"))
                || Files.isRegularFile(legacy.resolve("palace/chroma.sqlite3"));
    }

    private static Optional<String> configured(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Optional<JsonValue> json = JsonValue.parse(Files.readAllBytes(file));
            Optional<JsonValue> value = json.isPresent() ? json.get().get("palace_path") : Optional.empty();
            Optional<String> text = value.isPresent() ? value.get().text() : Optional.empty();
            return text.isPresent() && !text.get().isEmpty() ? text : Optional.empty();
        } catch (IOException unreadable) {
            // The server goes on with its defaults then, too.
            return Optional.empty();
        }
    }
}
