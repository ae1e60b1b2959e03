package dev.mpx.proxy.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Listed for its help; the launcher runs the shim for it. */
@Command(name = "connect", mixinStandardHelpOptions = true,
        description = "Speak MCP on standard input and output, through the daemon. What an agent runs.")
final class ConnectCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(spec.commandLine(), "To name a server, write: mpx connect -- COMMAND ARGS…");
    }
}
