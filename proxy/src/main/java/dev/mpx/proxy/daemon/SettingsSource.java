package dev.mpx.proxy.daemon;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One place where settings stand. */
interface SettingsSource {
    Optional<Setting> find(String section, String key);

    /** The elements of a list; one value counts as a list of one, and in a variable they are separated by commas or spaces. */
    Optional<List<Setting>> list(String section, String key);

    /** A value under a name of somebody else's, such as the server's own variables. */
    Optional<Setting> variable(String name);

    /** The entries of the table {@code [section.key]}. */
    Map<String, Setting> table(String section, String key);

    static SettingsSource environment(Map<String, String> variables) {
        return new SettingsSource() {
            @Override
            public Optional<Setting> find(String section, String key) {
                return variable(("MPX_" + section + "_" + key).toUpperCase(Locale.ROOT));
            }

            @Override
            public Optional<Setting> variable(String name) {
                return Optional.ofNullable(variables.get(name))
                        .filter(text -> !text.isBlank())
                        .map(text -> new Setting(name, text));
            }

            @Override
            public Optional<List<Setting>> list(String section, String key) {
                return find(section, key).map(found -> Arrays.stream(found.text().strip().split("[,\\s]+"))
                        .map(word -> new Setting(found.where(), word))
                        .toList());
            }

            @Override
            public Map<String, Setting> table(String section, String key) {
                return Map.of();
            }
        };
    }

    /** Empty if there is no such file; a file that can't be read as TOML is an error, not a silent default. */
    static Optional<SettingsSource> file(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        UnmodifiableConfig toml;
        try {
            toml = new TomlParser().parse(Files.readString(file, StandardCharsets.UTF_8));
        } catch (IOException | ParsingException e) {
            throw new HomeException("The settings in " + file + " can't be read: " + e.getMessage()
                    + " Correct the file, or move it away.", e);
        }
        return Optional.of(new SettingsSource() {
            @Override
            public Optional<Setting> find(String section, String key) {
                return Optional.ofNullable(toml.<Object>get(List.of(section, key)))
                        .map(value -> new Setting("[" + section + "] " + key + " in " + file, value.toString()));
            }

            @Override
            public Optional<List<Setting>> list(String section, String key) {
                String where = "[" + section + "] " + key + " in " + file;
                Optional<Object> value = Optional.ofNullable(toml.<Object>get(List.of(section, key)));
                return value.map(found -> (found instanceof List<?> elements ? elements : List.of(found)).stream()
                        .map(element -> new Setting(where, String.valueOf(element)))
                        .toList());
            }

            @Override
            public Optional<Setting> variable(String name) {
                return Optional.empty();
            }

            @Override
            public Map<String, Setting> table(String section, String key) {
                Map<String, Setting> table = new LinkedHashMap<>();
                Object value = toml.get(List.of(section, key));
                if (value instanceof UnmodifiableConfig entries) {
                    for (UnmodifiableConfig.Entry entry : entries.entrySet()) {
                        String where = "[" + section + "." + key + "] " + entry.getKey() + " in " + file;
                        table.put(entry.getKey(), new Setting(where, String.valueOf(entry.<Object>getValue())));
                    }
                } else if (value != null) {
                    throw new Setting("[" + section + "] " + key + " in " + file, value.toString())
                            .wrong("a table of its own, [" + section + "." + key + "]");
                }
                return table;
            }
        });
    }
}
