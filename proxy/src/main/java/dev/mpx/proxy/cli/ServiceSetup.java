package dev.mpx.proxy.cli;

import dev.mpx.proxy.agents.MpxProgram;
import dev.mpx.proxy.daemon.WantedPort;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Ownership;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.home.ServerRecord;
import dev.mpx.proxy.home.Succession;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.service.ServiceHost;
import dev.mpx.proxy.service.ServiceSpec;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.StartLock;
import dev.mpx.proxy.shim.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code mpx install --service} and {@code mpx uninstall --service}: looks first, then writes, then starts. Blocks. */
final class ServiceSetup {
    private static final long LOOK_MILLIS = 50;
    private static final List<String> PASSED_ON = List.of("PATH", "JAVA_HOME", "LANG", "LC_ALL", "LC_CTYPE", "HF_HOME", "XDG_CACHE_HOME");

    private final ServerOptions server;
    private final Optional<String> name;
    private final boolean isDry;
    private final PrintStream out;
    private final PrintStream err;

    ServiceSetup(ServerOptions server, Optional<String> name, boolean isDry, PrintStream out, PrintStream err) {
        this.server = server;
        this.name = name;
        this.isDry = isDry;
        this.out = new LineOutput(out);
        this.err = new LineOutput(err);
    }

    /** @return the exit status */
    int install() {
        Environment environment = server.environment();
        Home named = server.home();
        Discovery discovery = new Discovery(named, environment);
        if (discovery.isElsewhere() || discovery.isPrescribed()) {
            return refuse("the daemon of " + named.directory() + " is to be found elsewhere" + tried(discovery)
                    + ", so none may be made a service"
                    + " here. Run \"mpx install --service\" on its own machine.");
        }
        Target target = target(named, environment);
        Home home = target.home();
        ServiceHost host = host(home, environment);
        Optional<String> hindrance = hindrance(target, host);
        if (hindrance.isPresent()) {
            return refuse(hindrance.get());
        }
        ServiceSpec spec = spec(target, environment);
        if (host.isCurrent(spec)) {
            out.println("Service " + host.unit() + ": nothing to do, it is there and runs.");
            return ExitStatus.WELL;
        }
        if (isDry) {
            out.println("Would write " + host.file() + " and start " + host.unit() + ":");
            host.text(spec).lines().forEach(line -> out.println("  " + line));
            return ExitStatus.WELL;
        }
        return put(host, spec, home, new Discovery(home, environment));
    }

    /** What a home's record says is served there counts where nothing else was said. */
    private Target target(Home named, Environment environment) {
        Optional<ServerRecord> record = server.isHomeAlone() ? ServerRecord.of(named) : Optional.empty();
        return record.isPresent() ? server.guestsTarget() : server.target();
    }

    /** Everything that could stand in the way, found before anything is written. */
    private Optional<String> hindrance(Target target, ServiceHost host) {
        Optional<String> absent = host.absence().map(why -> why
                + ", so nothing was written. mpx needs no service: its daemon is started by the"
                + " first agent that comes; MPX_DAEMON_IDLE=0, or idle = \"0\" below [daemon] in mpx.toml, lets it stay.");
        if (absent.isPresent()) {
            return absent;
        }
        if (!program(target.environment()).startsWith("/")) {
            return Optional.of("mpx does not know the path of its own program, which a service needs. Run this by mpx as install.sh"
                    + " has put it there.");
        }
        Ownership.check(target.home(), target.server(), target.environment());
        return target.server().missing(target.environment())
                .map(what -> "the server of that service can't be run: " + what + ". Install it, or name another behind \"--\".")
                .or(() -> another(target, host))
                .or(host::collision)
                .or(() -> portInUse(target));
    }

    /** A second one of the home's would take the daemon from the first, which then comes back, or stays enabled for the next login. */
    private Optional<String> another(Target target, ServiceHost host) {
        return services(target.home(), target.environment())
                .filter(one -> !one.host().unit().equals(host.unit()))
                .map(one -> "the service " + one.host().unit() + " keeps the daemon of " + target.home().directory() + " already ("
                        + one.host().file() + "). Keep it, with --name " + one.name() + ", or remove it first: mpx uninstall --service"
                        + target.home().option() + " --name " + one.name() + ".")
                .findFirst();
    }

    /** A service by its name. */
    private record Named(String name, ServiceHost host) {}

    /** Those of the home that are described, whatever their names. */
    private Stream<Named> services(Home home, Environment environment) {
        return host(home, environment).names().stream()
                .map(one -> new Named(one, ServiceHost.of(one, home.directory(), environment)));
    }

    private static Optional<String> portInUse(Target target) {
        OptionalLong daemon = BrokerFile.read(target.home().brokerFile()).flatMap(BrokerFile::livingDaemon)
                .map(living -> OptionalLong.of(living.pid())).orElse(OptionalLong.empty());
        return WantedPort.of(target.home(), target.environment()).stream()
                .flatMap(port -> port.takenByOther(daemon).stream())
                .findFirst()
                .map(taken -> taken.want() + ". To have a service, " + taken.cure() + ".");
    }

    private static String program(Environment environment) {
        return MpxProgram.find(environment).path();
    }

    private static ServiceSpec spec(Target target, Environment environment) {
        List<String> command = new ArrayList<>(List.of(program(environment), "serve", "--home", target.home().directory().toString()));
        target.server().palace().ifPresent(palace -> command.addAll(List.of("--palace-dir", palace.path().toString())));
        command.add("--");
        command.addAll(target.server().argv());
        Map<String, String> variables = new HashMap<>();
        target.environment().variables().forEach((key, value) -> {
            boolean isOurs = key.startsWith("MPX_") && !List.of("MPX_LENT", "MPX_GUARDED", "MPX_SHIM").contains(key);
            if ((isOurs || key.startsWith("MEMPAL") || PASSED_ON.contains(key)) && value.indexOf('\n') < 0) {
                variables.put(key, value);
            }
        });
        variables.put("MPX_DAEMON_IDLE", "0"); // or it would leave, and nobody start it again
        return new ServiceSpec(target.home().directory(), command, variables, target.home().daemonLog());
    }

    private ServiceHost host(Home home, Environment environment) {
        return ServiceHost.of(name.orElseGet(() -> name(home, environment)), home.directory(), environment);
    }

    /** That of the palace, or of the home's directory. */
    static String name(Home home, Environment environment) {
        String path = home.palaceByName().orElse(home.directory().toString());
        String last = home.option(environment).isEmpty() ? "mempalace" : Path.of(path).getFileName().toString();
        return last.replaceAll("[^A-Za-z0-9._-]", "_").replaceFirst("^\\.+", "");
    }

    /** Nobody else may start a daemon until this one runs. */
    private int put(ServiceHost host, ServiceSpec spec, Home home, Discovery discovery) {
        boolean wasThere = host.isThere();
        try (StartLock lock = startLock(home.prepare())) {
            assert lock.isHeld() : "nobody else starts one meanwhile";
            host.write(spec);
            DaemonEnd.Outcome before = new DaemonEnd(home, discovery, err).stop();
            if (before == DaemonEnd.Outcome.FAILED) {
                throw new IOException("the daemon that runs for " + home.directory() + " could not be ended, and a second one may not be");
            }
            host.start();
            new ServiceStart(host, home, discovery, err).await();
            out.println("Service " + host.unit() + " is started"
                    + (before == DaemonEnd.Outcome.NO_DAEMON ? "" : ", in the place of the daemon before")
                    + ": " + host.file() + ".");
            out.println(host.advice());
            return ExitStatus.WELL;
        } catch (IOException e) {
            err.println("mpx: the service " + host.unit() + " could not be started: " + e.getMessage() + ".");
            if (!wasThere && host.isThere()) {
                takeBack(host);
            }
            return ExitStatus.DEGRADED;
        }
    }

    private void takeBack(ServiceHost host) {
        try {
            host.remove();
            err.println("mpx: " + host.file() + " was removed again. Agents start the daemon as before.");
        } catch (IOException e) {
            err.println("mpx: " + host.file() + " was removed again, but " + e.getMessage() + ".");
        }
    }

    private static StartLock startLock(Home home) throws IOException {
        long end = System.nanoTime() + Succession.START.toNanos();
        while (System.nanoTime() - end < 0) {
            StartLock lock = StartLock.tryAcquire(home);
            if (lock.isHeld()) {
                return lock;
            }
            lock.close();
            pause();
        }
        throw new IOException("somebody else has been starting a daemon for " + Succession.START.toSeconds() + " s (" + home.startLock()
                + ")");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** The home's service of that name; all of them where none is said. @return the exit status */
    int uninstall() {
        Home home = server.home();
        ServiceHost host = host(home, server.environment());
        List<ServiceHost> all = services(home, server.environment()).map(Named::host).toList();
        List<ServiceHost> meant = name.isEmpty() ? all : all.stream().filter(one -> one.unit().equals(host.unit())).toList();
        if (meant.isEmpty()) {
            out.println("Service " + host.unit() + ": nothing to do, " + host.file() + host.collision().map(other -> " is not this home's.")
                    .orElse(" is not there.") + all.stream().findFirst().map(one -> " This home's is " + one.unit() + ".").orElse(""));
            return ExitStatus.WELL;
        }
        return meant.stream().mapToInt(one -> uninstall(home, one)).max().orElseThrow();
    }

    private int uninstall(Home home, ServiceHost host) {
        if (isDry) {
            out.println("Would stop " + host.unit() + " and remove " + host.file() + ".");
            return ExitStatus.WELL;
        }
        Optional<ProcessIdentity> daemon = BrokerFile.read(home.brokerFile()).flatMap(BrokerFile::livingDaemon);
        try {
            host.remove();
            new Unit(host.unit()).forget(home);
            if (daemon.filter(ProcessIdentity::isLiving).isPresent()) {
                out.println("Service " + host.unit() + " is removed (" + host.file() + "). The daemon that runs, process "
                        + daemon.get().pid()
                        + ", is not the service's; it leaves when it is idle.");
                return ExitStatus.WELL;
            }
            out.println("Service " + host.unit() + " is stopped, and " + host.file()
                    + " is removed. Agents start the daemon when they need it.");
            return ExitStatus.WELL;
        } catch (IOException e) {
            err.println("mpx: " + host.file() + " is removed, but its daemon may still run: " + e.getMessage() + ". To end it: "
                    + server.hint("stop"));
            return ExitStatus.DEGRADED;
        }
    }

    private static String tried(Discovery discovery) {
        return discovery.endpoint().map(endpoint -> " (" + endpoint + ")").orElse("");
    }

    private int refuse(String why) {
        err.println("mpx: no service was made: " + why);
        return ExitStatus.DEGRADED;
    }
}
