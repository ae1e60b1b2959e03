package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.mux.Recycle;
import dev.mpx.proxy.mux.Timeouts;
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
 * @param timeouts how long calls may take
 * @param recycle when an idle child is replaced
 * @param tcp where to listen for guests by TCP, where set
 * @param guests where guests from other machines reach this daemon, as {@link Endpoint}s in writing
 * @param rewriteSchemas whether tool schemas are made flat, where set
 * @param sockets whether the server's standard input and output may be sockets rather than pipes
 * @param log how much is logged
 * @param metricsPort where metrics are served on the loopback interface, where set
 * @param profile what is said of the server
 */
record Settings(
        Duration idle,
        Duration drain,
        int lineBytes,
        long outboxBytes,
        int queuedCalls,
        Optional<Integer> window,
        Optional<String> capabilities,
        Map<String, String> childEnvironment,
        Timeouts timeouts,
        Recycle recycle,
        Optional<TcpPort> tcp,
        List<String> guests,
        Optional<Boolean> rewriteSchemas,
        boolean sockets,
        LogDetail log,
        Optional<Integer> metricsPort,
        OwnProfile profile) {
    static Settings load(DaemonOptions options) {
        return load(options.home(), options.environment());
    }

    static Settings load(Home home, Environment environment) {
        List<SettingsSource> sources = new ArrayList<>();
        sources.add(SettingsSource.environment(environment.variables()));
        for (Path file : List.of(environment.userHome().resolve(".config/mpx/mpx.toml"), Path.of("/etc/mpx/mpx.toml"))) {
            TomlFile.read(file).ifPresent(machines -> {
                OwnProfile.refuseIn(machines);
                sources.add(machines);
            });
        }
        Optional<TomlFile> own = TomlFile.read(home.settings());
        own.ifPresent(sources::add);
        return of(sources, own.map(OwnProfile::of).orElse(OwnProfile.NONE));
    }

    static Settings of(List<SettingsSource> sources, OwnProfile profile) {
        return new Settings(
                find(sources, "daemon", "idle").map(Setting::duration).orElse(Duration.ofMinutes(15)),
                find(sources, "daemon", "drain").map(Setting::duration).orElse(Duration.ofSeconds(5)),
                find(sources, "limits", "line").map(found -> Math.toIntExact(found.size(1 << 30))).orElse(64 << 20),
                find(sources, "limits", "outbox").map(found -> found.size(1L << 40)).orElse(64L << 20),
                find(sources, "limits", "calls").map(found -> found.count(1, 100_000)).orElse(256),
                find(sources, "child", "window").map(found -> found.count(1, 10_000)),
                find(sources, "child", "capabilities").map(Setting::object),
                texts(sources, "child", "env"),
                timeouts(sources),
                new Recycle(
                        find(sources, "child", "recycle_age").map(Setting::duration).orElse(Duration.ZERO),
                        find(sources, "child", "recycle_calls").map(found -> found.count(0, Integer.MAX_VALUE)).orElse(0),
                        find(sources, "child", "recycle_memory").map(found -> found.sizeOrZero(1L << 40)).orElse(0L)),
                find(sources, "tcp", "port").map(port -> new TcpPort(
                        find(sources, "tcp", "bind").orElse(new Setting("[tcp] bind", TcpPort.LOOPBACK)), port.count(0, 65_535))),
                guests(sources),
                find(sources, "child", "rewrite_schemas").map(Setting::flag),
                find(sources, "child", "sockets").map(Setting::flag).orElse(true),
                find(sources, "log", "level").map(LogDetail::of).orElse(LogDetail.INFO),
                find(sources, "metrics", "port").map(port -> port.count(1, 65_535)),
                profile);
    }

    private static List<String> guests(List<SettingsSource> sources) {
        return sources.stream()
                .flatMap(source -> source.list("guest", "endpoints").stream())
                .findFirst()
                .orElse(List.of())
                .stream()
                .map(Settings::guest)
                .toList();
    }

    private static String guest(Setting written) {
        String expected = "an endpoint that other machines can reach: ssh://[USER@]HOST[:PORT][?home=/path] or tcp://HOST:PORT";
        try {
            Endpoint endpoint = Endpoint.parse(written.text().strip());
            if (endpoint instanceof Endpoint.Unix) {
                throw written.wrong(expected);
            }
            return endpoint.toString();
        } catch (HomeException unreadable) {
            throw written.wrong(expected);
        }
    }

    /** The first of the two names is the palace's own, in milliseconds; it keeps its meaning. */
    private static Timeouts timeouts(List<SettingsSource> sources) {
        return new Timeouts(
                timeout(sources, "MEMPALACE_MCP_TIMEOUT_MS", "request", Timeouts.DEFAULT.request()),
                timeout(sources, "", "max", Timeouts.DEFAULT.max()),
                timeout(sources, "", "total", Timeouts.DEFAULT.total()),
                timeout(sources, "MEMPALACE_MCP_INIT_TIMEOUT_MS", "initialize", Timeouts.DEFAULT.initialize()),
                timeout(sources, "", "grace", Timeouts.DEFAULT.grace()),
                durations(sources, "methods"),
                durations(sources, "tools"));
    }

    private static Duration timeout(List<SettingsSource> sources, String palaces, String key, Duration otherwise) {
        Optional<Setting> found = sources.stream()
                .flatMap(source -> source.find("timeouts", key).or(() -> source.variable(palaces).map(Setting::asMillis)).stream())
                .findFirst();
        return found.map(Setting::duration).orElse(otherwise);
    }

    private static Map<String, Duration> durations(List<SettingsSource> sources, String key) {
        Map<String, Duration> durations = new LinkedHashMap<>();
        table(sources, "timeouts", key).forEach((name, setting) -> durations.put(name, setting.duration()));
        return durations;
    }

    private static Optional<Setting> find(List<SettingsSource> sources, String section, String key) {
        return sources.stream().flatMap(source -> source.find(section, key).stream()).findFirst();
    }

    private static Map<String, String> texts(List<SettingsSource> sources, String section, String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        table(sources, section, key).forEach((name, setting) -> texts.put(name, setting.text()));
        return texts;
    }

    /** All of them together; for an entry that several have, the first counts. */
    private static Map<String, Setting> table(List<SettingsSource> sources, String section, String key) {
        Map<String, Setting> all = new LinkedHashMap<>();
        for (int i = sources.size() - 1; i >= 0; i--) {
            all.putAll(sources.get(i).table(section, key));
        }
        return all;
    }
}
