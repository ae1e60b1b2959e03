package dev.mpx.proxy.shim;

/** There is no daemon to talk to, or it won't have this client. The message is for a person, with what helps. */
public final class NoDaemonException extends Exception {
    private static final long serialVersionUID = 1L;
    /** The {@link #reason} when none could be reached or started. */
    public static final String NO_DAEMON = "no-daemon";

    private final String reason;

    NoDaemonException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** One word for programs: {@link #NO_DAEMON}, or what the daemon gave when it refused. */
    public String reason() {
        return reason;
    }
}
