package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Home;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.logging.ErrorManager;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The daemon's own log and the child's standard error, each in files of bounded size and number in the home's
 * {@code logs}: {@code mpx.log.0} is the newest, {@code child.log.0} likewise.
 */
public final class Logs implements AutoCloseable {
    private static final int BYTES = 1 << 20;
    private static final int FILES = 4;

    private final Logger child;

    private Logs(Logger child) {
        this.child = child;
    }

    static Logs open(Home home) throws IOException {
        System.setProperty("java.util.logging.manager", LateLogManager.class.getName());
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(file(home, "mpx.log", new EventLine()));
        root.setLevel(Level.INFO);
        Logger child = Logger.getLogger("child");
        child.setUseParentHandlers(false);
        child.addHandler(file(home, "child.log", new PlainLine()));
        return new Logs(child);
    }

    private static Handler file(Home home, String name, Formatter formatter) throws IOException {
        // a percent sign would be a pattern to FileHandler
        String pattern = home.logs().resolve(name).toString().replace("%", "%%");
        FileHandler handler = new PrivateFileHandler(pattern, home.logs(), name);
        handler.setFormatter(formatter);
        handler.setEncoding("UTF-8");
        return handler;
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

    /** What agents and the server say is nobody else's to read: all files of the log have mode 0600, also those to come. */
    private static final class PrivateFileHandler extends FileHandler {
        private final Path directory;
        private final String name;

        PrivateFileHandler(String pattern, Path directory, String name) throws IOException {
            super(pattern, BYTES, FILES, true);
            this.directory = directory;
            this.name = name;
            makePrivate();
        }

        /** Called for each new file, the first time before the fields are set. */
        @Override
        protected synchronized void setOutputStream(OutputStream out) {
            super.setOutputStream(out);
            if (name != null) {
                makePrivate();
            }
        }

        private void makePrivate() {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, name + "*")) {
                for (Path file : files) {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
                }
            } catch (IOException e) {
                reportError("the log's files can't be made private", e, ErrorManager.OPEN_FAILURE);
            }
        }
    }

    /** One line an event: time, level, where, what. */
    private static final class EventLine extends Formatter {
        @Override
        public String format(LogRecord event) {
            String name = String.valueOf(event.getLoggerName());
            String where = name.substring(name.lastIndexOf('.') + 1);
            StringBuilder line = new StringBuilder(160)
                    .append(event.getInstant().truncatedTo(ChronoUnit.MILLIS))
                    .append(String.format(Locale.ROOT, " %-7s %s: ", event.getLevel(), where))
                    .append(formatMessage(event).replace("\n", "\\n"))
                    .append('\n');
            for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
                line.append("    ").append(cause).append('\n');
                for (StackTraceElement frame : cause.getStackTrace()) {
                    line.append("        at ").append(frame).append('\n');
                }
            }
            return line.toString();
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
