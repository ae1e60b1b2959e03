package dev.mpx.proxy.cli;

import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.NoDaemonException;
import dev.mpx.proxy.shim.Target;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mpx restart}. */
@Command(name = "restart", mixinStandardHelpOptions = true,
        description = "Replace the daemon and its server by new ones, and print where it listens. Sessions go on.")
final class RestartCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() throws NoDaemonException, IOException {
        Target wanted = server.keptTarget();
        Discovery discovery = new Discovery(wanted.home(), wanted.environment()).orRelay();
        Optional<String> noRelay = NoRelay.told(discovery, server, "restart");
        if (noRelay.isPresent()) {
            System.err.println(noRelay.get());
            return ExitStatus.NO_DAEMON;
        }
        Target target = discovery.target(wanted);
        if (discovery.isPrescribed()) {
            discovery.restart(target).close(); // says that nothing is restarted here
            return EnsureCommand.tellEndpoint(discovery);
        }
        DaemonEnd end = new DaemonEnd(target.home(), discovery, System.err);
        Optional<DaemonEnd.Outcome> forced = end.endIfItHangs();
        if (forced.isEmpty()) {
            try {
                discovery.restart(target).close();
                return EnsureCommand.tellEndpoint(discovery);
            } catch (NoDaemonException e) {
                forced = e.reason().equals(NoDaemonException.NO_DAEMON) ? end.endIfItStayed() : Optional.empty();
                if (forced.isEmpty()) {
                    throw e;
                }
            }
        }
        if (forced.get() == DaemonEnd.Outcome.FAILED) {
            return ExitStatus.DEGRADED;
        }
        // not restart: a session of the old one may have started the new one by now
        discovery.findOrStart(target).close();
        return EnsureCommand.tellEndpoint(discovery);
    }
}
