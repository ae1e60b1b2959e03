package dev.mpx.proxy.status;

import dev.mpx.proxy.jobs.JobView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The daemon itself, as a status shows it.
 *
 * @param guarded whether a native guard answers for the child's process tree
 * @param jobs those that have the palace or wait for it, and the latest that ended
 */
public record DaemonView(
        String version, long pid, Duration upFor, Path home, Optional<Path> palace, List<String> command, boolean guarded,
        List<JobView> jobs) {
    public DaemonView {
        command = List.copyOf(command);
        jobs = List.copyOf(jobs);
    }
}
