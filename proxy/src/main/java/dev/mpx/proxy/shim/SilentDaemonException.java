package dev.mpx.proxy.shim;

import java.io.IOException;

/** Somebody took the connection and then said nothing: a daemon that hangs or was stopped. */
public final class SilentDaemonException extends IOException {
    private static final long serialVersionUID = 1L;

    SilentDaemonException() {
        super("the daemon does not answer");
    }
}
