package dev.mpx.proxy.status;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The daemon itself, as a status shows it.
 *
 * @param guarded whether a native guard answers for the child's process tree
 */
public record DaemonView(
        String version, long pid, Duration upFor, Path home, Optional<Path> palace, List<String> command, boolean guarded) {
    public DaemonView {
        command = List.copyOf(command);
    }
}
