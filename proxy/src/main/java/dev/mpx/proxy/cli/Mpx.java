package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Version;
import dev.mpx.proxy.shim.NoDaemonException;
import dev.mpx.proxy.status.Plain;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of mpx. */
@Command(
        name = "mpx",
        mixinStandardHelpOptions = true,
        versionProvider = Mpx.Versions.class,
        description = "Many agents, one palace server. Without a command: the server's stand-in, for an agent's"
                + " configuration (arguments are passed on to the real mempalace-mcp).",
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            ConnectCommand.class, EnsureCommand.class, ForwardCommand.class, GuestCommand.class, InstallCommand.class, RestartCommand.class,
            ServeCommand.class, StatusCommand.class, StopCommand.class, UninstallCommand.class, LogsCommand.class, TraceCommand.class,
            MetricsCommand.class, DoctorCommand.class, DemoCommand.class, NativeCommand.Run.class, NativeCommand.Hook.class
        },
        footer = {
            "",
            "mpx -- COMMAND ARGS…   shares any other stdio MCP server.",
            "Exit status: 0 well, 1 degraded or failed, 2 wrong usage, 3 no daemon."
        })
public final class Mpx implements Runnable {
    private static final List<String> WHICH_SERVER = List.of("--home", "--palace", "--endpoint");

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"mpx " + Version.current()};
        }
    }

    public static void main(String[] args) {
        Optional<Integer> daemon = explained(args);
        System.exit(daemon.isPresent() ? daemon.get() : commandLine().execute(commandFirst(args)));
    }

    private static Optional<Integer> explained(String[] args) {
        try {
            return ServeLine.run(args);
        } catch (HomeException e) {
            System.err.println("mpx: " + Plain.escaped(e.getMessage()));
            return Optional.of(ExitStatus.DEGRADED);
        }
    }

    /** {@code mpx --home DIR status} is what it looks like: options that say which server is meant may come first. */
    static String[] commandFirst(String... args) {
        int at = 0;
        while (at < args.length && WHICH_SERVER.stream().anyMatch(args[at].replaceFirst("=.*", "")::equals)) {
            at += args[at].indexOf('=') > 0 ? 1 : 2;
        }
        if (at == 0 || at >= args.length || args[at].startsWith("-")) {
            return args;
        }
        List<String> words = new ArrayList<>(List.of(args));
        words.add(0, words.remove(at));
        return words.toArray(String[]::new);
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Mpx());
        line.setUsageHelpAutoWidth(true);
        // A server's argument such as @scope/package is no file of arguments.
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler(Mpx::explain);
        return line;
    }

    private static int explain(Exception e, CommandLine line, CommandLine.ParseResult parsed) throws Exception {
        if (e instanceof NoDaemonException none) {
            line.getErr().println("mpx: " + Plain.escaped(e.getMessage()));
            none.log().forEach(text -> line.getErr().println("mpx:   " + Plain.escaped(text)));
            return ExitStatus.NO_DAEMON;
        }
        if (e instanceof HomeException) {
            line.getErr().println("mpx: " + Plain.escaped(e.getMessage()));
            return ExitStatus.DEGRADED;
        }
        throw e;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "A command is missing.");
    }
}
