package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.shim.Discovery;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mpx stop}. */
@Command(name = "stop", mixinStandardHelpOptions = true, description = "End the daemon and its server, and wait until they are gone.")
final class StopCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() {
        Discovery discovery = new Discovery(server.home(), server.environment()).orRelay();
        Optional<String> noRelay = NoRelay.told(discovery, server, "stop");
        if (noRelay.isPresent()) {
            System.err.println(noRelay.get());
            return ExitStatus.NO_DAEMON;
        }
        Home home = discovery.home();
        return switch (new DaemonEnd(home, discovery, System.err).stop()) {
            case GONE -> ExitStatus.WELL;
            case SERVER_LEFT, FAILED -> ExitStatus.DEGRADED;
            case NO_DAEMON -> noDaemon(home, discovery);
        };
    }

    private int noDaemon(Home home, Discovery discovery) {
        if (ElectionLock.isHeld(home)) {
            System.err.println("mpx: a daemon for " + home.directory() + " is just starting or leaving; it does not say yet where it listens."
                    + " Try again in a moment.");
            return ExitStatus.DEGRADED;
        }
        String none = discovery.relayed().map(endpoint -> "no relay to " + endpoint + " runs here").orElse("no daemon runs for " + home.directory());
        System.err.println("mpx: " + none + " " + server.tried(discovery) + ".");
        return ExitStatus.NO_DAEMON;
    }
}
