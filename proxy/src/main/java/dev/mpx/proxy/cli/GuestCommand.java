package dev.mpx.proxy.cli;

import dev.mpx.proxy.guest.GuestRequest;
import dev.mpx.proxy.guest.RefusedException;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.shim.DaemonConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mpx guest}: what a key is limited to by {@code command="mpx guest",restrict} in authorized_keys(5). */
@Command(name = "guest", mixinStandardHelpOptions = true,
        description = "For a key in ~/.ssh/authorized_keys, as command=\"mpx guest\",restrict: lets whoever shows it use the daemon as a guest,"
                + " and do nothing else on this machine.")
final class GuestCommand implements Callable<Integer> {
    private static final String ASKED = "SSH_ORIGINAL_COMMAND";
    private static final String PURPOSE = "mpx: this key lets agents on other machines use the mpx daemon here, and nothing else"
            + " (mpx ensure --guest, connect --guest and status)";
    private static final Duration CONNECT = Duration.ofSeconds(5);

    @Option(names = "--home", paramLabel = "DIR", description = "The one home that is meant; without it, the default palace's.")
    private String home;

    private final Environment environment = Environment.ofProcess();

    @Override
    public Integer call() throws IOException {
        Optional<String> asked = environment.get(ASKED);
        if (asked.isEmpty()) {
            System.err.println(PURPOSE + ". There is no shell for it.");
            return ExitStatus.DEGRADED;
        }
        try {
            GuestRequest request = GuestRequest.read(asked.get());
            check(request);
            return run(request);
        } catch (RefusedException e) {
            System.err.println(PURPOSE + ". What was asked for is refused: " + e.getMessage() + ".");
            return ExitStatus.DEGRADED;
        }
    }

    private Home meant() {
        return home == null ? Home.of(List.of(), environment) : Home.at(home, environment);
    }

    /** What a home's record says is started there: one that a guest may choose is one that a guest may have made. */
    private void check(GuestRequest request) throws RefusedException {
        if (request.home().isPresent() && !Home.at(request.home().get(), environment).equals(meant())) {
            throw new RefusedException(home != null
                    ? "this key is for one home, and that is another"
                    : "this key is for the default palace's home; for another one, say \"mpx guest --home DIR\" in its line of authorized_keys");
        }
    }

    private Integer run(GuestRequest request) throws IOException {
        List<String> words = new ArrayList<>();
        switch (request.kind()) {
            case ENSURE -> words.addAll(List.of("ensure", "--guest"));
            case CONNECT -> words.addAll(List.of("connect", "--guest"));
            case STATUS -> {
                Optional<Endpoint.Unix> door = door();
                if (door.isEmpty()) {
                    return noDaemon(request);
                }
                words.addAll(List.of("status", "--endpoint", door.get().toString()));
            }
        }
        if (request.isJson()) {
            words.add("--json");
        }
        if (home != null) {
            words.addAll(List.of("--home", home));
        }
        return Mpx.commandLine().execute(words.toArray(String[]::new));
    }

    /** The socket for guests, if somebody listens there. */
    private Optional<Endpoint.Unix> door() {
        Optional<Endpoint.Unix> door = BrokerFile.read(meant().brokerFile()).stream().flatMap(broker -> broker.guests().stream())
                .filter(endpoint -> endpoint.startsWith("unix:/")).map(endpoint -> (Endpoint.Unix) Endpoint.parse(endpoint)).findFirst();
        try {
            if (door.isPresent()) {
                DaemonConnection.open(door.get(), CONNECT).close();
            }
            return door;
        } catch (IOException nobody) {
            return Optional.empty();
        }
    }

    private Integer noDaemon(GuestRequest request) {
        if (request.isJson()) {
            System.out.println("{\"daemon\":null}");
        }
        System.err.println("mpx: no daemon runs for " + meant().directory() + " on this machine; the first session starts it.");
        return ExitStatus.NO_DAEMON;
    }
}
