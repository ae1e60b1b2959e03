package dev.mpx.proxy.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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
