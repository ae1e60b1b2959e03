package dev.mpx.proxy.cli;

import dev.mpx.proxy.daemon.Daemon;
import dev.mpx.proxy.daemon.DaemonOptions;
import dev.mpx.proxy.shim.Target;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx serve}. */
@Command(name = "serve", mixinStandardHelpOptions = true, description = "Be the daemon, in the foreground.")
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Option(names = "--relay", paramLabel = "URI", hidden = true)
    private String relay;

    /** For picocli, which fills it in. */
    ServeCommand() {}

    ServeCommand(ServerOptions server) {
        this.server = server;
    }

    @Override
    public Integer call() {
        return relay == null ? Daemon.run(options()) : RelayProgram.run(relay, server.home().directory().toString());
    }

    DaemonOptions options() {
        Target target = server.target();
        return new DaemonOptions(target.home(), target.server(), target.environment());
    }
}
