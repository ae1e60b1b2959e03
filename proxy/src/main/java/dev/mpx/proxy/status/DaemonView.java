package dev.mpx.proxy.status;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The daemon itself, as a status shows it. */
public record DaemonView(
        String version, long pid, Duration upFor, Path home, Optional<Path> palace, List<String> command) {
    public DaemonView {
        command = List.copyOf(command);
    }
}
