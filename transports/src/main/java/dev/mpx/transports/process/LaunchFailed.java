package dev.mpx.transports.process;

/** A command could not be executed; the message says so in plain words. */
public final class LaunchFailed extends RuntimeException {
    LaunchFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
