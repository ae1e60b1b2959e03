package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.shim.Discovery;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx logs}: reads the files themselves, so it needs no daemon. */
@Command(name = "logs", mixinStandardHelpOptions = true,
        description = "What the daemon has logged; with --child, what the server said on stderr.")
final class LogsCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server;

    @Option(names = {"-f", "--follow"}, description = "Go on with what is logged from now on, whichever daemon does it.")
    private boolean follow;

    @Option(names = "--child", description = "The server's standard error instead.")
    private boolean child;

    @Option(names = {"-n", "--lines"}, paramLabel = "LINES", defaultValue = "100",
            description = "How many of the latest (${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Discovery discovery = new Discovery(server.home(), server.environment()).orRelay();
        if (discovery.isElsewhere()) {
            throw new HomeException("The daemon's log is on its own machine; run \"" + server.hint("logs") + "\" there.");
        }
        Home home = discovery.home();
        Path file = child ? home.childLog() : home.mpxLog();
        // the server may have said anything, in any encoding
        PrintStream out = new PrintStream(new PlainOutput(System.out), false, StandardCharsets.UTF_8);
        LogTail tail = new LogTail(file, out);
        boolean found = tail.print(Math.max(0, lines));
        if (follow) {
            tail.follow();
        } else if (!found) {
            System.err.println("mpx: there is no " + file + ": no daemon has served " + home.directory() + " yet.");
            return ExitStatus.DEGRADED;
        }
        return ExitStatus.WELL;
    }
}
