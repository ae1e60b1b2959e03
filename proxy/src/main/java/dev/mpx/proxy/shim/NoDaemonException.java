package dev.mpx.proxy.shim;

import java.util.List;

/** There is no daemon to talk to, or it won't have this client. The message is for a person, with what helps. */
public final class NoDaemonException extends Exception {
    private static final long serialVersionUID = 1L;
    /** The {@link #reason} when none could be reached or started. */
    public static final String NO_DAEMON = "no-daemon";

    private final String reason;

    private final transient List<String> log;

    NoDaemonException(String reason, String message) {
        this(reason, message, List.of());
    }

    NoDaemonException(String reason, String message, List<String> log) {
        super(message);
        this.reason = reason;
        this.log = log;
    }

    /** The last lines that a daemon which could not start wrote; empty otherwise. */
    public List<String> log() {
        return log;
    }

    /** One word for programs: {@link #NO_DAEMON}, or what the daemon gave when it refused. */
    public String reason() {
        return reason;
    }
}
