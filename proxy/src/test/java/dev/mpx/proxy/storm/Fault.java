package dev.mpx.proxy.storm;

import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.util.Optional;

/** What may happen to a process. */
enum Fault {
    CHILD_STOP,
    CHILD_KILL,
    CHILD_SEGV,
    /** Stopped while calls are written to it that its pipe can't hold. */
    CHILD_PIPE,
    GUARD_KILL,
    /** For good: it is noticed when the guard is to end its tree. */
    GUARD_STOP,
    DAEMON_KILL,
    DAEMON_TERM,
    /** For some seconds, and then it goes on. */
    DAEMON_STOP,
    SHIM_KILL;

    /** @return whether there was anybody to hit */
    boolean strike(Storm storm) throws IOException, InterruptedException {
        Scene scene = storm.scene();
        return switch (this) {
            case CHILD_STOP -> signal(scene.server(), "STOP");
            case CHILD_KILL -> signal(scene.server(), "KILL");
            case CHILD_SEGV -> signal(scene.server(), "SEGV");
            case CHILD_PIPE -> {
                storm.writeLarge();
                yield signal(scene.server(), "STOP");
            }
            case GUARD_KILL -> signal(scene.guard(), "KILL");
            case GUARD_STOP -> signal(scene.guard(), "STOP");
            case DAEMON_KILL -> signal(scene.daemon(), "KILL");
            case DAEMON_TERM -> signal(scene.daemon(), "TERM");
            case DAEMON_STOP -> storm.stopDaemon();
            case SHIM_KILL -> storm.killShim();
        };
    }

    private static boolean signal(Optional<OsProcess> process, String name) throws IOException, InterruptedException {
        if (process.isPresent()) {
            process.get().signal(name);
        }
        return process.isPresent();
    }
}
