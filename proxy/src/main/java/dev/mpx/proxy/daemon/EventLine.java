package dev.mpx.proxy.daemon;

import dev.mpx.proxy.status.Plain;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * An event as one line of the log: time, level, where, what. Whatever clients and servers call themselves or each other, it
 * stays one line, and says nothing to a terminal.
 */
final class EventLine extends Formatter {
    private static final int FRAMES = 8;

    @Override
    public String format(LogRecord event) {
        String name = String.valueOf(event.getLoggerName());
        StringBuilder line = new StringBuilder(160)
                .append(event.getInstant().truncatedTo(ChronoUnit.MILLIS))
                .append(' ').append(word(event.getLevel()))
                .append(' ').append(name, name.lastIndexOf('.') + 1, name.length()).append(": ");
        line.append(Plain.escaped(formatMessage(event)));
        int causes = 0;
        for (Throwable cause = event.getThrown(); cause != null && causes < FRAMES; cause = cause.getCause()) {
            line.append(causes++ == 0 ? " | " : " | because of ");
            line.append(Plain.escaped(cause.toString()));
            StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                line.append(i == 0 ? " at " : " < ").append(frames[i]);
            }
        }
        return line.append('\n').toString();
    }

    /** As the setting spells them; of one width. */
    private static String word(Level level) {
        int value = level.intValue();
        return value >= Level.SEVERE.intValue() ? "ERROR"
                : value >= Level.WARNING.intValue() ? "WARN "
                : value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
    }
}
