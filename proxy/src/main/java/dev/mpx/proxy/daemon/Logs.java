package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Home;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The daemon's own log and the child's standard error, each in files of bounded size and number in the home's
 * {@code logs}: {@code mpx.log} is the newest, then {@code mpx.log.1}; {@code child.log} likewise. No payloads.
 */
public final class Logs implements AutoCloseable {
    private static final int BYTES = 1 << 20;
    private static final int FILES = 4;

    private final Logger child;
    /** Held here, as a logger that nobody holds forgets its level. */
    private final Logger own = Logger.getLogger("dev.mpx");

    private Logs(Logger child) {
        this.child = child;
    }

    static Logs open(Home home) throws IOException {
        System.setProperty("java.util.logging.manager", LateLogManager.class.getName());
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(all(new RotatingFile(home.mpxLog(), BYTES, FILES, new EventLine())));
        root.setLevel(Level.INFO);
        Logger child = Logger.getLogger("child");
        child.setUseParentHandlers(false);
        child.addHandler(all(new RotatingFile(home.childLog(), BYTES, FILES, new PlainLine())));
        return new Logs(child);
    }

    private static Handler all(Handler handler) {
        handler.setLevel(Level.ALL);
        return handler;
    }

    /** How much of what mpx itself does is written from now on; of the libraries' words, {@code info} and up. */
    void level(LogDetail detail) {
        own.setLevel(detail.level());
    }

    /** Takes the child's lines on stderr; any thread. */
    public Consumer<String> child() {
        return child::info;
    }

    @Override
    public void close() {
        if (LogManager.getLogManager() instanceof LateLogManager late) {
            late.resetNow();
        }
    }

    private static final class PlainLine extends Formatter {
        @Override
        public String format(LogRecord line) {
            return Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + line.getMessage() + "\n";
        }
    }

    /** Keeps logging while the JVM shuts down, until the daemon has left; the usual one stops at the first signal. */
    public static final class LateLogManager extends LogManager {
        @Override
        public void reset() {
            // not yet: see resetNow
        }

        void resetNow() {
            super.reset();
        }
    }
}
