package dev.mpx.proxy.daemon;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The daemon's settings. For each, the first that names it counts: the environment ({@code MPX_DAEMON_IDLE} for
 * {@code [daemon] idle}), {@code ~/.config/mpx/mpx.toml}, {@code /etc/mpx/mpx.toml}, the home's {@code mpx.toml}.
 *
 * @param idle how long to stay without a session; zero: for ever
 * @param drain how long calls on the child may go on when the daemon leaves
 * @param lineBytes the longest line taken in
 * @param outboxBytes what one client may leave unread
 * @param queuedCalls calls one client may have open
 * @param window calls on the child at once, where set
 * @param capabilities what is declared to the child, as JSON, where set
 * @param childEnvironment added to the child's environment
 */
record Settings(
        Duration idle,
        Duration drain,
        int lineBytes,
        long outboxBytes,
        int queuedCalls,
        Optional<Integer> window,
        Optional<String> capabilities,
        Map<String, String> childEnvironment) {
    static Settings load(DaemonOptions options) {
        Path userHome = options.environment().userHome();
        List<SettingsSource> sources = new ArrayList<>();
        sources.add(SettingsSource.environment(options.environment().variables()));
        for (Path file : List.of(
                userHome.resolve(".config/mpx/mpx.toml"),
                Path.of("/etc/mpx/mpx.toml"),
                options.home().settings())) {
            SettingsSource.file(file).ifPresent(sources::add);
        }
        return of(sources);
    }

    private static Settings of(List<SettingsSource> sources) {
        return new Settings(
                find(sources, "daemon", "idle").map(Setting::duration).orElse(Duration.ofMinutes(15)),
                find(sources, "daemon", "drain").map(Setting::duration).orElse(Duration.ofSeconds(5)),
                find(sources, "limits", "line").map(found -> Math.toIntExact(found.size(1 << 30))).orElse(64 << 20),
                find(sources, "limits", "outbox").map(found -> found.size(1L << 40)).orElse(64L << 20),
                find(sources, "limits", "calls").map(found -> found.count(1, 100_000)).orElse(256),
                find(sources, "child", "window").map(found -> found.count(1, 10_000)),
                find(sources, "child", "capabilities").map(Setting::text),
                childEnvironment(sources));
    }

    private static Optional<Setting> find(List<SettingsSource> sources, String section, String key) {
        return sources.stream().flatMap(source -> source.find(section, key).stream()).findFirst();
    }

    private static Map<String, String> childEnvironment(List<SettingsSource> sources) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = sources.size() - 1; i >= 0; i--) {
            variables.putAll(sources.get(i).childEnvironment());
        }
        return Map.copyOf(variables);
    }
}
