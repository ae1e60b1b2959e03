package dev.mpx.proxy.shim;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Version;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ShellWords;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the daemon: MEMPALACE_BROKER, else the machine's settings, else the home's {@code broker.json}, else it is
 * started. Only the last two ever start one: who names an endpoint wants that one. Not thread-safe.
 */
public final class Discovery {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);
    /** Calls that run are let finish, then the server has its grace periods. */
    private static final Duration HANDOVER_LIMIT = Duration.ofSeconds(120);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);
    /** Two hundred that look again every 20 ms leave the one that starts no time to start. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(320);

    private final Home home;
    private final Environment environment;
    private final Duration startLimit;
    /** Whether an older daemon was asked to hand over, and would not. */
    private boolean keepsOlder;

    public Discovery(Home home, Environment environment) {
        this(home, environment, Duration.ofSeconds(30));
    }

    Discovery(Home home, Environment environment, Duration startLimit) {
        this.home = home;
        this.environment = environment;
        this.startLimit = startLimit;
    }

    /** The endpoint that the environment or the machine's settings prescribe. */
    private Optional<Endpoint> prescribed() {
        Optional<String> named = environment.get("MEMPALACE_BROKER");
        if (named.isEmpty()) {
            named = new MachineSettings(environment).endpoint();
        }
        return named.isPresent() ? Optional.of(Endpoint.parse(named.get())) : Optional.empty();
    }

    /** Whether the environment or the machine's settings name the endpoint: then no daemon is started from here. */
    public boolean isPrescribed() {
        return prescribed().isPresent();
    }

    /** The endpoint at which a daemon should be found, if one is prescribed or on record. Nothing is tried. */
    public Optional<Endpoint> endpoint() {
        Optional<Endpoint> prescribed = prescribed();
        return prescribed.isPresent() ? prescribed : recorded();
    }

    /** The endpoint that the home's daemon has put on record. */
    private Optional<Endpoint> recorded() {
        Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile());
        if (broker.isPresent()) {
            for (String endpoint : broker.get().endpoints()) {
                if (endpoint.startsWith("unix:/")) {
                    return Optional.of(Endpoint.parse(endpoint));
                }
            }
        }
        return Optional.empty();
    }

    /** A connection to the running daemon, without a word said on it yet; empty if none runs. Never starts one. */
    public Optional<DaemonConnection> find() {
        return open(endpoint());
    }

    private static Optional<DaemonConnection> open(Optional<Endpoint> endpoint) {
        try {
            return endpoint.isPresent() ? Optional.of(DaemonConnection.open(endpoint.get(), CONNECT_LIMIT)) : Optional.empty();
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }

    /**
     * A connection on which the daemon has said that it takes this client; the daemon is started if need be.
     *
     * @throws NoDaemonException if it refuses, can't be reached, or can't be started
     * @throws HomeException if the home or a setting is unusable
     */
    public DaemonConnection findOrStart(Target target) throws NoDaemonException {
        Optional<Endpoint> prescribed = prescribed();
        if (prescribed.isPresent()) {
            return reach(prescribed.get(), target);
        }
        Optional<DaemonConnection> running = greet(target);
        if (running.isPresent() && !isOlder(running.get())) {
            return running.get();
        }
        close(running);
        home.prepare();
        return findOrReplace(target, false);
    }

    /**
     * A connection to a daemon that has just been started; one that runs is told to leave first, and is waited for.
     *
     * @throws NoDaemonException if that refuses or does not leave, or if none can be started
     * @throws HomeException if the home or a setting is unusable
     */
    public DaemonConnection restart(Target target) throws NoDaemonException {
        Optional<Endpoint> prescribed = prescribed();
        if (prescribed.isPresent()) {
            throw new NoDaemonException(NoDaemonException.NO_DAEMON, "The endpoint " + prescribed.get() + " is set by MEMPALACE_BROKER"
                    + " or by mpx.toml, so mpx restarts nothing here; run \"mpx restart\" where that daemon lives, or remove the setting.");
        }
        home.prepare();
        return findOrReplace(target, true);
    }

    /** Whether this mpx is to take over from that daemon. */
    private boolean isOlder(DaemonConnection daemon) {
        return !keepsOlder && !Version.current().equals(daemon.daemonVersion()) && VersionOrder.isNewer(Version.current(), daemon.daemonVersion());
    }

    /** Whoever starts or ends a daemon holds the start lock meanwhile, so that nobody starts another one in between. */
    private DaemonConnection findOrReplace(Target target, boolean replaceAny) throws NoDaemonException {
        Optional<DaemonConnection> running;
        long end = System.nanoTime() + startLimit.toNanos();
        long pause = RETRY_PAUSE.toMillis();
        while (System.nanoTime() - end < 0) {
            try (StartLock lock = StartLock.tryAcquire(home)) {
                // Whoever held the lock before may have started one by now.
                running = greet(target);
                if (running.isPresent() && !replaceAny && !isOlder(running.get())) {
                    return running.get();
                }
                if (lock.isHeld() && running.isEmpty()) {
                    return start(target, System.nanoTime() + startLimit.toNanos());
                }
                if (lock.isHeld() && handsOver(running.get(), replaceAny)) {
                    return start(target, System.nanoTime() + startLimit.toNanos());
                }
                close(running);
            } catch (IOException e) {
                throw new NoDaemonException(NoDaemonException.NO_DAEMON,
                        "mpx can't use its lock file " + home.startLock() + ": " + e.getMessage() + ".");
            }
            // Not in step with the others; what is random about the clock's last digits is enough for that.
            pause(pause + System.nanoTime() % pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
        }
        throw new NoDaemonException(NoDaemonException.NO_DAEMON, "The mpx daemon for " + home.directory()
                + " did not answer within " + startLimit.toSeconds() + " s" + tried()
                + "; another mpx is starting or stopping it. Its log is " + home.daemonLog()
                + "; \"mpx status" + homeOption() + "\" tells more.");
    }

    /** Asks a daemon to leave. @return whether it is gone */
    private boolean handsOver(DaemonConnection daemon, boolean insist) throws NoDaemonException {
        String why = "it does not end within " + HANDOVER_LIMIT.toSeconds() + " s";
        try {
            Optional<JsonValue> error = daemon.ask("mpx-stop", "mpx/stop", "{}", HELLO_LIMIT).get("error");
            if (error.isPresent()) {
                why = error.get().toString();
            } else if (daemon.awaitEnd(HANDOVER_LIMIT)) {
                return true;
            }
        } catch (java.io.EOFException leaving) {
            return true;
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        if (insist) {
            throw new NoDaemonException(NoDaemonException.NO_DAEMON,
                    "The mpx daemon" + tried() + " won't leave: " + why + ". Its log is " + home.daemonLog() + ".");
        }
        // An old daemon is better than none.
        keepsOlder = true;
        return false;
    }

    private DaemonConnection start(Target target, long end) throws NoDaemonException {
        DaemonStarter first = DaemonStarter.start(target);
        Optional<DaemonConnection> running = awaitStart(first, target, end);
        if (running.isPresent()) {
            return running.get();
        }
        // It may have given way to one that was there and has left since.
        DaemonStarter daemon = first.isAlive() ? first : DaemonStarter.start(target);
        running = awaitStart(daemon, target, end);
        if (running.isPresent()) {
            return running.get();
        }
        throw new NoDaemonException(NoDaemonException.NO_DAEMON, (daemon.isAlive()
                ? "The mpx daemon was started (process " + daemon.pid() + ") but did not answer within " + startLimit.toSeconds() + " s"
                : "The mpx daemon ended as soon as it was started")
                + tried() + ". Its log is " + home.daemonLog()
                + "; to see it start, run: mpx serve" + homeOption() + serverArguments(target), daemon.logTail());
    }

    /** Empty if it ended, or did not answer in time. */
    private Optional<DaemonConnection> awaitStart(DaemonStarter daemon, Target target, long end) throws NoDaemonException {
        boolean isAlive = true;
        while (isAlive && System.nanoTime() - end < 0) {
            // In this order: one that ends because another daemon was quicker leaves that one to be found.
            isAlive = daemon.isAlive();
            Optional<DaemonConnection> running = greet(target);
            if (running.isPresent()) {
                return running;
            }
            pause(RETRY_PAUSE.toMillis());
        }
        return Optional.empty();
    }

    private String tried() {
        Optional<Endpoint> endpoint = endpoint();
        return endpoint.isPresent() ? " (tried " + endpoint.get() + ")" : "";
    }

    private String homeOption() {
        return " --home " + ShellWords.quote(home.directory().toString());
    }

    private static String serverArguments(Target target) {
        return " -- " + ShellWords.join(target.server().argv());
    }

    /** The running daemon once it has taken this client; empty if none runs or it is just leaving. */
    private Optional<DaemonConnection> greet(Target target) throws NoDaemonException {
        // Nothing is prescribed where this is asked, and it is asked again and again.
        Optional<DaemonConnection> running = open(recorded());
        try {
            if (running.isPresent()) {
                Hello.say(running.get(), target, HELLO_LIMIT);
            }
            return running;
        } catch (SilentDaemonException silent) {
            throw new NoDaemonException(NoDaemonException.NO_DAEMON, "The mpx daemon" + tried() + " takes connections but has not answered for "
                    + HELLO_LIMIT.toSeconds() + " s. Its log is " + home.daemonLog()
                    + ". If it hangs, end it with: mpx stop" + homeOption());
        } catch (IOException leaving) {
            close(running);
            return Optional.empty();
        } catch (NoDaemonException refused) {
            close(running);
            throw refused;
        }
    }

    private DaemonConnection reach(Endpoint endpoint, Target target) throws NoDaemonException {
        String why;
        try {
            DaemonConnection connection = DaemonConnection.open(endpoint, CONNECT_LIMIT);
            Hello.say(connection, target, HELLO_LIMIT);
            return connection;
        } catch (java.io.EOFException hungUp) {
            why = "it hung up";
        } catch (IOException e) {
            why = e.getMessage();
        }
        throw new NoDaemonException(NoDaemonException.NO_DAEMON, "mpx can't reach the daemon at " + endpoint + ": " + why
                + ". That endpoint is set by MEMPALACE_BROKER or by mpx.toml, so mpx starts none of its own;"
                + " start that daemon with \"mpx ensure\" where it lives, or remove the setting.");
    }

    private static void close(Optional<DaemonConnection> connection) {
        try {
            if (connection.isPresent()) {
                connection.get().close();
            }
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
