package dev.mpx.transports.ssh;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whose keys and settings count.
 *
 * @param home where {@code .ssh} is
 * @param recordedHome the home that the system has on record for this user: ssh(1) goes by that, whatever HOME says
 * @param name of this user
 * @param variables of the environment
 */
public record SshUser(Path home, Path recordedHome, String name, Map<String, String> variables) {
    public SshUser {
        variables = Map.copyOf(variables);
    }

    Optional<String> variable(String variable) {
        return Optional.ofNullable(variables.get(variable)).filter(value -> !value.isBlank());
    }

    /** A file's name as it stands in ssh_config(5), for a connection to that host as that user. */
    Path file(String text, String host, String remoteUser) {
        String path = text;
        if (path.startsWith("~/")) {
            path = home + path.substring(1);
        } else if (path.startsWith(recordedHome + "/.ssh/")) {
            path = home + path.substring(recordedHome.toString().length());
        }
        path = path.replace("%d", home.toString()).replace("%h", host).replace("%r", remoteUser).replace("%u", name).replace("%%", "%");
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            path = path.replace("${" + variable.getKey() + "}", variable.getValue());
        }
        return home.resolve(path);
    }
}
