package dev.mpx.proxy.daemon;

import java.util.logging.Level;

/** How much the daemon writes into its log. */
enum LogDetail {
    ERROR(Level.SEVERE),
    WARN(Level.WARNING),
    /** Who comes and goes, and what goes wrong. */
    INFO(Level.INFO),
    /** Every call. */
    DEBUG(Level.FINE);

    private final Level level;

    LogDetail(Level level) {
        this.level = level;
    }

    Level level() {
        return level;
    }

    static LogDetail of(Setting written) {
        return switch (written.text().strip()) {
            case "error" -> ERROR;
            case "warn" -> WARN;
            case "info" -> INFO;
            case "debug" -> DEBUG;
            default -> throw written.wrong("one of error, warn, info and debug");
        };
    }
}
