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
 * @param jobs those that have the palace or wait for it, and the latest that ended
 * @param orphans mines of its palace that run beside mpx
 */
public record DaemonView(
        String version, long pid, Duration upFor, Path home, String homeOption, Optional<Path> palace, List<String> command,
        boolean guarded, List<JobView> jobs, List<OrphanView> orphans) {
    public DaemonView {
        command = List.copyOf(command);
        jobs = List.copyOf(jobs);
        orphans = List.copyOf(orphans);
    }
}
