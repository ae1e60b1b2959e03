package dev.mpx.proxy.cli;

import dev.mpx.proxy.forward.Forward;
import dev.mpx.proxy.forward.ForwardFailure;
import dev.mpx.proxy.home.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mpx forward}. */
@Command(name = "forward", mixinStandardHelpOptions = true,
        description = "Forward a socket to the daemon of another machine, by your own ssh and its connection if one is shared; print the setting"
                + " that has mpx use it, and keep it up until this ends.")
final class ForwardCommand implements Callable<Integer> {
    /** On standard input and error: where a person can see a question and answer it. */
    private static final String HAS_TERMINAL = "[ -t 0 ] && [ -t 2 ]";

    @Parameters(paramLabel = "[USER@]HOST[:PORT]", description = "As for ssh, or ssh://[USER@]HOST[:PORT][?home=/path].")
    private String host;

    @ArgGroup
    private Mode mode = new Mode();

    private static final class Mode {
        @Option(names = "--detach", description = "Leave it in the background, and return once it works.")
        private boolean detach;

        @Option(names = "--stop", description = "End the one to that host.")
        private boolean stop;
    }

    @Override
    public Integer call() throws IOException {
        Forward forward = Forward.to(host, Environment.ofProcess());
        try {
            return mode.stop ? stop(forward) : mode.detach ? detach(forward) : hold(forward);
        } catch (ForwardFailure e) {
            System.err.println("mpx: " + e.getMessage());
            return ExitStatus.DEGRADED;
        }
    }

    private static int hold(Forward forward) throws ForwardFailure, IOException {
        boolean wasHeld = forward.hold(hasTerminal(), how -> tell(forward, "it is kept up " + how + ", until this process ends"),
                sentence -> System.err.println("mpx: " + sentence));
        if (!wasHeld) {
            forward.awaitOthers();
            tell(forward, "it was kept up already; to end it: mpx forward --stop " + forward.endpoint());
        }
        return ExitStatus.WELL;
    }

    private static int detach(Forward forward) throws ForwardFailure, IOException {
        boolean isNew = forward.detach(Path.of(System.getProperty("mpx.launcher", "mpx")));
        tell(forward, (isNew ? "it is kept up in the background" : "it was kept up already") + "; to end it: mpx forward --stop " + forward.endpoint());
        return ExitStatus.WELL;
    }

    /** The setting alone goes to standard output, for scripts. */
    private static void tell(Forward forward, String how) {
        System.out.println("MEMPALACE_BROKER=" + forward.socket());
        System.out.flush();
        System.err.println("mpx: this socket leads to the daemon at " + forward.endpoint() + "; " + how + ". Set the variable for your agents, or write"
                + " into ~/.config/mpx/mpx.toml, above all sections: endpoint = \"" + forward.socket() + "\"");
    }

    private static int stop(Forward forward) throws ForwardFailure, IOException {
        if (forward.stop()) {
            return ExitStatus.WELL;
        }
        System.err.println("mpx: nothing is forwarded to " + forward.endpoint() + ".");
        return ExitStatus.NO_DAEMON;
    }

    private static boolean hasTerminal() throws IOException {
        Process shell = new ProcessBuilder("/bin/sh", "-c", HAS_TERMINAL).inheritIO().start();
        try {
            return shell.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
