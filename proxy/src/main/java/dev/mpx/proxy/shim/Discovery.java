package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.MachineSettings;
import dev.mpx.proxy.home.Ownership;
import dev.mpx.proxy.home.RelayHome;
import dev.mpx.proxy.home.ShellWords;
import dev.mpx.proxy.home.SshWay;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.home.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Finds the daemon: MEMPALACE_BROKER (which {@code --endpoint} sets), else the machine's settings, else the home's
 * {@code broker.json}, else it is started. Only the last two ever start one: who names an endpoint wants that one, and one
 * that runs under another kernel is reached as it says, or not at all. Not thread-safe.
 */
public final class Discovery {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);
    private static final String PRESCRIBED = ". That endpoint is set by --endpoint, MEMPALACE_BROKER or mpx.toml, so mpx starts none"
            + " of its own; start that daemon with \"mpx ensure\" where it lives (its log is logs/mpx.log in its home), or remove the"
                    + " setting.";
    private static final String ADVERTISED = ". That endpoint stands in broker.json, which a daemon under another kernel has written, so mpx"
            + " starts none here; start that daemon with \"mpx ensure\" on its machine (its log is logs/mpx.log there), or set"
                    + " another endpoint in"
            + " ~/.config/mpx/mpx.toml.";

    private final Home home;
    private final Environment environment;
    /** Where the relay leads that is looked for, if it is one: nothing else is prescribed then. */
    private final Optional<Endpoint.Ssh> relayed;
    /** Whether an older daemon was asked to hand over, and would not. */
    private boolean keepsOlder;
    /** Where one was found at last, by an endpoint that is not the home's own. */
    private Optional<Endpoint> reached = Optional.empty();
    private Optional<String> trouble = Optional.empty();

    public Discovery(Home home, Environment environment) {
        this(home, environment, Optional.empty());
    }

    private Discovery(Home home, Environment environment, Optional<Endpoint.Ssh> relayed) {
        this.home = home;
        this.environment = environment;
        this.relayed = relayed;
    }

    /** Of the relay to another machine's daemon: it is found, started and replaced as a daemon is, in a home of its own. */
    private static Discovery ofRelay(Endpoint.Ssh endpoint, Environment environment) {
        SshWay.chosen(environment); // one that makes no sense is not passed over
        return new Discovery(RelayHome.of(endpoint, environment), environment, Optional.of(endpoint));
    }

    /** Whoever answers for the daemon on this machine: the relay's discovery where an endpoint of another machine is meant, else this. */
    public Discovery orRelay() {
        Optional<Endpoint> meant = relayed.isPresent() ? Optional.empty() : endpoint();
        return meant.isPresent() && meant.get() instanceof Endpoint.Ssh ssh ? ofRelay(ssh, environment) : this;
    }

    /** Where the relay leads that is looked for; empty where it is a daemon. */
    public Optional<Endpoint.Ssh> relayed() {
        return relayed;
    }

    /** Where that keeps its files. */
    public Home home() {
        return home;
    }

    /** The same server, of the home that is looked at here. */
    public Target target(Target wanted) {
        return relayed.isPresent() ? new Target(home, wanted.server(), wanted.environment(), relayed) : wanted;
    }

    /** The endpoint that the environment or the machine's settings prescribe. */
    private Optional<Endpoint> prescribed() {
        if (relayed.isPresent()) {
            return Optional.empty();
        }
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

    /** Whether what is looked for may be another machine's: then its files are not here, and it is not started from here. */
    public boolean isElsewhere() {
        return relayed.isEmpty() && isElsewhere(home, environment);
    }

    /** Whether the daemon is to be found on another machine, or by an endpoint that is set: then the server need not be installed here. */
    static boolean isElsewhere(Home home, Environment environment) {
        return new Discovery(home, environment).isPrescribed() || Whereabouts.of(home).isElsewhere();
    }

    /** The endpoint at which a daemon should be found, if one is prescribed or on record. Nothing is tried. */
    public Optional<Endpoint> endpoint() {
        Optional<Endpoint> known = reached.isPresent() ? reached : prescribed();
        return known.isPresent() ? known : Whereabouts.of(home).first();
    }

    /** A connection to the running daemon, without a word said on it yet; empty if none runs. Never starts one. */
    public Optional<DaemonConnection> find() {
        Optional<Endpoint> prescribed = prescribed();
        List<Endpoint> endpoints = prescribed.isPresent() ? List.of(prescribed.get()) : Whereabouts.of(home).endpoints();
        for (Endpoint endpoint : endpoints) {
            try {
                if (endpoint instanceof Endpoint.Ssh ssh) {
                    return ofRelay(ssh, environment).find();
                }
                DaemonConnection connection = open(endpoint);
                reached = Optional.of(endpoint);
                return Optional.of(connection);
            } catch (NoDaemonException unusable) {
                trouble = trouble.or(() -> Optional.of(unusable.getMessage()));
            } catch (IOException nobody) {
                if (isElsewhere()) { // of the home's own its file tells
                    trouble = trouble.or(() -> Optional.of("mpx can't reach the daemon at " + endpoint + ": " + nobody.getMessage()));
                }
            }
        }
        return Optional.empty();
    }

    /** Why {@link #find} found none at the first endpoint, where that has been named by somebody, or could not be tried. */
    public Optional<String> trouble() {
        return trouble;
    }

    /** Every connection is opened here, whatever named the endpoint. */
    private DaemonConnection open(Endpoint endpoint) throws IOException, NoDaemonException {
        return endpoint instanceof Endpoint.Tcp tcp
                ? DaemonConnection.open(tcp, new TokenSearch(home, environment).forEndpoint(tcp), CONNECT_LIMIT)
                : DaemonConnection.open(endpoint, CONNECT_LIMIT);
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
            return Optional.of(reach(prescribed.get(), target, PRESCRIBED));
        }
        Whereabouts where = Whereabouts.of(home);
        if (where.isElsewhere()) {
            return reachOne(where.endpoints(), target);
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
        prepare(target);
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
            throw NoDaemonException.failed("The endpoint " + prescribed.get() + " is set by --endpoint, MEMPALACE_BROKER"
                    + " or mpx.toml, so mpx restarts nothing here; run \"mpx restart\" where that daemon lives, or remove the setting.");
        }
        prepare(target);
        return new Replacement(this, target, true).run();
    }

    private void prepare(Target target) {
        if (relayed.isPresent()) {
            RelayHome.prepare(home); // it owns no data
        } else {
            Ownership.check(home, target.server(), environment);
            home.prepare();
        }
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
                + "; somebody is starting or stopping it, or it hangs. Its log is " + Unit.log(home)
                + "; \"mpx status" + homeOption() + "\" tells more. If it hangs, this replaces it: " + Unit.restart(home));
    }

    String homeOption() {
        return " --home " + ShellWords.quote(home.directory().toString());
    }

    /** The home's running daemon once it has taken this client; empty if none runs or it is just leaving. */
    Optional<DaemonConnection> greet(Target target) throws NoDaemonException {
        // Nothing is prescribed where this is asked, and it is asked again and again.
        Whereabouts where = Whereabouts.of(home);
        Optional<Endpoint> endpoint = where.isElsewhere() ? Optional.empty() : where.first();
        Optional<DaemonConnection> running = Optional.empty();
        try {
            if (endpoint.isPresent()) {
                running = Optional.of(open(endpoint.get()));
                Hello.say(running.get(), target, HELLO_LIMIT);
            }
            return running;
        } catch (SilentDaemonException silent) {
            throw NoDaemonException.busy("The mpx daemon" + tried() + " does not answer. Its log is " + Unit.log(home)
                    + ". If it hangs, this replaces it: " + Unit.restart(home));
        } catch (IOException leaving) {
            close(running);
            return Optional.empty();
        } catch (NoDaemonException refused) {
            close(running);
            throw refused;
        }
    }

    /** The first that answers of those by which the daemon under another kernel says that it is reached. Empty if it may be owned from here. */
    private Optional<DaemonConnection> reachOne(List<Endpoint> endpoints, Target target) throws NoDaemonException {
        Optional<NoDaemonException> first = Optional.empty();
        for (Endpoint endpoint : endpoints) {
            try {
                return Optional.of(reach(endpoint, target, ADVERTISED));
            } catch (NoDaemonException none) {
                if (none.outlook() == NoDaemonException.Outlook.REFUSED) {
                    throw none;
                }
                first = first.isPresent() ? first : Optional.of(none);
            }
        }
        if (first.isPresent() && !Ownership.isAllowed(environment)) {
            throw first.get();
        }
        return Optional.empty();
    }

    private DaemonConnection reach(Endpoint endpoint, Target target, String help) throws NoDaemonException {
        if (endpoint instanceof Endpoint.Ssh ssh) {
            Discovery relay = ofRelay(ssh, environment);
            return relay.findOrStart(relay.target(target));
        }
        String message = "mpx can't reach the daemon at " + endpoint + ": ";
        Optional<DaemonConnection> connection = Optional.empty();
        try {
            connection = Optional.of(open(endpoint));
            Hello.say(connection.get(), target, HELLO_LIMIT);
            reached = Optional.of(endpoint);
            return connection.get();
        } catch (SilentDaemonException silent) {
            close(connection);
            throw NoDaemonException.busy(message + silent.getMessage() + help);
        } catch (java.io.EOFException hungUp) {
            close(connection);
            throw NoDaemonException.failed(message + "it hung up" + (endpoint instanceof Endpoint.Tcp
                    ? ". It may just be leaving, or the token is that of an earlier daemon (the present one is in broker.json in its home)"
                    : "") + help);
        } catch (IOException e) {
            close(connection);
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
