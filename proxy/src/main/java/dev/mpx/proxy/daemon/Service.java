package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Bearings;
import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.ChildLock;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.home.ServerRecord;
import dev.mpx.proxy.home.SocketPath;
import dev.mpx.proxy.home.Succession;
import dev.mpx.proxy.home.Version;
import dev.mpx.proxy.jobs.JobQueue;
import dev.mpx.proxy.metrics.Figures;
import dev.mpx.proxy.metrics.MetricsPort;
import dev.mpx.proxy.mux.Limits;
import dev.mpx.proxy.mux.Multiplexer;
import dev.mpx.proxy.mux.Policy;
import dev.mpx.proxy.mux.Snapshot;
import dev.mpx.proxy.mux.Surroundings;
import dev.mpx.proxy.status.DaemonView;
import dev.mpx.proxy.status.TakenPort;
import dev.mpx.proxy.status.Verdict;
import dev.mpx.proxy.trace.Trace;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Launcher;
import dev.mpx.transports.Link;
import dev.mpx.transports.LinkLimits;
import dev.mpx.transports.loop.EventLoop;
import dev.mpx.transports.process.ProcessLauncher;
import dev.mpx.transports.process.ProcessSpec;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * One daemon at work: the loop, the multiplexer on it, and the socket. The thread that made it waits for the end and
 * does whatever may block; everything else happens on the loop.
 */
final class Service implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Service.class);
    /** All buffers together may hold this part of the heap (DESIGN.md, "Slow clients"). */
    private static final int BUDGET_SHARE = 4;

    private final Home home;
    private final Settings settings;
    private final EventLoop loop;
    private final Multiplexer multiplexer;
    private final Doors doors;
    private final JobQueue jobs;
    private final ControlDesk desk;
    private final LastLaunch launches;
    private final Optional<WriterLocks> locks;
    private final Optional<MetricsPort> metricsPort;
    /** Those that it could not have. */
    private final List<TakenPort> portsTaken = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> leaving = new CompletableFuture<>();
    private final Disposable.Swap idle = Disposables.swap();
    /** What others are told; set before the first child is started. */
    private BrokerFile broker;
    private volatile boolean isDispossessed;

    private Service(DaemonOptions options, Settings settings, Logs logs, EventLoop loop) throws IOException {
        this.home = options.home();
        this.settings = settings;
        this.loop = loop;
        Instant now = Instant.now();
        ServerProfile profile = ServerProfile.of(options, settings);
        ByteBudget budget = new ByteBudget(Runtime.getRuntime().maxMemory() / BUDGET_SHARE);
        LinkLimits linkLimits = new LinkLimits(settings.lineBytes(), settings.outboxBytes());
        SocketTransport transport = new SocketTransport(loop, budget, linkLimits);
        Guard guard = Guard.find();
        List<Path> lockFiles = WriterLocks.files(options);
        // with a guard too: the last daemon may not have had one, and what that left holds no lock
        Leftovers.reap(BrokerFile.read(home.brokerFile()), LOG::warn);
        if (guard.isThere()) {
            locks = Optional.empty();
        } else {
            locks = Optional.of(WriterLocks.take(home, lockFiles));
        }
        ProcessSpec server = new ProcessSpec(
                guard.wrap(options.server().argv(), lockFiles),
                home.directory(),
                profile.environment(),
                guard.isThere(),
                other -> Bearings.of(new Home(Path.of(other))) + ".");
        Launcher launcher = settings.sockets()
                ? new ProcessLauncher(server, loop, linkLimits, budget, logs.child())
                : new ProcessLauncher(server, loop.scheduler(), linkLimits, budget, logs.child());
        if (!guard.isThere()) {
            launcher = new RecordingLauncher(launcher, () -> broker, home.brokerFile(), loop.scheduler());
        }
        launches = new LastLaunch(launcher);
        OrphanWatch orphans = new OrphanWatch(new OrphanSearch(home, options.server().palace())::find, loop.scheduler());
        Trace trace = new Trace(System::currentTimeMillis);
        MetricsDesk metrics = new MetricsDesk(this::figures, loop.scheduler());
        desk = new ControlDesk(options, guard.isThere(), now, this::snapshot, this::leave, leaving::isDone, this::jobs,
                orphans, new TreeWatch(ProcessTable::tree, loop.scheduler()), this::doors, () -> portsTaken,
                trace, metrics);
        ProfileFile profiles = ProfileFile.open(home, options.server(), options.environment());
        ProcessTable processes = new ProcessTable(loop.scheduler());
        multiplexer = new Multiplexer(
                new Policy(
                        Version.current(),
                        profile.traits(),
                        Limits.DEFAULT.withQueuedCalls(settings.queuedCalls()),
                        profile.timeouts(),
                        settings.recycle(),
                        "mpx status" + options.homeOption(),
                        startHelp(options)),
                new Surroundings(
                        loop.scheduler(),
                        profiles.watching(launches),
                        budget,
                        desk,
                        processes,
                        profiles,
                        processes,
                        new SecureRandom(),
                        Instant::now,
                        trace));
        multiplexer.onSessionsChanged(this::watchIdleness);
        jobs = new JobQueue(multiplexer.lending(), loop.scheduler(), lockFiles, latestOver(guard), multiplexer::onJobRefused);
        if (guard.isThere() && ChildLock.livingGuard(home.childLock()).isPresent()) {
            loop.execute(multiplexer::suspectBorrower);
        }
        doors = Doors.open(transport, options, settings.tcp(), this::accept);
        doors.taken().ifPresent(portsTaken::add);
        metricsPort = settings.metricsPort().flatMap(port -> openMetrics(port, metrics));
        broker = new BrokerFile(
                Version.current(),
                ProcessHandle.current().pid(),
                now,
                BootId.current(),
                doors.endpoints(),
                Stream.concat(doors.guestEndpoints().stream(), settings.guests().stream()).toList(),
                doors.token(),
                options.server().palace().map(palace -> palace.path()),
                options.server().argv(),
                ProcessIdentity.of(ProcessHandle.current().pid()),
                Optional.empty(),
                options.unit());
        broker.write(home.brokerFile());
        new ServerRecord(options.server().argv(), options.server().palace().map(Palace::path), broker.unit()).write(home);
        loop.execute(multiplexer::prewarm);
        loop.execute(this::watchIdleness);
    }

    /** The latest guard of this home's, whoever started it, if that has ended. Without guards the lock is this process's own. */
    private Mono<String> latestOver(Guard guard) {
        return guard.isThere()
                ? Mono.fromCallable(() -> ChildLock.ended(home.childLock()).orElse(""))
                        .subscribeOn(Schedulers.boundedElastic())
                        .publishOn(loop.scheduler())
                : Mono.just("");
    }

    /** Opens the socket and tells the world of it. Whoever calls this holds the lock of the election. */
    static Service open(DaemonOptions options, Settings settings, Logs logs) throws IOException {
        EventLoop loop = EventLoop.start("mpx-loop");
        try {
            return new Service(options, settings, logs, loop);
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
    }

    /** For who is told that the server can't be started. */
    static String startHelp(DaemonOptions options) {
        return "What it said itself is in " + options.home().logs().resolve("child.log") + ". mpx's daemon listens at "
                + new Endpoint.Unix(SocketPath.broker(options.home(), options.environment())) + "; "
                + options.unit().map(unit -> "the service " + unit.name() + " keeps it; ").orElse("") + "`" + options.restart()
                + "` replaces it and the server.";
    }

    private void accept(Link link) {
        if (leaving.isDone()) {
            // a client that comes now is served by the next daemon, which it can only find if this one says nothing
            link.abort();
        } else {
            multiplexer.accept(link);
        }
    }

    private void watchIdleness() {
        if (multiplexer.sessionCount() > 0 || settings.idle().isZero()) {
            idle.update(Disposables.disposed());
        } else if (!leaving.isDone()) {
            idle.update(loop.scheduler().schedule(this::leaveIfIdle, settings.idle().toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void leaveIfIdle() {
        if (multiplexer.sessionCount() == 0) {
            leave("nobody was connected for " + settings.idle().toSeconds() + " s");
        }
    }

    private Doors doors() {
        return doors;
    }

    private JobQueue jobs() {
        return jobs;
    }

    /** Whoever serves does so without metrics, too. */
    private Optional<MetricsPort> openMetrics(int port, MetricsDesk desk) {
        try {
            MetricsPort opened = MetricsPort.open(port, desk::future);
            LOG.info("metrics on http://127.0.0.1:{}/metrics", port);
            return Optional.of(opened);
        } catch (IOException refused) {
            TakenPort taken = WantedPort.forMetrics(port).taken(refused);
            LOG.error("can't listen on 127.0.0.1:{}, so metrics are not served there: {}", port, taken.reason());
            portsTaken.add(taken);
            return Optional.empty();
        }
    }

    private Figures figures() {
        DaemonView daemon = desk.view(List.of(), Optional.empty());
        Snapshot now = snapshot();
        return new Figures(daemon.version(), daemon.upFor(), Verdict.of(daemon, now).isWell(), now, multiplexer.callFigures(),
                daemon.jobs(), Figures.Memory.UNKNOWN);
    }

    private Snapshot snapshot() {
        return multiplexer.snapshot();
    }

    /** Asks the daemon to leave; returns at once. Any thread; only the first reason counts. */
    void leave(String why) {
        leaving.complete(why);
    }

    /** Ends the child at once and then leaves: somebody else owns the data now. Any thread. */
    void abandon(String why) {
        isDispossessed = true;
        loop.execute(launches::killForGood);
        leave(why);
    }

    /** Whether it left because somebody else owns the data. */
    boolean isDispossessed() {
        return isDispossessed;
    }

    /** Blocks until the daemon is asked to leave, and then sees it out: no new clients, calls finished, child ended. */
    String awaitEnd() throws IOException {
        String why = leaving.join();
        LOG.info("leaving: {}", why);
        doors.closeAndUnlink();
        loop.execute(jobs::leave);
        Duration patience = isDispossessed ? Duration.ZERO : settings.drain();
        try {
            Mono.defer(() -> multiplexer.drain(patience))
                    .subscribeOn(loop.scheduler())
                    .timeout(Succession.LONGEST_DRAIN)
                    .block();
            // only now: without a guard it is the one record of a child that outlives its daemon
            sayGoodbye();
        } catch (RuntimeException notDrained) {
            LOG.error("the server could not be ended in order", notDrained);
        }
        return why;
    }

    /** Nobody is told of a daemon that is not there; but whoever can't start one from where he is must know how to reach the next. */
    private void sayGoodbye() throws IOException {
        if (isDispossessed) {
            return; // what stands there now is the other's
        }
        if (settings.guests().isEmpty()) {
            broker.remove(home.brokerFile());
        } else {
            broker.replaceBy(broker.ofOneThatLeft(settings.guests()), home.brokerFile());
        }
    }

    /**
     * Takes no more clients. The loop and the links that are left go with the process: who waits for the daemon's end,
     * as {@code mpx stop} does, sees it when it has come and not before.
     */
    @Override
    public void close() throws IOException {
        doors.close();
        metricsPort.ifPresent(MetricsPort::close);
        if (locks.isPresent()) {
            locks.get().close();
        }
    }
}
