package dev.mpx.proxy.shim;

import java.util.List;

/** There is no daemon to talk to, or it won't have this client. The message is for a person, with what helps. */
public final class NoDaemonException extends Exception {
    private static final long serialVersionUID = 1L;
    /** The {@link #reason} when none could be reached or started. */
    public static final String NO_DAEMON = "no-daemon";

    /** What there is to hope for from another try. */
    enum Outlook {
        /** Somebody starts it, ends it or hangs: it may answer any moment. */
        BUSY,
        /** It can't be reached or started; until somebody mends that, nothing will change. */
        FAILED,
        /** It is there and won't have this client. */
        REFUSED
    }

    private final Outlook outlook;
    private final String reason;
    private final transient List<String> log;

    private NoDaemonException(Outlook outlook, String reason, String message, List<String> log) {
        super(message);
        this.outlook = outlook;
        this.reason = reason;
        this.log = log;
    }

    static NoDaemonException busy(String message) {
        return new NoDaemonException(Outlook.BUSY, NO_DAEMON, message, List.of());
    }

    static NoDaemonException failed(String message) {
        return failed(message, List.of());
    }

    static NoDaemonException failed(String message, List<String> log) {
        return new NoDaemonException(Outlook.FAILED, NO_DAEMON, message, log);
    }

    static NoDaemonException refused(String reason, String message) {
        return new NoDaemonException(Outlook.REFUSED, reason, message, List.of());
    }

    /**
     * What a greeting was answered with. A relay that can't reach the other machine says how that stands: then it is not the
     * last word.
     *
     * @param outlook {@code busy}, {@code failed}, or empty for a refusal
     */
    static NoDaemonException answered(String outlook, String reason, String message) {
        return outlook.equals("busy") ? busy(message) : outlook.equals("failed") ? failed(message) : refused(reason, message);
    }

    Outlook outlook() {
        return outlook;
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
