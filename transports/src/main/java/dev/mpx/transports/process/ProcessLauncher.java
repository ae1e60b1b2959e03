package dev.mpx.transports.process;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.ProcessLink;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Starts one command, each time anew.
 *
 * <p>If nobody wants the process any more by the time it runs, it is killed.
 */
public final class ProcessLauncher implements Launcher {
    /** As Java words it: {@code Cannot run program "x" (in directory "y"): error=2, No such file or directory}. */
    private static final Pattern REASON = Pattern.compile("error=\\d+, (.*)$");

    private final ProcessSpec spec;
    private final Scheduler scheduler;
    private final LinkLimits limits;
    private final ByteBudget budget;
    private final Consumer<String> stderr;

    /**
     * @param scheduler that of the links; single-threaded
     * @param stderr gets every line of stderr, on a thread that may block for it; the child waits meanwhile
     */
    public ProcessLauncher(ProcessSpec spec, Scheduler scheduler, LinkLimits limits, ByteBudget budget,
            Consumer<String> stderr) {
        this.spec = spec;
        this.scheduler = scheduler;
        this.limits = limits;
        this.budget = budget;
        this.stderr = stderr;
    }

    @Override
    public Mono<ProcessLink> launch() {
        return Mono.create(sink -> Daemons.start("mpx-launch", () -> launch(sink)));
    }

    private void launch(MonoSink<ProcessLink> sink) {
        Process process;
        try {
            process = start();
        } catch (IOException | RuntimeException e) {
            LaunchFailed failed = new LaunchFailed(reason(e), e);
            scheduler.schedule(() -> sink.error(failed));
            return;
        }
        long pid = spec.guarded() ? Guarded.pid(process.toHandle()) : process.pid();
        AtomicBoolean unwanted = new AtomicBoolean();
        sink.onCancel(() -> {
            if (unwanted.compareAndSet(false, true)) {
                Daemons.start("mpx-unwanted", () -> process.toHandle().destroyForcibly());
            }
        });
        scheduler.schedule(() -> {
            if (unwanted.compareAndSet(false, true)) {
                sink.success(new SpawnedProcess(process, pid, spec, scheduler, limits, budget, stderr));
            }
        });
    }

    private Process start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(spec.command()).directory(spec.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        return builder.start();
    }

    private String reason(Exception e) {
        if (!Files.isDirectory(spec.directory())) {
            return spec.program() + " cannot be started: its directory " + spec.directory() + " does not exist";
        }
        String message = String.valueOf(e.getMessage());
        Matcher matcher = REASON.matcher(message);
        return spec.program() + " cannot be started: " + (matcher.find() ? matcher.group(1) : message);
    }
}
