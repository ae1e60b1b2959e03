package dev.mpx.proxy.mux;

import java.util.Locale;
import java.util.Optional;

/** Severities of MCP log messages, most verbose first (RFC 5424 names). */
enum LogLevel {
    DEBUG,
    INFO,
    NOTICE,
    WARNING,
    ERROR,
    CRITICAL,
    ALERT,
    EMERGENCY;

    /** What a session that never asked for a level gets. */
    static final LogLevel UNASKED = INFO;

    static Optional<LogLevel> of(String name) {
        for (LogLevel level : values()) {
            if (level.word().equals(name)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean lets(LogLevel message) {
        return message.compareTo(this) >= 0;
    }
}
