package dev.mpx.proxy.cli;

import dev.mpx.proxy.shim.NoDaemonException;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** For guests; else listed for its help alone, since the launcher runs the shim for it. */
@Command(name = "connect", mixinStandardHelpOptions = true,
        description = "Speak MCP on standard input and output, through the daemon. What an agent runs.")
final class ConnectCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--guest", description = "Connect as somebody from another machine does; the session ends with the daemon.")
    private boolean guest;

    @Override
    public Integer call() throws NoDaemonException, IOException {
        if (guest) {
            return new GuestPipe(GuestDoor.ensure(server)).run();
        }
        throw new CommandLine.ParameterException(spec.commandLine(), "To name a server, write: mpx connect -- COMMAND ARGS…");
    }
}
