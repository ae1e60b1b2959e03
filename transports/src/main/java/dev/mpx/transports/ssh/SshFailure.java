package dev.mpx.transports.ssh;

import java.io.IOException;

/** Why there is no connection. The message is a sentence for a person, with what helps. */
public final class SshFailure extends IOException {
    private static final long serialVersionUID = 1L;

    /** What kind of trouble it is. */
    public enum Kind {
        /** Nobody answers there, or the way there is cut; it may work the next moment. */
        UNREACHABLE,
        /** The host is not known, or is not the one that is known. */
        HOST_KEY,
        /** The host lets none of this user's keys in. */
        AUTHENTICATION,
        /** ssh_config(5) asks for what can't be done. */
        CONFIGURATION,
        /** The connection is there; what was asked for over it was refused. */
        REFUSED
    }

    private final Kind kind;

    public SshFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    SshFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
