package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has to be there before a connection by SSH can be made, for when none can: each by itself, so that the one that is missing is named.
 * Asks nobody anything.
 */
final class SshSteps {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Environment environment;
    private final Endpoint.Ssh endpoint;
    private final String path;

    private SshSteps(Environment environment, Endpoint.Ssh endpoint) {
        this.environment = environment;
        this.endpoint = endpoint;
        this.path = environment.get("PATH").orElse("/usr/bin:/bin");
    }

    static SshSteps of(Environment environment, Endpoint.Ssh endpoint) {
        return new SshSteps(environment, endpoint);
    }

    /** Adds what it has found. */
    void look(List<Finding> findings) throws IOException, InterruptedException {
        Optional<Path> ssh = Program.find("ssh", path);
        if (ssh.isEmpty()) {
            findings.add(Finding.note("there is no ssh on PATH",
                    "mpx's own client is used; ssh_config(5) is read as far as that understands it."));
            return;
        }
        Map<String, List<String>> settings = settings(ssh.get());
        if (settings.isEmpty()) {
            findings.add(Finding.fault("ssh can't read its settings for " + endpoint.host(), "No session gets there by them.", "ssh -G "
                    + endpoint.host()));
            return;
        }
        boolean hasKeyFile = settings.getOrDefault("identityfile", List.of()).stream()
                .anyMatch(file -> Files.isReadable(Path.of(expand(file))));
        if (!hasKeyFile && !agentHasKeys()) {
            findings.add(Finding.fault("there is no key: no identity file, and no ssh-agent with one",
                    "The host lets nobody in who shows none.",
                    "ssh-keygen -t ed25519, and put its .pub into ~/.ssh/authorized_keys on " + endpoint.host()));
        }
        hostKey(settings, findings);
    }

    private void hostKey(Map<String, List<String>> settings, List<Finding> findings) throws IOException, InterruptedException {
        String host = settings.getOrDefault("hostkeyalias", settings.getOrDefault("hostname", List.of(endpoint.host()))).get(0);
        String port = settings.getOrDefault("port", List.of("22")).get(0);
        String name = port.equals("22") ? host : "[" + host + "]:" + port;
        Optional<Path> keygen = Program.find("ssh-keygen", path);
        if (keygen.isEmpty() || settings.containsKey("knownhostscommand")) {
            return;
        }
        // ssh(1) takes the home that the system has on record, mpx's own client that of HOME
        List<String> files = new ArrayList<>(List.of("~/.ssh/known_hosts", "~/.ssh/known_hosts2"));
        List.of("userknownhostsfile", "globalknownhostsfile").forEach(key -> settings.getOrDefault(key, List.of())
                .forEach(line -> files.addAll(List.of(line.split(" ")))));
        for (String file : files) {
            Path known = Path.of(expand(file));
            if (Files.isReadable(known) && Program.run(List.of(keygen.get().toString(), "-F", name, "-f", known.toString()), Map.of(),
                    LIMIT).isWell()) {
                return;
            }
        }
        findings.add(Finding.fault("the host key of " + name + " is not known here",
                "mpx learns no host key by itself: whoever answered first would be trusted.",
                "ssh " + (port.equals("22") ? "" : "-p " + port + " ") + endpoint.host()
                        + " true   # compare what it shows with the host's own key, then say yes"));
    }

    private Map<String, List<String>> settings(Path ssh) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(ssh.toString(), "-G"));
        endpoint.user().ifPresent(user -> words.addAll(List.of("-l", user)));
        endpoint.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        words.addAll(List.of("--", endpoint.host()));
        Program run = Program.run(words, Map.of(), LIMIT);
        Map<String, List<String>> settings = new HashMap<>();
        if (run.isWell()) {
            run.stdout().lines().forEach(line -> {
                int space = line.indexOf(' ');
                if (space > 0) {
                    settings.computeIfAbsent(line.substring(0, space), any -> new ArrayList<>()).add(line.substring(space + 1));
                }
            });
        }
        return settings;
    }

    private boolean agentHasKeys() throws IOException, InterruptedException {
        Optional<Path> add = Program.find("ssh-add", path);
        return add.isPresent() && environment.get("SSH_AUTH_SOCK").isPresent()
                && Program.run(List.of(add.get().toString(), "-l"), Map.of(), LIMIT).isWell();
    }

    /** ssh(1) looks in the home that the system has on record, mpx in HOME: either will do. */
    private String expand(String file) {
        return environment.expandTilde(file);
    }
}
