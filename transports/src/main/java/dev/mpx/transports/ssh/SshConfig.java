package dev.mpx.transports.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What ssh_config(5) says of a host, as ssh(1) itself understands it ({@code ssh -G}): it alone knows Include, Match and its own
 * defaults. Where there is no ssh, the defaults count. Blocks for as long as ssh takes, some milliseconds.
 */
final class SshConfig {
    private static final long SECONDS = 5;
    private static final Path SYSTEMS = Path.of("/etc/ssh/ssh_config");
    private static final List<String> USUAL_KEYS = List.of("~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa");

    private final SshUser user;
    private final String program;

    SshConfig(SshUser user) {
        this(user, "ssh");
    }

    /** @param program instead of the ssh on PATH */
    SshConfig(SshUser user, String program) {
        this.user = user;
        this.program = program;
    }

    /** @throws SshFailure if ssh finds fault with its settings, or they ask for what can't be done here */
    HostSettings of(SshTarget target) throws SshFailure {
        Map<String, List<String>> settings = ask(target);
        String hostName = first(settings, "hostname").orElse(target.host());
        String name = first(settings, "user").or(target::user).orElse(user.name());
        Optional<String> command = first(settings, "proxycommand");
        if (command.isPresent()) {
            throw new SshFailure(SshFailure.Kind.CONFIGURATION, "ssh_config says ProxyCommand for " + target + " (" + command.get()
                    + "), which mpx can't do. Use ProxyJump there, or forward a socket with OpenSSH: mpx forward.");
        }
        return new HostSettings(
                target,
                hostName,
                first(settings, "port").map(Integer::parseInt).orElse(target.port().orElse(HostSettings.USUAL_PORT)),
                name,
                files(settings.getOrDefault("identityfile", USUAL_KEYS), hostName, name),
                first(settings, "identitiesonly").filter("yes"::equals).isPresent(),
                agent(first(settings, "identityagent").orElse("SSH_AUTH_SOCK"), hostName, name),
                knownHosts(settings, hostName, name),
                first(settings, "hostkeyalias"),
                jumps(first(settings, "proxyjump")));
    }

    private List<Path> files(List<String> names, String hostName, String remoteUser) {
        return names.stream().map(file -> user.file(file, hostName, remoteUser)).toList();
    }

    private Optional<Path> agent(String setting, String hostName, String remoteUser) {
        if (setting.equals("none")) {
            return Optional.empty();
        }
        if (setting.equals("SSH_AUTH_SOCK") || setting.equals("$SSH_AUTH_SOCK")) {
            return user.variable("SSH_AUTH_SOCK").map(Path::of);
        }
        return setting.startsWith("$") && !setting.startsWith("${")
                ? user.variable(setting.substring(1)).map(Path::of)
                : Optional.of(user.file(setting, hostName, remoteUser));
    }

    private List<Path> knownHosts(Map<String, List<String>> settings, String hostName, String remoteUser) {
        List<String> names = new ArrayList<>();
        names.addAll(fileNames(settings, "userknownhostsfile", "~/.ssh/known_hosts"));
        names.addAll(fileNames(settings, "globalknownhostsfile", "/etc/ssh/ssh_known_hosts"));
        return files(names, hostName, remoteUser);
    }

    /** "none" is none, and not the usual one. */
    private static List<String> fileNames(Map<String, List<String>> settings, String name, String usual) {
        String named = settings.getOrDefault(name, List.of(usual)).get(0);
        return named.equalsIgnoreCase("none") ? List.of() : List.of(named.split(" "));
    }

    private static List<SshTarget> jumps(Optional<String> setting) throws SshFailure {
        List<SshTarget> jumps = new ArrayList<>();
        if (setting.isPresent()) {
            try {
                for (String jump : setting.get().split(",")) {
                    jumps.add(SshTarget.parse(jump.strip()));
                }
            } catch (IllegalArgumentException unreadable) {
                throw new SshFailure(SshFailure.Kind.CONFIGURATION, "ssh_config's ProxyJump \"" + setting.get() + "\" makes no sense.");
            }
        }
        return jumps;
    }

    private static Optional<String> first(Map<String, List<String>> settings, String name) {
        return settings.getOrDefault(name, List.of()).stream().findFirst().filter(value -> !value.equalsIgnoreCase("none"));
    }

    /** What {@code ssh -G} prints, by lower-case names; empty where there is no ssh. */
    private Map<String, List<String>> ask(SshTarget target) throws SshFailure {
        List<String> command = new ArrayList<>(List.of(program, "-G"));
        if (!user.home().equals(user.recordedHome())) {
            Path own = user.home().resolve(".ssh/config");
            command.addAll(List.of("-F", Files.isReadable(own) ? own.toString() : Files.isReadable(SYSTEMS) ? SYSTEMS.toString() : "none"));
        }
        target.user().ifPresent(name -> command.addAll(List.of("-l", name)));
        target.port().ifPresent(port -> command.addAll(List.of("-p", Integer.toString(port))));
        command.add(target.host());
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectErrorStream(true);
        Process ssh;
        try {
            ssh = builder.start();
        } catch (IOException thereIsNone) {
            return Map.of();
        }
        try {
            ssh.onExit().orTimeout(SECONDS, TimeUnit.SECONDS).exceptionally(late -> ssh.destroyForcibly());
            String said = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ssh.waitFor() != 0) {
                throw new SshFailure(SshFailure.Kind.CONFIGURATION, "ssh can't tell how to reach " + target + " (ssh -G "
                        + target.host() + "): " + said.strip().replace("\r", ""));
            }
            return settings(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SshFailure(SshFailure.Kind.CONFIGURATION, "interrupted");
        } catch (SshFailure e) {
            throw e;
        } catch (IOException e) {
            throw new SshFailure(SshFailure.Kind.CONFIGURATION, "ssh -G " + target.host() + " can't be read: " + e.getMessage(), e);
        } finally {
            ssh.destroyForcibly();
        }
    }

    static Map<String, List<String>> settings(String said) {
        Map<String, List<String>> settings = new HashMap<>();
        said.lines().forEach(line -> {
            int space = line.indexOf(' ');
            if (space > 0) {
                settings.computeIfAbsent(line.substring(0, space).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(line.substring(space + 1).strip());
            }
        });
        return settings;
    }
}
