package dev.mpx.transports.process;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Finds the program behind a guard. */
final class Guarded {
    /** The guard starts it within 2 ms unless it has to end leftovers first; then people see the guard's pid for a while. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final long PAUSE_NANOS = 500_000;

    private Guarded() {}

    /** The pid of the guard's child, else the guard's own. Blocks for a moment. */
    static long pid(ProcessHandle guard) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (guard.isAlive() && System.nanoTime() - end < 0) {
            Optional<ProcessHandle> child = guard.children().findFirst();
            if (child.isPresent()) {
                return child.get().pid();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return guard.pid();
    }
}
