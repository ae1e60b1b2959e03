package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that is told from a later one with the same pid, within one {@link BootId boot}. Blocks for a moment.
 *
 * @param pid its number
 * @param start when it started, as a word to compare and nothing else: on Linux the clock ticks since boot (field 22 of
 *     {@code /proc/PID/stat}, proc_pid_stat(5)), which no change of the wall clock touches; elsewhere the time of day
 */
public record ProcessIdentity(long pid, String start) {
    private static final int STATE = 0;
    private static final int START = 19;

    /** Who has this pid now; empty if nobody, or one who is dead and only waits for its parent to ask. */
    public static Optional<ProcessIdentity> of(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return process.get().info().startInstant().map(start -> new ProcessIdentity(pid, start.toString()));
        }
        Optional<String[]> stat = stat(pid);
        boolean isDead = stat.isEmpty() || stat.get()[STATE].equals("Z") || stat.get()[STATE].equals("X");
        return isDead ? Optional.empty() : Optional.of(new ProcessIdentity(pid, "ticks:" + stat.get()[START]));
    }

    /** Whether this very process still lives. */
    public boolean isLiving() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** A handle to signal it by; empty if it is gone. The handle itself hits nobody who gets the pid later. */
    public Optional<ProcessHandle> handle() {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return isLiving() ? handle : Optional.empty();
    }

    /** The fields behind the name, which stands in parentheses and may hold any character. */
    private static Optional<String[]> stat(long pid) {
        try {
            String text = new String(Files.readAllBytes(Path.of("/proc", Long.toString(pid), "stat")), StandardCharsets.UTF_8);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return fields.length > START ? Optional.of(fields) : Optional.empty();
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
