package dev.mpx.transports.process;

import dev.mpx.transports.Exit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Finds the program behind a guard, and says why the guard did not start it. */
final class Guarded {
    /** The guard starts it within 2 ms unless it has to end leftovers first; then people see the guard's pid for a while. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final long PAUSE_NANOS = 500_000;

    /** What the guard writes before everything it says itself (native/README.md). */
    private static final String SAYS = "mpx-guard: ";

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

    /**
     * The guard's own statuses in words; any program may end with the same ones, so its last line has to fit as well.
     *
     * @param lastWords the last lines of stderr
     */
    static Exit explain(Exit exit, List<String> lastWords, ProcessSpec spec) {
        Optional<String> said = lastWords.stream()
                .filter(line -> line.startsWith(SAYS))
                .reduce((earlier, later) -> later)
                .map(line -> line.substring(SAYS.length()));
        GuardRefusal refusal = new GuardRefusal(spec.ownLock(), spec.bearings());
        return new Exit(
                exit.status(),
                said.flatMap(words -> refusal.inWords(exit.status(), words)),
                said.flatMap(words -> refusal.borrower(exit.status(), words)));
    }
}
