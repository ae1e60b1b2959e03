package dev.mpx.proxy.cli;

import dev.mpx.proxy.doctor.Patient;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.ServerRecord;
import dev.mpx.proxy.home.ShellWords;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.Invocation;
import dev.mpx.proxy.shim.Target;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say which shared server a command is about. */
final class ServerOptions {
    @Option(names = "--home", paramLabel = "DIR", description = "Directory with mpx's files for this server.")
    private String home;

    @Option(names = "--endpoint", paramLabel = "URI",
            description = "The daemon to talk to: unix:/path, tcp://HOST:PORT or ssh://[USER@]HOST. Goes before MEMPALACE_BROKER.")
    private String endpoint;

    @Option(names = "--palace", paramLabel = "DIR", description = "The palace, for the default server.")
    private String palace;

    @Option(names = "--palace-dir", paramLabel = "DIR", hidden = true)
    private Path palaceDirectory;

    @Parameters(paramLabel = "-- COMMAND ARGS", arity = "0..*",
            description = "The server to share; without it, the one this home shared last, else the mempalace-mcp on PATH.")
    private List<String> command = List.of();

    /** For picocli, which fills it in. */
    ServerOptions() {}

    ServerOptions(String home, Optional<Path> palaceDirectory, List<String> command) {
        this.home = home;
        this.palaceDirectory = palaceDirectory.orElse(null);
        this.command = command;
    }

    Target target() {
        Environment environment = environment();
        Target target = invocation().target(environment);
        if (palaceDirectory == null || target.server().palace().isEmpty()) {
            return target;
        }
        // A shim that starts a daemon has worked it out in the agent's directory and environment.
        ServerCommand server = new ServerCommand(target.server().argv(), Optional.of(Palace.at(palaceDirectory)));
        return new Target(home == null ? server.home(environment) : target.home(), server, environment);
    }

    /**
     * The same for somebody from another machine, who names a home alone: what is served there is what its record says, or what
     * the home's name says of its palace.
     *
     * @throws HomeException if neither tells
     */
    Target guestsTarget() {
        if (home == null || !command.isEmpty() || palace != null) {
            return target();
        }
        Environment environment = environment();
        Home place = home();
        Optional<ServerRecord> record = ServerRecord.of(place);
        if (record.isPresent()) {
            return recorded(record.get());
        }
        Optional<String> named = place.palaceByName();
        boolean isDefault = place.option(environment).isEmpty();
        if (!isDefault && named.isEmpty()) {
            throw new HomeException("No daemon runs for " + place.directory() + ", and nothing there says which server it shares. Start it on its"
                    + " own machine: mpx ensure" + place.option(environment) + " -- COMMAND ARGS…");
        }
        List<String> arguments = isDefault ? List.of() : List.of("--palace", named.get());
        return new Invocation(Optional.of(home), arguments, Optional.empty()).target(environment);
    }

    /**
     * What the latest daemon of a home served, where the home is all that is named; else what is named. So a command that advice gives
     * needs the home alone, and means the same server in whatever directory and environment it is pasted.
     */
    Target keptTarget() {
        Optional<ServerRecord> record = isHomeAlone() ? ServerRecord.of(home()) : Optional.empty();
        return record.isPresent() ? recorded(record.get()) : target();
    }

    private Target recorded(ServerRecord record) {
        return new Target(home(), record.server(environment()), environment());
    }

    /** Whether a home is named and nothing else. */
    boolean isHomeAlone() {
        return home != null && command.isEmpty() && palace == null;
    }

    /** Whether anything is said at all. */
    boolean isGiven() {
        return home != null || palace != null || endpoint != null || !command.isEmpty();
    }

    private Invocation invocation() {
        Optional<List<String>> named = command.isEmpty() ? Optional.empty() : Optional.of(command);
        return new Invocation(Optional.ofNullable(home), arguments(), named, Optional.ofNullable(endpoint));
    }

    /** That of this process, and what the options add to it. */
    Environment environment() {
        return invocation().environment(Environment.ofProcess());
    }

    /** The home alone, for commands that work without the server being installed. */
    Home home() {
        Environment environment = environment();
        if (home != null) {
            return Home.at(home, environment);
        }
        return command.isEmpty() ? Home.of(arguments(), environment) : ServerCommand.of(command, environment).home(environment);
    }

    /** Whom {@code mpx doctor} looks at: as far as it can be told, since it is asked where something is missing. */
    Patient patient() {
        Environment environment = environment();
        Home place = home();
        Optional<ServerRecord> record = command.isEmpty() && palace == null && home != null ? ServerRecord.of(place) : Optional.empty();
        if (record.isPresent()) {
            Optional<Palace> served = record.get().palace().map(Palace::at);
            return new Patient(place, environment, served, Optional.of(new ServerCommand(record.get().command(), served)),
                    Optional.empty());
        }
        Optional<Palace> wanted = command.isEmpty() ? Optional.of(Palace.of(arguments(), environment)) : Optional.empty();
        if (home != null && command.isEmpty() && palace == null) {
            wanted = place.palaceByName().map(path -> Palace.at(Path.of(path))).or(() -> Optional.of(Palace.of(List.of(), environment)));
        }
        try {
            ServerCommand server = command.isEmpty()
                    ? ServerCommand.standard(arguments(), environment)
                    : ServerCommand.of(command, environment);
            return new Patient(place, environment, server.palace().isPresent() ? wanted.or(server::palace) : Optional.empty(),
                    Optional.of(server),
                    Optional.empty());
        } catch (HomeException missing) {
            return new Patient(place, environment, wanted, Optional.empty(), Optional.of(missing.getMessage()));
        }
    }

    /** An mpx command for the same server, to be pasted into a shell. What was not said stands in the home's record. */
    String hint(String name) {
        List<String> words = new ArrayList<>(List.of("mpx", name));
        if (home != null) {
            words.addAll(List.of("--home", home().directory().toString()));
        }
        if (palace != null) {
            words.addAll(List.of("--palace", palace));
        }
        if (endpoint != null) {
            words.addAll(List.of("--endpoint", endpoint));
        }
        if (!command.isEmpty()) {
            words.add("--");
            words.addAll(command);
        }
        return ShellWords.join(words);
    }

    /** Where a daemon was looked for, in parentheses. */
    String tried(Discovery discovery) {
        return discovery.endpoint().map(endpoint -> "(tried " + endpoint + ")")
                .orElse("(there is no " + discovery.home().brokerFile() + " to say where it listens)");
    }

    private List<String> arguments() {
        return palace == null ? List.of() : List.of("--palace", palace);
    }
}
