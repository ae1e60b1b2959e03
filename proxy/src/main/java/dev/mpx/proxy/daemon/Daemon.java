package dev.mpx.proxy.daemon;

/** The long-lived process that owns the child. */
public final class Daemon {
    private Daemon() {}

    /** Runs until the daemon ends. @return the exit status */
    public static int run(DaemonOptions options) {
        throw new UnsupportedOperationException("not built yet");
    }
}
