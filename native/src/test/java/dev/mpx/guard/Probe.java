package dev.mpx.guard;

import java.io.IOException;
import java.nio.file.Path;

/** Asks the kernel about the locks on a file, from a process that has nothing to do with guards. */
final class Probe {
    private Probe() {}

    /** As the probe says it: {@code claim=held tree=free}. */
    static String of(Path lock) throws IOException, InterruptedException {
        try (Spawned probe = Spawned.start(NativeProgram.fixture("probe").toString(), lock.toString())) {
            return probe.line().orElse("nothing");
        }
    }
}
