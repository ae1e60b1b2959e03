package dev.mpx.proxy.cli;

import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.NoDaemonException;
import dev.mpx.proxy.shim.Target;
import java.io.IOException;
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
        Target target = server.target();
        Discovery discovery = new Discovery(target.home(), target.environment());
        discovery.restart(target).close();
        return EnsureCommand.tellEndpoint(discovery);
    }
}
