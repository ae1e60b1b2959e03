package dev.mpx.proxy.service;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Succession;
import dev.mpx.proxy.home.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The user's systemd: a unit in {@code ~/.config/systemd/user}. */
final class Systemd implements ServiceHost {
    private static final String PREFIX = "mpx-";
    private static final String SUFFIX = ".service";

    private final String unit;
    private final Path home;
    private final UnitFile file;
    private final ControlCommand systemctl;
    private final ControlCommand journalctl;

    Systemd(String name, Path home, Environment environment) {
        this.unit = PREFIX + name + SUFFIX;
        this.home = home;
        Path config = environment.get("XDG_CONFIG_HOME").map(environment::absolute).orElse(environment.userHome().resolve(".config"));
        this.file = new UnitFile(config.resolve("systemd/user").resolve(unit));
        this.systemctl = new ControlCommand(environment, "systemctl", "--user");
        this.journalctl = new ControlCommand(environment, "journalctl", "--user");
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public Path file() {
        return file.file();
    }

    /**
     * SIGTERM goes to the daemon alone (KillMode=process): that ends its server in order, where a signal would cut the server's write
     * short; and what a dead daemon leaves is its guard's to end. 143 is how a JVM ends on SIGTERM.
     */
    @Override
    public String text(ServiceSpec spec) {
        String variables = spec.environmentOf(unit).entrySet().stream()
                .map(each -> "Environment=" + quoted(each.getKey() + "=" + each.getValue()) + "\n")
                .collect(Collectors.joining());
        String command = spec.command().stream().map(word -> quoted(word.replace("$", "$$"))).collect(Collectors.joining(" "));
        return """
                # %s
                [Unit]
                Description=mpx daemon for %s
                StartLimitIntervalSec=300
                StartLimitBurst=10

                [Service]
                Type=exec
                ExecStart=%s
                %sKillMode=process
                KillSignal=SIGTERM
                TimeoutStopSec=%d
                SuccessExitStatus=143
                Restart=on-failure
                RestartSec=5

                [Install]
                WantedBy=default.target
                """.formatted(spec.marker(), spec.home().toString().replace("%", "%%"), command, variables,
                Succession.HANDOVER.toSeconds() + 10);
    }

    /** As systemd.syntax(7) and the specifiers of systemd.unit(5) have it. */
    private static String quoted(String word) {
        return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + "\"";
    }

    @Override
    public Optional<String> absence() {
        if (systemctl.program().isEmpty()) {
            return Optional.of("there is no systemctl on PATH, so no systemd that could run services of yours");
        }
        ControlCommand.Answer answer = systemctl.ask("show", "--property=Version");
        return answer.isWell() ? Optional.empty()
                : Optional.of("there is no systemd user session (\"systemctl --user\" says: " + answer.text().replace('\n', ' ') + ")");
    }

    @Override
    public Optional<String> collision() {
        Optional<String> taken = file.collision(home);
        if (taken.isPresent()) {
            return taken;
        }
        String elsewhere = systemctl.ask("show", "--property=FragmentPath", "--value", unit).text();
        boolean isElsewhere = elsewhere.startsWith("/") && !elsewhere.equals(file().toString()) && !elsewhere.contains("\n");
        return isElsewhere
                ? Optional.of("there is a unit " + unit + " already (" + elsewhere + "). Choose another name with --name.")
                : Optional.empty();
    }

    @Override
    public List<String> names() {
        return file.names(home, PREFIX, SUFFIX);
    }

    @Override
    public boolean isCurrent(ServiceSpec spec) {
        return file.text().filter(text(spec)::equals).isPresent() && systemctl.ask("is-active", "--quiet", unit).isWell()
                && systemctl.ask("is-enabled", "--quiet", unit).isWell();
    }

    @Override
    public boolean isThere() {
        return file.isFor(home);
    }

    @Override
    public void write(ServiceSpec spec) throws IOException {
        Optional<String> before = file.text();
        file.write(text(spec));
        try {
            systemctl.tell("daemon-reload");
        } catch (IOException e) {
            if (before.isPresent()) {
                file.write(before.get());
            } else {
                file.delete();
            }
            throw e;
        }
    }

    @Override
    public void start() throws IOException {
        systemctl.tell("enable", unit);
        systemctl.tell("restart", unit);
    }

    /** One that ends at its start is started again after some seconds, and again; it won't be another one then. */
    @Override
    public Optional<String> failure() {
        Map<String, String> state = new HashMap<>();
        systemctl.ask("show", "--property=ActiveState,SubState,Result,NRestarts,ExecMainStatus", unit).text().lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> state.put(pair[0], pair[1]));
        String active = state.getOrDefault("ActiveState", "");
        String how = " (" + state.getOrDefault("Result", "unknown") + ", status " + state.getOrDefault("ExecMainStatus", "unknown") + ")";
        boolean isAgain = state.getOrDefault("SubState", "").equals("auto-restart") || !state.getOrDefault("NRestarts", "0").equals("0");
        return active.equals("failed") ? Optional.of("systemd says that it has failed" + how)
                : active.equals("inactive") ? Optional.of("it has ended" + how)
                : isAgain ? Optional.of("it ends at its start" + how + ", and systemd starts it again and again") : Optional.empty();
    }

    @Override
    public String log() {
        return new Unit(unit).journal().orElseThrow();
    }

    @Override
    public List<String> lastLines() {
        ControlCommand.Answer answer = journalctl.ask("-u", unit, "-n", "5", "-o", "cat", "--no-pager");
        return answer.isWell() ? answer.text().lines().toList() : List.of();
    }

    @Override
    public void remove() throws IOException {
        ControlCommand.Answer stopped = systemctl.ask("disable", "--now", unit);
        file.delete();
        Files.deleteIfExists(file().resolveSibling("default.target.wants").resolve(unit));
        if (!stopped.isWell()) {
            throw new IOException("\"systemctl --user disable --now " + unit + "\" failed: " + stopped.text());
        }
        systemctl.tell("daemon-reload");
    }

    @Override
    public String advice() {
        return "It runs while you are logged in; \"loginctl enable-linger\" has it run from boot on. See it by \"systemctl --user status "
                + unit
                + "\", restart it by \"systemctl --user restart " + unit + "\".";
    }
}
