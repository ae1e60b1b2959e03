package dev.mpx.proxy.status;

import dev.mpx.proxy.jobs.JobView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The daemon itself, as a status shows it.
 *
 * @param homeOption how a command names its home, after a space; empty where that is the usual one
 * @param guarded whether a native guard answers for the child's process tree
 * @param endpoints where it listens, as in {@code broker.json}
 * @param guestEndpoints likewise, for guests
 * @param portsTaken those that its settings name and that it could not have when it started
 * @param jobs those that have the palace or wait for it, and the latest that ended
 * @param orphans mines of its palace that run beside mpx
 * @param tree the server's processes; empty where there are none, or the system does not tell
 * @param restart the command that replaces it: that of the service which keeps it, or mpx's own
 */
public record DaemonView(
        String version, long pid, Duration upFor, Path home, String homeOption, Optional<Path> palace, List<String> command,
        boolean guarded, List<String> endpoints, List<String> guestEndpoints, List<TakenPort> portsTaken, List<JobView> jobs,
        List<OrphanView> orphans, Optional<TreeView> tree, String restart) {
    public DaemonView {
        command = List.copyOf(command);
        endpoints = List.copyOf(endpoints);
        guestEndpoints = List.copyOf(guestEndpoints);
        portsTaken = List.copyOf(portsTaken);
        jobs = List.copyOf(jobs);
        orphans = List.copyOf(orphans);
    }
}
