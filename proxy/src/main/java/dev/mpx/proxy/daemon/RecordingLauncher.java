package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.ProcessLink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Writes who each child is into {@code broker.json}, where the next daemon looks for leftovers. */
final class RecordingLauncher implements Launcher {
    private static final Duration UNTIL_KILL = Duration.ofSeconds(3);

    private final Launcher launcher;
    private final Supplier<BrokerFile> broker;
    private final Path file;
    private final Scheduler loop;

    RecordingLauncher(Launcher launcher, Supplier<BrokerFile> broker, Path file, Scheduler loop) {
        this.launcher = launcher;
        this.broker = broker;
        this.file = file;
        this.loop = loop;
    }

    @Override
    public Mono<ProcessLink> launch() {
        return launcher.launch().flatMap(process -> Mono.fromCallable(() -> record(process))
                .subscribeOn(Schedulers.boundedElastic())
                .publishOn(loop)
                .onErrorResume(error -> process.end(Duration.ZERO, UNTIL_KILL).then(Mono.error(error))));
    }

    private ProcessLink record(ProcessLink process) throws IOException {
        broker.get().with(ProcessIdentity.of(process.pid())).write(file);
        return process;
    }
}
