package dev.mpx.proxy.cli;

/** What mpx's exit statuses mean. */
final class ExitStatus {
    static final int WELL = 0;
    static final int DEGRADED = 1;
    static final int WRONG_USAGE = 2;
    static final int NO_DAEMON = 3;

    private ExitStatus() {}
}
