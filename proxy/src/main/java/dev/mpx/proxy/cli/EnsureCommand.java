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

/** {@code mpx ensure}. */
@Command(name = "ensure", mixinStandardHelpOptions = true,
        description = "See to it that the daemon runs, and print where it listens.")
final class EnsureCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Override
    public Integer call() throws NoDaemonException, IOException {
        Target target = server.target();
        Discovery discovery = new Discovery(target.home(), target.environment());
        discovery.findOrStart(target).close();
        return tellEndpoint(discovery);
    }

    /** Prints where the daemon that was found or started listens. */
    static int tellEndpoint(Discovery discovery) {
        Optional<Endpoint> endpoint = discovery.endpoint();
        System.out.println(endpoint.map(Endpoint::toString).orElse(""));
        return ExitStatus.WELL;
    }
}
