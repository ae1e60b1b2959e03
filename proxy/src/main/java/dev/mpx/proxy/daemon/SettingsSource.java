package dev.mpx.proxy.daemon;

import java.util.Arrays;
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
}
