package dev.mpx.proxy.mux;

import dev.mpx.framing.RpcId;
import java.time.Duration;
import java.util.Optional;

/**
 * A client's request when it is over. One is made for each call, so its times are plain numbers; they are told as {@link
 * Duration}s. Its texts are of bounded length, whatever the client has sent.
 *
 * @param session the number of the client's session
 * @param agent what the client calls itself
 * @param id the client's own
 * @param target the tool, prompt or resource that was asked for; empty where the method names none
 * @param totalNanos from its arrival to its answer
 * @param childNanos from its first hand-over to the server; {@link #NEVER} if the server was given nothing of it
 * @param answerBytes of the answer; 0 if it was taken back
 * @param code of the error that it was answered with; 0 if it was not
 * @param reason the word for it in {@code data.mpx.reason}; empty for an error of the server's own
 */
public record SettledCall(
        long session,
        String agent,
        RpcId id,
        String method,
        String target,
        long totalNanos,
        long childNanos,
        int requestBytes,
        int answerBytes,
        Ending ending,
        int code,
        String reason) {
    /** It was not on the server. */
    public static final long NEVER = -1;

    /** How a call ends. */
    public enum Ending {
        /** With a result, whether or not the tool calls it an error. */
        ANSWERED("answered"),
        /** With an error of the server's. */
        ERROR("error"),
        /** Its deadline has passed. */
        TIMED_OUT("timed-out"),
        /** With another error of mpx's. */
        FAILED("failed"),
        /** With an error at once: it was never queued. */
        REFUSED("refused"),
        /** Its client has taken it back. */
        CANCELLED("cancelled"),
        /** Its client has left. */
        CLIENT_GONE("client-gone");

        private final String word;

        Ending(String word) {
            this.word = word;
        }

        /** The word for it in logs, traces and metrics. */
        public String word() {
            return word;
        }

        /** Whether its client has waited for it to the end. */
        public boolean isAwaited() {
            return this != REFUSED && this != CANCELLED && this != CLIENT_GONE;
        }
    }

    public Duration total() {
        return Duration.ofNanos(totalNanos);
    }

    /** Until it was first handed to the server, or all the time if it never was. */
    public Duration queued() {
        return Duration.ofNanos(childNanos == NEVER ? totalNanos : totalNanos - childNanos);
    }

    public Optional<Duration> onChild() {
        return childNanos == NEVER ? Optional.empty() : Optional.of(Duration.ofNanos(childNanos));
    }
}
