package dev.mpx.transports.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What counts for a connection to one host.
 *
 * @param target as it was named
 * @param hostName what to connect to
 * @param port where
 * @param user whom to log in as
 * @param identityFiles private keys to try, in this order; they need not exist
 * @param identitiesOnly whether an agent's other keys are not to be tried
 * @param agent the agent's socket, if there is to be one
 * @param knownHosts files with known hosts; they need not exist
 * @param alias the name to look for in those, where it is not the host's
 * @param jumps hosts to go through, the nearest first
 */
record HostSettings(
        SshTarget target,
        String hostName,
        int port,
        String user,
        List<Path> identityFiles,
        boolean identitiesOnly,
        Optional<Path> agent,
        List<Path> knownHosts,
        Optional<String> alias,
        List<SshTarget> jumps) {
    static final int USUAL_PORT = 22;

    /** The name under which known_hosts has it. */
    String knownName() {
        return alias.orElse(port == USUAL_PORT ? hostName : "[" + hostName + "]:" + port);
    }

    /** The file that a new host is written to; empty where there is to be none. */
    Optional<Path> ownKnownHosts() {
        return knownHosts.stream().findFirst();
    }

    HostSettings withoutJumps() {
        return new HostSettings(target, hostName, port, user, identityFiles, identitiesOnly, agent, knownHosts, alias, List.of());
    }
}
