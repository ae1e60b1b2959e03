package dev.mpx.proxy.relay;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.transports.ssh.SshConnection;
import dev.mpx.transports.ssh.SshFailure;
import dev.mpx.transports.ssh.SshTarget;
import dev.mpx.transports.ssh.SshUser;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the host: one connection, made when somebody wants it and made again, with growing and random pauses, when it was
 * lost and somebody still wants it. Any thread; nothing here blocks the caller.
 */
final class Uplink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Uplink.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);
    /** A connection that lived for less is not worth hurrying for again. */
    private static final Duration HEALTHY = Duration.ofSeconds(5);
    /** Less than a shim waits for its greeting: it is told how things stand, and comes again. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    /** As long as a shim keeps its agent waiting. */
    private static final Duration RECENT = Duration.ofSeconds(60);

    private static final int DIALOGS = 8;

    private final Endpoint.Ssh endpoint;
    private final SshTarget target;
    private final SshUser user;
    private final HostProgram program;
    private final ScheduledExecutorService connector = Executors.newSingleThreadScheduledExecutor(daemon("relay-connect"));
    private final ExecutorService dialogs = Executors.newFixedThreadPool(DIALOGS, daemon("relay-greet"));
    private Optional<Link> link = Optional.empty();
    private Optional<CompletableFuture<Link>> attempt = Optional.empty();
    private Optional<SshFailure> trouble = Optional.empty();
    private Optional<Instant> lost = Optional.empty();
    private int failures;
    private long notBefore = System.nanoTime();
    private boolean closed;

    Uplink(Endpoint.Ssh endpoint, Environment environment) {
        this.endpoint = endpoint;
        this.target = new SshTarget(endpoint.user(), endpoint.host(), endpoint.port());
        this.user = new SshUser(environment.userHome(), environment.passwdHome(), System.getProperty("user.name"), environment.variables());
        this.program = new HostProgram(endpoint);
    }

    private static ThreadFactory daemon(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * How it stands.
     *
     * @param since when it is connected, if it is
     * @param lost when it was lost; empty if it never came about
     * @param trouble what it is where it is not connected
     */
    record Condition(Optional<Instant> since, Optional<Instant> lost, boolean forbidsSockets, Optional<String> trouble) {}

    synchronized Condition condition() {
        Optional<Link> living = link.filter(one -> !one.ended().isDone());
        return new Condition(living.map(Link::since), lost, living.map(Link::forbidsSockets).orElse(false),
                living.isPresent() ? Optional.empty() : trouble.map(Throwable::getMessage));
    }

    /**
     * Puts a question to the host's daemon, on a stream of its own that stays open.
     *
     * @param question a line, with its newline
     * @return fails with {@link SshFailure}, also where others have waited in vain for so long that this was not put at all, or with
     *         {@link TimeoutException} if there is no connection yet
     */
    CompletableFuture<Link.Answered> ask(byte[] question) {
        long begun = System.nanoTime();
        return link().copy().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).thenApplyAsync(one -> {
            try {
                // whoever asked may be gone, and others wait behind him: where the daemon hangs there would be ever more of them
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw new SshFailure(SshFailure.Kind.UNREACHABLE, "The daemon on the host has not answered those who came before.");
                }
                return one.ask(question);
            } catch (SshFailure e) {
                throw new CompletionException(e);
            }
        }, dialogs);
    }

    /** Whether a failure may well be over in a moment: nobody needs to be told of it yet. */
    synchronized boolean isPassing(Throwable failure) {
        return failure instanceof TimeoutException
                || failure instanceof SshFailure known && known.kind() == SshFailure.Kind.UNREACHABLE
                        && lost.filter(then -> Duration.between(then, Instant.now()).compareTo(RECENT) < 0).isPresent();
    }

    private synchronized CompletableFuture<Link> link() {
        if (link.isPresent() && !link.get().ended().isDone()) {
            return CompletableFuture.completedFuture(link.get());
        }
        if (attempt.isEmpty() && !closed) {
            attempt = Optional.of(new CompletableFuture<>());
            connector.schedule(this::connect, Math.max(0, notBefore - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
        return attempt.orElseGet(() -> CompletableFuture.failedFuture(new SshFailure(SshFailure.Kind.UNREACHABLE, "The relay is leaving.")));
    }

    private void connect() {
        Optional<Link> made = Optional.empty();
        Optional<SshFailure> why = Optional.empty();
        try {
            made = Optional.of(open());
        } catch (SshFailure e) {
            why = Optional.of(e);
        } catch (RuntimeException bug) {
            LOG.error("connecting to {}", endpoint, bug);
            why = Optional.of(new SshFailure(SshFailure.Kind.UNREACHABLE, "mpx failed to connect to " + endpoint + ": " + bug));
        }
        CompletableFuture<Link> waiting;
        synchronized (this) {
            waiting = attempt.orElseThrow();
            attempt = Optional.empty();
            link = made;
            trouble = why;
            if (why.isPresent()) {
                failures++;
                notBefore = System.nanoTime() + pause().toNanos();
            }
        }
        if (made.isPresent()) {
            Link one = made.get();
            LOG.info("connected to {}", endpoint);
            one.ended().thenAcceptAsync(reason -> lost(one, reason), connector);
            waiting.complete(one);
        } else {
            LOG.warn("not connected to {}: {}", endpoint, why.get().getMessage());
            waiting.completeExceptionally(why.get());
        }
    }

    private Link open() throws SshFailure {
        SshConnection connection = SshConnection.open(target, user);
        try {
            return new Link(connection, program);
        } catch (SshFailure | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void lost(Link one, String reason) {
        LOG.warn("the connection to {} is gone: {}", endpoint, reason);
        one.close();
        synchronized (this) {
            boolean wasHealthy = Duration.between(one.since(), Instant.now()).compareTo(HEALTHY) > 0;
            failures = wasHealthy ? 0 : failures + 1;
            notBefore = System.nanoTime() + (wasHealthy ? 0 : pause().toNanos());
            lost = Optional.of(Instant.now());
            trouble = Optional.of(new SshFailure(SshFailure.Kind.UNREACHABLE, "The connection to " + endpoint + " was lost: " + reason + "."));
        }
    }

    /** From half to one and a half of what it has grown to, so that not all relays come in step. */
    private Duration pause() {
        long grown = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
        return Duration.ofMillis(grown / 2 + ThreadLocalRandom.current().nextLong(grown));
    }

    /** Ends the connection and all that runs over it; nobody gets another. */
    @Override
    public void close() {
        Optional<Link> last;
        synchronized (this) {
            closed = true;
            last = link;
        }
        connector.shutdownNow();
        dialogs.shutdownNow();
        last.ifPresent(Link::close);
    }
}
