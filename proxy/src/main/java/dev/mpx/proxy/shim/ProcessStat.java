package dev.mpx.proxy.shim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the system says of a process. Read from {@code /proc} where there is one (proc_pid_stat(5)): several times
 * cheaper than {@link ProcessHandle}, which starts threads, and it tells zombies from the living.
 */
record ProcessStat(long pid, String name, char state, long parent) {
    private static final Path PROC = Path.of("/proc/self/stat");
    private static final boolean HAS_PROC = Files.exists(PROC);

    static ProcessStat self() {
        Optional<ProcessStat> self = HAS_PROC ? read(PROC) : Optional.empty();
        return self.isPresent() ? self.get() : of(ProcessHandle.current());
    }

    /** Empty if there is no such process. */
    static Optional<ProcessStat> of(long pid) {
        if (HAS_PROC) {
            return read(Path.of("/proc/" + pid + "/stat"));
        }
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        return handle.isPresent() ? Optional.of(of(handle.get())) : Optional.empty();
    }

    /** Whether it runs; one that is dead and not yet waited for does not. */
    static boolean isAlive(long pid) {
        Optional<ProcessStat> stat = of(pid);
        return stat.isPresent() && stat.get().state != 'Z' && stat.get().state != 'X';
    }

    private static Optional<ProcessStat> read(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
            // The name stands in parentheses and may hold some itself.
            int open = text.indexOf('(');
            int close = text.lastIndexOf(')');
            int endOfParent = text.indexOf(' ', close + 4);
            return Optional.of(new ProcessStat(
                    Long.parseLong(text.substring(0, open - 1)),
                    text.substring(open + 1, close),
                    text.charAt(close + 2),
                    Long.parseLong(text.substring(close + 4, endOfParent))));
        } catch (IOException | RuntimeException gone) {
            return Optional.empty();
        }
    }

    private static ProcessStat of(ProcessHandle handle) {
        Optional<ProcessHandle> parent = handle.parent();
        String command = handle.info().command().orElse("");
        return new ProcessStat(handle.pid(), command.substring(command.lastIndexOf('/') + 1), 'R',
                parent.isPresent() ? parent.get().pid() : 0);
    }
}
