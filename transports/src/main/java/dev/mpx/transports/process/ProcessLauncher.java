package dev.mpx.transports.process;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.loop.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Starts one command, each time anew.
 *
 * <p>Under a guard, and where there is an event loop, its standard input and output are sockets on that loop, unless it minds
 * ({@link StdioChoice}), else pipes.
 *
 * <p>If nobody wants the process any more by the time it runs, it is killed.
 */
public final class ProcessLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);
    /** As Java words it: {@code Cannot run program "x" (in directory "y"): error=2, No such file or directory}. */
    private static final Pattern REASON = Pattern.compile("error=\\d+, (.*)$");

    private final ProcessSpec spec;
    private final Scheduler scheduler;
    private final Optional<EventLoop> loop;
    private final LinkLimits limits;
    private final ByteBudget budget;
    private final Consumer<String> stderr;
    private final StdioChoice choice;

    /**
     * With pipes.
     *
     * @param scheduler that of the links; single-threaded
     * @param stderr gets every line of stderr, on a thread that may block for it; the child waits meanwhile
     */
    public ProcessLauncher(ProcessSpec spec, Scheduler scheduler, LinkLimits limits, ByteBudget budget,
            Consumer<String> stderr) {
        this(spec, scheduler, Optional.empty(), limits, budget, stderr);
    }

    /** With sockets where that can be; the links belong to the loop. */
    public ProcessLauncher(ProcessSpec spec, EventLoop loop, LinkLimits limits, ByteBudget budget, Consumer<String> stderr) {
        this(spec, loop.scheduler(), Optional.of(loop), limits, budget, stderr);
    }

    private ProcessLauncher(ProcessSpec spec, Scheduler scheduler, Optional<EventLoop> loop, LinkLimits limits, ByteBudget budget,
            Consumer<String> stderr) {
        this.spec = spec;
        this.scheduler = scheduler;
        this.loop = loop;
        this.limits = limits;
        this.budget = budget;
        this.stderr = stderr;
        this.choice = new StdioChoice(loop.isPresent() && spec.guarded());
    }

    @Override
    public Mono<ProcessLink> launch() {
        return Mono.create(sink -> Daemons.start("mpx-launch", () -> launch(sink)));
    }

    /** Whether the next one is to have sockets. */
    boolean givesSockets() {
        return choice.isSockets();
    }

    private void launch(MonoSink<ProcessLink> sink) {
        Optional<Rendezvous> rendezvous = givesSockets() ? Rendezvous.open() : Optional.empty();
        Process process;
        try {
            process = start(rendezvous.map(Rendezvous::name).map(spec::withStreams).orElse(spec));
        } catch (IOException | RuntimeException e) {
            rendezvous.ifPresent(Rendezvous::close);
            fail(sink, new LaunchFailed(reason(e), e));
            return;
        }
        AtomicBoolean unwanted = new AtomicBoolean();
        sink.onCancel(() -> {
            if (unwanted.compareAndSet(false, true)) {
                kill(process);
            }
        });
        Optional<Rendezvous.Met> met;
        try (Rendezvous there = rendezvous.orElse(null)) {
            met = there == null ? Optional.empty() : there.meet(process, unwanted::get);
        } catch (IOException e) {
            kill(process);
            fail(sink, new LaunchFailed(spec.program() + " cannot be given its standard input and output: " + e.getMessage(), e));
            return;
        }
        long pid = spec.guarded() ? Guarded.pid(process.toHandle()) : process.pid();
        Runnable handing = () -> {
            if (unwanted.compareAndSet(false, true)) {
                handOver(sink, process, pid, rendezvous.isPresent(), met);
            } else {
                met.ifPresent(Rendezvous.Met::close);
            }
        };
        try {
            scheduler.schedule(handing);
        } catch (RejectedExecutionException e) {
            LOG.debug("the scheduler is gone", e);
            met.ifPresent(Rendezvous.Met::close);
            kill(process);
        }
    }

    /** @param offered whether the guard was told where to connect */
    private void handOver(
            MonoSink<ProcessLink> sink, Process process, long pid, boolean offered, Optional<Rendezvous.Met> met) {
        Stdio stdio;
        try {
            stdio = met.isPresent()
                    ? Sockets.over(loop.orElseThrow(), met.get().stdin(), met.get().stdout())
                    : new Pipes(process, scheduler);
        } catch (IOException | RuntimeException e) {
            kill(process);
            sink.error(new LaunchFailed(spec.program() + " cannot be spoken with: " + e.getMessage(), e));
            return;
        }
        SpawnedProcess.Verdict verdict = (exit, spoke, byItself) ->
                offered ? choice.judge(exit, met.isPresent(), spoke, byItself) : exit;
        sink.success(new SpawnedProcess(process, pid, stdio, spec, verdict, scheduler, limits, budget, stderr));
    }

    private void fail(MonoSink<ProcessLink> sink, LaunchFailed failed) {
        scheduler.schedule(() -> sink.error(failed));
    }

    /** By a thread of its own: it may block. */
    private static void kill(Process process) {
        Daemons.start("mpx-unwanted", () -> process.toHandle().destroyForcibly());
    }

    private static Process start(ProcessSpec spec) throws IOException {
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
