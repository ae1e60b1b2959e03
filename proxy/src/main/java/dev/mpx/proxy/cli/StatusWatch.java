package dev.mpx.proxy.cli;

import dev.mpx.proxy.daemon.DurationText;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * {@code mpx status --watch} where there is no native program: the status again and again, in place. Java can't read single
 * keys, so it ends by Ctrl-C alone.
 */
final class StatusWatch {
    private static final String TAKE = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
    private static final String GIVE_BACK = "\u001b[2J\u001b[?7h\u001b[?25h\u001b[?1049l";
    /** Why there is no status: what is too long for a row goes on in the next one, so that nothing of it is lost to who copies it. */
    private static final String ERASE = "\u001b[J";
    private static final String WRAPPING = "\u001b[?7h";
    private static final String CUTTING = "\u001b[?7l";
    private static final String END_OF_LINE = "\u001b[K\n";

    private final PrintStream out;
    private final Duration interval;

    StatusWatch(PrintStream out, Duration interval) {
        this.out = out;
        this.interval = interval;
    }

    /** @param look is given the width of the moment */
    int run(IntFunction<StatusView> look) throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> out.print(GIVE_BACK)));
        out.print(TAKE);
        while (true) {
            StatusView view = look.apply(OutputTerminal.ofProcess().columns());
            String text = view.out().isEmpty() ? ERASE + WRAPPING + view.err() + CUTTING : view.out().replace("\n", END_OF_LINE);
            out.print("\u001b[H" + text + "every " + DurationText.write(interval) + "; Ctrl-C quits\u001b[J");
            out.flush();
            Thread.sleep(interval.toMillis());
        }
    }
}
