package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ShellWords;
import dev.mpx.proxy.home.Version;
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

    private final Home home;
    private final Environment environment;
    /** Whether an older daemon was asked to hand over, and would not. */
    private boolean keepsOlder;

    public Discovery(Home home, Environment environment) {
        this.home = home;
        this.environment = environment;
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
        Optional<Endpoint> endpoint = endpoint();
        try {
            return endpoint.isPresent() ? Optional.of(DaemonConnection.open(endpoint.get(), CONNECT_LIMIT)) : Optional.empty();
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }

    /**
     * A connection on which a running daemon has said that it takes this client; empty if none runs, it is about to leave, or
     * it is to be replaced. Starts none.
     *
     * @throws NoDaemonException if it refuses, or can't be reached
     * @throws HomeException if a setting is unusable
     */
    Optional<DaemonConnection> findServing(Target target) throws NoDaemonException {
        Optional<Endpoint> prescribed = prescribed();
        if (prescribed.isPresent()) {
            return Optional.of(reach(prescribed.get(), target));
        }
        Optional<DaemonConnection> running = greet(target);
        if (running.isPresent() && isOlder(running.get())) {
            close(running);
            return Optional.empty();
        }
        return running;
    }

    /**
     * A connection on which the daemon has said that it takes this client; the daemon is started if need be.
     *
     * @throws NoDaemonException if it refuses, can't be reached, or can't be started
     * @throws HomeException if the home or a setting is unusable
     */
    public DaemonConnection findOrStart(Target target) throws NoDaemonException {
        Optional<DaemonConnection> running = findServing(target);
        if (running.isPresent()) {
            return running.get();
        }
        home.prepare();
        return new Replacement(this, target, false).run();
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
            throw NoDaemonException.failed("The endpoint " + prescribed.get() + " is set by MEMPALACE_BROKER"
                    + " or by mpx.toml, so mpx restarts nothing here; run \"mpx restart\" where that daemon lives, or remove the setting.");
        }
        home.prepare();
        return new Replacement(this, target, true).run();
    }

    /** Whether this mpx is to take over from that daemon. */
    boolean isOlder(DaemonConnection daemon) {
        return !keepsOlder && !Version.current().equals(daemon.daemonVersion()) && VersionOrder.isNewer(Version.current(), daemon.daemonVersion());
    }

    /** An old daemon that would not hand over is better than none. */
    void keepOlder() {
        keepsOlder = true;
    }

    /** For a message: the endpoint that a daemon would be found at. */
    String tried() {
        Optional<Endpoint> endpoint = endpoint();
        return endpoint.isPresent() ? " (tried " + endpoint.get() + ")" : "";
    }

    /** For somebody who has waited in vain; from any thread. */
    NoDaemonException stillBusy() {
        return NoDaemonException.busy("The mpx daemon for " + home.directory() + " does not answer" + tried()
                + "; somebody is starting or stopping it, or it hangs. Its log is " + home.daemonLog()
                + "; \"mpx status" + homeOption() + "\" tells more.");
    }

    String homeOption() {
        return " --home " + ShellWords.quote(home.directory().toString());
    }

    /** The home's running daemon once it has taken this client; empty if none runs or it is just leaving. */
    Optional<DaemonConnection> greet(Target target) throws NoDaemonException {
        // Nothing is prescribed where this is asked, and it is asked again and again.
        Optional<Endpoint> endpoint = recorded();
        Optional<DaemonConnection> running = Optional.empty();
        try {
            if (endpoint.isPresent()) {
                running = Optional.of(DaemonConnection.open(endpoint.get(), CONNECT_LIMIT));
                Hello.say(running.get(), target, HELLO_LIMIT);
            }
            return running;
        } catch (SilentDaemonException silent) {
            throw NoDaemonException.busy("The mpx daemon" + tried() + " does not answer. Its log is " + home.daemonLog()
                    + ". If it hangs, end it with: mpx stop" + homeOption());
        } catch (IOException leaving) {
            close(running);
            return Optional.empty();
        } catch (NoDaemonException refused) {
            close(running);
            throw refused;
        }
    }

    private static DaemonConnection reach(Endpoint endpoint, Target target) throws NoDaemonException {
        String message = "mpx can't reach the daemon at " + endpoint + ": ";
        String help = ". That endpoint is set by MEMPALACE_BROKER or by mpx.toml, so mpx starts none of its own;"
                + " start that daemon with \"mpx ensure\" where it lives, or remove the setting.";
        try {
            DaemonConnection connection = DaemonConnection.open(endpoint, CONNECT_LIMIT);
            Hello.say(connection, target, HELLO_LIMIT);
            return connection;
        } catch (SilentDaemonException silent) {
            throw NoDaemonException.busy(message + silent.getMessage() + help);
        } catch (java.io.EOFException hungUp) {
            throw NoDaemonException.failed(message + "it hung up" + help);
        } catch (IOException e) {
            throw NoDaemonException.failed(message + e.getMessage() + help);
        }
    }

    static void close(Optional<DaemonConnection> connection) {
        try {
            if (connection.isPresent()) {
                connection.get().close();
            }
        } catch (IOException e) {
            // It is of no use any more, closed or not.
        }
    }
}
