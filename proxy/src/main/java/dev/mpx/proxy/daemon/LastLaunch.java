package dev.mpx.proxy.daemon;

import dev.mpx.transports.Launcher;
import dev.mpx.transports.ProcessLink;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Knows the latest child, so that it can be killed at once and for good. Used on the loop's thread. */
final class LastLaunch implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(LastLaunch.class);

    private final Launcher launcher;
    private Optional<ProcessLink> latest = Optional.empty();
    private boolean isOver;

    LastLaunch(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Mono<ProcessLink> launch() {
        return Mono.defer(() -> isOver ? Mono.error(new IOException("this daemon may not start a server any more")) : launcher.launch())
                .doOnNext(this::launched);
    }

    private void launched(ProcessLink process) {
        latest = Optional.of(process);
        if (isOver) {
            kill(process);
        }
    }

    /** Kills what runs, and starts nothing more. */
    void killForGood() {
        isOver = true;
        latest.ifPresent(LastLaunch::kill);
    }

    private static void kill(ProcessLink process) {
        // a guard would give its tree some seconds; it sees to whatever this does not find
        Schedulers.boundedElastic().schedule(() -> ProcessHandle.of(process.pid())
                .ifPresent(root -> root.descendants().forEach(ProcessHandle::destroyForcibly)));
        process.end(Duration.ZERO, Duration.ZERO).subscribe(exit -> {}, error -> LOG.error("killing the server", error));
    }
}
