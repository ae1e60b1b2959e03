package dev.mpx.transports.socket;

import java.io.IOException;
import java.util.List;
import org.newsclub.net.unix.BrokenPipeSocketException;
import org.newsclub.net.unix.ConnectionResetSocketException;

/** Tells a connection that the other side or the way to it has ended from one that failed here. Stateless. */
public final class Loss {
    /** What the JDK says, which has no types for it: strerror(3) of EPIPE, ECONNRESET, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH. */
    private static final List<String> TOLD = List.of(
            "Broken pipe", "Connection reset", "Connection timed out", "No route to host", "Network is unreachable");

    private Loss() {}

    public static boolean isPeers(IOException e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof BrokenPipeSocketException
                || e instanceof ConnectionResetSocketException
                || TOLD.stream().anyMatch(message::startsWith);
    }
}
