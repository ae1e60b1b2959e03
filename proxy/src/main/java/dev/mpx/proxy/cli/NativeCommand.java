package dev.mpx.proxy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** What only the native program does, since it needs the guard (docs/jobs.md): here for the help, and to say so without one. */
abstract class NativeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    // The native program reads them.
    @Unmatched
    private List<String> words = new ArrayList<>();

    @Override
    public Integer call() {
        spec.commandLine().getErr().println("mpx: \"mpx " + spec.name() + "\" needs the native program, which was not built where this mpx"
                + " was installed. Install a C compiler (Debian: apt install gcc make) and run install.sh again.");
        return status();
    }

    abstract int status();

    /** {@code mpx run}. */
    @Command(name = "run", description = "Run a command, such as a mine, with the palace lent to it: mpx run -- COMMAND ARGS…")
    static final class Run extends NativeCommand {
        @Option(names = "--key", paramLabel = "KEY", description = "Two jobs with the same key are the same: the second joins the first.")
        private String key;

        @Option(names = "--detach", description = "Return at once; the job is done later.")
        private boolean detach;

        @Option(names = "--timeout", paramLabel = "TIME",
                description = "How long it may run, as 90s, 10m or 2h; 30m without it, 0 for ever.")
        private String timeout;

        @Option(names = "--wait", paramLabel = "TIME", description = "How long it waits for its turn; as long as it takes without it.")
        private String wait;

        @Option(names = "--reap", description = "End old mines of this palace that nobody waits for.")
        private boolean reap;

        @Option(names = "--home", paramLabel = "DIR", description = "Directory with mpx's files for this server.")
        private String home;

        @Option(names = "--palace", paramLabel = "DIR", description = "The palace.")
        private String palace;

        @Option(names = "--endpoint", paramLabel = "URI", description = "The daemon to talk to.")
        private String endpoint;

        @Override
        int status() {
            return ExitStatus.WRONG_USAGE;
        }
    }

    /** {@code mpx hook}. */
    @Command(name = "hook", description = "In place of \"mempalace hook\": the hook as a job that the agent does not wait for.")
    static final class Hook extends NativeCommand {
        /** Not 2, by which a hook stops its agent. */
        @Override
        int status() {
            return ExitStatus.DEGRADED;
        }
    }
}
