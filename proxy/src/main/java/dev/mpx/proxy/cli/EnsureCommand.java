package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.NoDaemonException;
import dev.mpx.proxy.shim.Target;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx ensure}. */
@Command(name = "ensure", mixinStandardHelpOptions = true,
        description = "See to it that the daemon runs, and print where it listens.")
final class EnsureCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Option(names = "--guest", description = "Print where guests come in: what a relay on another machine asks for.")
    private boolean guest;

    @Override
    public Integer call() throws NoDaemonException, IOException {
        if (guest) {
            System.out.println(GuestDoor.ensure(server));
            return ExitStatus.WELL;
        }
        Target target = server.keptTarget();
        Discovery discovery = new Discovery(target.home(), target.environment()).orRelay();
        discovery.findOrStart(discovery.target(target)).close();
        return tellEndpoint(discovery);
    }

    /** Prints where the daemon that was found or started listens. */
    static int tellEndpoint(Discovery discovery) {
        Optional<Endpoint> endpoint = discovery.endpoint();
        System.out.println(endpoint.map(Endpoint::toString).orElse(""));
        return ExitStatus.WELL;
    }
}
