package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The settings' files as they are, for who looks after them: a daemon stops at the first thing that makes no sense, and passes over what it
 * does not know. What is known is not listed here: it is what a daemon asks for. Stateless; blocks.
 */
public final class SettingsReview {
    /** Read elsewhere: by shims (MachineSettings), by the native program (jobs), or only if another one is set. */
    private static final Set<String> ELSEWHERE =
            Set.of("endpoint", "token", "owner", "ssh", "jobs.orphans", "tcp.bind", "profile");

    private SettingsReview() {}

    /** Those that are there, in the order in which they count. */
    public static List<Path> files(Home home, Environment environment) {
        return candidates(home, environment).stream().filter(Files::isRegularFile).toList();
    }

    private static List<Path> candidates(Home home, Environment environment) {
        return List.of(environment.userHome().resolve(".config/mpx/mpx.toml"), Path.of("/etc/mpx/mpx.toml"), home.settings());
    }

    /** What makes no sense: sentences that say where it stands. One of each file, and one of all together. */
    public static List<String> problems(Home home, Environment environment) {
        Set<String> problems = new LinkedHashSet<>();
        for (Path file : files(home, environment)) {
            try {
                TomlFile.read(file);
            } catch (HomeException unreadable) {
                problems.add(unreadable.getMessage());
            }
        }
        if (problems.isEmpty()) {
            try {
                Settings.load(home, environment);
            } catch (HomeException senseless) {
                problems.add(senseless.getMessage());
            }
        }
        return List.copyOf(problems);
    }

    /** What stands in a file and nobody asks for, each with its place: {@code [daemon] idel in /path, line 3}. */
    public static List<String> unread(Home home, Environment environment) {
        List<String> unread = new ArrayList<>();
        for (Path file : files(home, environment)) {
            try {
                TomlFile.read(file).ifPresent(toml -> unread.addAll(unread(toml)));
            } catch (HomeException unreadable) {
                // a problem, and told as such
            }
        }
        return unread;
    }

    private static List<String> unread(TomlFile toml) {
        Witness witness = new Witness();
        Settings.of(List.of(witness), OwnProfile.NONE);
        List<String> unread = new ArrayList<>();
        toml.tableAt().forEach((section, value) -> {
            if (ELSEWHERE.contains(section)) {
                return;
            }
            if (!TomlFile.isTable(value)) {
                unread.add(toml.setting(value, section).where());
                return;
            }
            toml.tableAt(section).forEach((key, any) -> {
                String name = section + "." + key;
                if (!witness.asked.contains(name) && !ELSEWHERE.contains(name)) {
                    unread.add(toml.setting(any, section, key).where());
                }
            });
        });
        return unread;
    }

    /** Has nothing, and remembers what it was asked for. */
    private static final class Witness implements SettingsSource {
        private final Set<String> asked = new HashSet<>();

        @Override
        public Optional<Setting> find(String section, String key) {
            asked.add(section + "." + key);
            return Optional.empty();
        }

        @Override
        public Optional<List<Setting>> list(String section, String key) {
            asked.add(section + "." + key);
            return Optional.empty();
        }

        @Override
        public Optional<Setting> variable(String name) {
            return Optional.empty();
        }

        @Override
        public Map<String, Setting> table(String section, String key) {
            asked.add(section + "." + key);
            return Map.of();
        }
    }
}
