package dev.mpx.proxy.service;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Succession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** The user's systemd: a unit in {@code ~/.config/systemd/user}. */
final class Systemd implements ServiceHost {
    private final String unit;
    private final Path home;
    private final UnitFile file;
    private final ControlCommand systemctl;

    Systemd(String name, Path home, Environment environment) {
        this.unit = "mpx-" + name + ".service";
        this.home = home;
        Path config = environment.get("XDG_CONFIG_HOME").map(environment::absolute).orElse(environment.userHome().resolve(".config"));
        this.file = new UnitFile(config.resolve("systemd/user").resolve(unit));
        this.systemctl = new ControlCommand(environment, "systemctl", "--user");
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
