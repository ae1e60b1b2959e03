package dev.mpx.transports.process;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Exit;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.loop.EventLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
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
 * <p>Under a guard, and where there is an event loop, its standard input and output are sockets on that loop, else pipes. A command that
 * ends by itself before it has said anything may be one that minds, so the next start gives it the other kind.
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
    private volatile boolean mindsSockets;

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
    }

    @Override
    public Mono<ProcessLink> launch() {
        return Mono.create(sink -> Daemons.start("mpx-launch", () -> launch(sink)));
    }

    /** Whether the next one is to have sockets. */
    boolean givesSockets() {
        return loop.isPresent() && spec.guarded() && !mindsSockets;
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
        scheduler.schedule(() -> {
            if (unwanted.compareAndSet(false, true)) {
                handOver(sink, process, pid, met);
            } else {
                met.ifPresent(Rendezvous.Met::close);
            }
        });
    }

    private void handOver(MonoSink<ProcessLink> sink, Process process, long pid, Optional<Rendezvous.Met> met) {
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
        SpawnedProcess link = new SpawnedProcess(process, pid, stdio, spec, scheduler, limits, budget, stderr);
        link.exited().subscribe(exit -> learn(link, exit, met.isPresent()));
        sink.success(link);
    }

    /** Only from what the program itself did: a guard that did not start it says nothing about it. */
    private void learn(SpawnedProcess link, Exit exit, boolean overSockets) {
        if (loop.isEmpty() || !spec.guarded() || exit.refusal().isPresent() || !link.wasMute()) {
            return;
        }
        mindsSockets = overSockets;
        if (overSockets) {
            LOG.warn("the server ended before it said anything, with sockets for its standard input and output:"
                    + " some servers mind, so the next start gives it pipes");
        }
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
