package dev.mpx.proxy.daemon;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An {@code mpx.toml}. */
final class TomlFile implements SettingsSource {
    private final Path file;
    private final String text;
    private final UnmodifiableConfig toml;

    private TomlFile(Path file, String text, UnmodifiableConfig toml) {
        this.file = file;
        this.text = text;
        this.toml = toml;
    }

    /** Empty if there is no such file; a file that can't be read as TOML is an error, not a silent default. */
    static Optional<TomlFile> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable(file, e.getMessage(), e);
        }
        TomlProgress progress = new TomlProgress(text);
        try {
            return Optional.of(new TomlFile(file, text, new TomlParser().parse(progress)));
        } catch (ParsingException e) {
            throw unreadable(file, progress.where() + ": " + Plain.escaped(e.getMessage()), e);
        }
    }

    private static HomeException unreadable(Path file, String why, Exception cause) {
        return new HomeException("The settings in " + file + " can't be read: " + why + " Correct the file, or move it away.", cause);
    }

    /** What stands under these names, whatever it is. */
    Optional<Object> value(String... path) {
        return Optional.ofNullable(toml.<Object>get(List.of(path)));
    }

    /** Whether a value of {@link #value} or {@link #tableAt} is a table. */
    static boolean isTable(Object value) {
        return value instanceof UnmodifiableConfig;
    }

    /** The same as a table, that of the whole file without a name; anything else is an error. */
    Map<String, Object> tableAt(String... path) {
        Map<String, Object> table = new LinkedHashMap<>();
        Object value = path.length == 0 ? toml : value(path).orElse(null);
        if (value instanceof UnmodifiableConfig entries) {
            entries.entrySet().forEach(entry -> table.put(entry.getKey(), entry.getValue()));
        } else if (value != null) {
            throw setting(value, path).wrong("a table of its own, [" + String.join(".", path) + "]");
        }
        return table;
    }

    /** A value with the place where it stands. */
    Setting setting(Object value, String... path) {
        int last = path.length - 1;
        String tables = last == 0 ? "" : "[" + String.join(".", List.of(path).subList(0, last)) + "] ";
        Optional<Integer> line = TomlLines.of(text, List.of(path)).stream().boxed().findFirst();
        return new Setting(tables + path[last] + " in " + file + line.map(n -> ", line " + n).orElse(""), String.valueOf(value));
    }

    @Override
    public Optional<Setting> find(String section, String key) {
        return value(section, key).map(value -> setting(value, section, key));
    }

    @Override
    public Optional<List<Setting>> list(String section, String key) {
        return value(section, key).map(value -> (value instanceof List<?> elements ? elements : List.of(value))
                .stream().map(element -> setting(element, section, key)).toList());
    }

    @Override
    public Optional<Setting> variable(String name) {
        return Optional.empty();
    }

    @Override
    public Map<String, Setting> table(String section, String key) {
        Map<String, Setting> table = new LinkedHashMap<>();
        tableAt(section, key).forEach((name, value) -> table.put(name, setting(value, section, key, name)));
        return table;
    }
}
