package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonText;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Why requests can't be served, as the answer that each of them gets. Of the codes that mpx itself raises the shim uses
 * three: -32011 for what a byte of was sent, its outcome unknown; -32012 where there is no daemon, and -32016 where one
 * is just going, both for what was not sent at all.
 *
 * @param code one of the three
 * @param reason one word for programs
 * @param message a sentence for whoever reads the agent's log
 * @param log last lines of a daemon that could not start
 */
record Failure(int code, String reason, String message, List<String> log) {
    private static final int LOST = -32011;
    private static final int UNAVAILABLE = -32012;
    private static final int LEAVING = -32016;

    private static final String GONE = "daemon-gone";
    /** Before the reason: that may end in a command, which no sentence must follow. */
    private static final String NOT_SENT = "Nothing of this request was sent; mpx keeps trying. ";

    /** For good. */
    static Failure refused(String reason, String message, List<String> log) {
        return new Failure(UNAVAILABLE, reason, message, log);
    }

    /** It can't be had just now. */
    static Failure unavailable(NoDaemonException why) {
        return new Failure(UNAVAILABLE, why.reason(), NOT_SENT + why.getMessage(), why.log());
    }

    /** It could not be had for so long. */
    static Failure unavailable(Duration since, NoDaemonException why) {
        return new Failure(UNAVAILABLE, why.reason(),
                "No mpx daemon has answered for " + since.toSeconds() + " s. " + NOT_SENT + why.getMessage(), why.log());
    }

    /** For a request that was with a daemon, or about to be, when that went away. */
    static Failure daemonGone(boolean sent) {
        return sent
                ? new Failure(LOST, GONE, "The mpx daemon went away before it answered. The session goes on; whether this request was"
                        + " carried out is not known, so look before you repeat it.", List.of())
                : new Failure(LEAVING, GONE, "The mpx daemon went away before this request was sent. The session goes on; repeat it.",
                        List.of());
    }

    /** For a request that there was no room to keep until there is a daemon again. */
    static Failure tooMuchWaits() {
        return new Failure(LEAVING, "too-much-waits", "The mpx daemon is away, and too much waits for the next one already. Nothing"
                + " of this request was sent; repeat it in a moment.", List.of());
    }

    /** For a request whose answer there is no time to wait for. */
    static Failure agentEnded(boolean sent) {
        return sent
                ? new Failure(LOST, "agent-ended", "The agent ended its session before this request was answered; whether it was"
                        + " carried out is not known.", List.of())
                : new Failure(UNAVAILABLE, NoDaemonException.NO_DAEMON, "The agent ended its session before an mpx daemon was there."
                        + " Nothing of this request was sent; \"mpx ensure\" starts a daemon beforehand.", List.of());
    }

    /**
     * The answer under that id. Its data says of the child nothing, unlike what a daemon says: the shim knows none.
     *
     * @param readAt when the request was read, by the system's timer
     * @param waitedUntil until when it waited for a daemon
     */
    Frame answer(Optional<RpcId> id, long readAt, long waitedUntil, long now) {
        StringBuilder data = new StringBuilder("{\"mpx\":{\"reason\":").append(quote(reason))
                .append(",\"outcome\":\"").append(code == LOST ? "unknown" : "not-sent")
                .append("\",\"elapsedMs\":").append((now - readAt) / 1_000_000)
                .append(",\"queuedMs\":").append((waitedUntil - readAt) / 1_000_000);
        for (int i = 0; i < log.size(); i++) {
            data.append(i == 0 ? ",\"stderr\":[" : ",").append(quote(log.get(i)));
        }
        data.append(log.isEmpty() ? "}}" : "]}}");
        return Responses.error(id, code, message, Optional.of(data.toString()));
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }
}
