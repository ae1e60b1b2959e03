package dev.mpx.proxy.cli;

import dev.mpx.proxy.daemon.DurationText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code mpx status}: the daemon renders, this prints. Never starts a daemon. The native program does the same by itself. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Who is connected, what runs, how the server is. Exit status 0 well, 1 degraded, 3 no daemon.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    /** When colours are wanted. */
    enum When {
        auto,
        always,
        never
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private ServerOptions server;

    @Option(names = "--json", description = "For programs; docs/status.schema.json describes it.")
    private boolean json;

    @Option(names = "--watch", paramLabel = "INTERVAL", arity = "0..1", fallbackValue = "1s",
            description = "Again and again, in place, every second or as often as is said (2s, 1m). q quits.")
    private String watch;

    @Option(names = "--color", paramLabel = "WHEN",
            description = "auto (on a terminal, unless NO_COLOR is set), always or never.")
    private When color = When.auto;

    @Option(names = "--all", description = "Name every session, call and tool, however many there are.")
    private boolean all;

    @Override
    public Integer call() throws InterruptedException {
        // Paths and names in it may hold any character, whatever the locale.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        OutputTerminal terminal = OutputTerminal.ofProcess();
        boolean colors = color == When.always || color == When.auto && terminal.wantsColours();
        if (watch != null) {
            Duration interval = interval();
            check(!json, "--watch is for people, and --json for programs: say one of them.");
            check(terminal.isAble(), "--watch needs a terminal to draw on. Without one, this tells the status once: mpx status");
            return new StatusWatch(out, interval).run(
                    columns -> new StatusLook(server, new StatusLook.Wanted(false, colors, all, columns, true)).take());
        }
        StatusLook.Wanted wanted = new StatusLook.Wanted(json, colors, all || !terminal.isThere(), terminal.columns(), false);
        StatusView view = new StatusLook(server, wanted).take();
        out.print(view.out());
        out.flush();
        System.err.print(view.err());
        return view.status();
    }

    private Duration interval() {
        Optional<Duration> interval = DurationText.read(watch)
                .filter(read -> read.toMillis() > 0 && read.compareTo(LONGEST_INTERVAL) <= 0);
        check(interval.isPresent(), "\"" + watch + "\" is no interval such as 2s, 1m or 0.5s.");
        return interval.orElseThrow();
    }

    private void check(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
