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
 * Why requests can't be served, as the answer that each of them gets.
 *
 * @param code one of the codes mpx itself raises: -32011 or -32012
 * @param reason one word for programs
 * @param message a sentence for whoever reads the agent's log
 * @param log last lines of a daemon that could not start
 */
record Failure(int code, String reason, String message, List<String> log) {
    private static final int LOST = -32011;
    private static final int UNAVAILABLE = -32012;

    static Failure unavailable(String reason, String message, List<String> log) {
        return new Failure(UNAVAILABLE, reason, message, log);
    }

    /** For a request that was with a daemon, or about to be, when that went away. */
    static Failure daemonGone(boolean sent) {
        return new Failure(LOST, "daemon-gone", sent
                ? "The mpx daemon went away before it answered. The session goes on; whether this request was carried out is not"
                        + " known, so look before you repeat it."
                : "The mpx daemon went away before this request was sent. The session goes on; repeat it.", List.of());
    }

    /** For a request that there was no room to keep until there is a daemon again. */
    static Failure tooMuchWaits() {
        return new Failure(LOST, "daemon-gone", "The mpx daemon is away, and too much waits for the next one already. Nothing of"
                + " this request was sent; repeat it in a moment.", List.of());
    }

    /** For every request while there has been no daemon for too long. */
    static Failure stillGone(Duration since, Optional<NoDaemonException> why) {
        String message = "The mpx daemon has been away for " + since.toSeconds() + " s. Nothing of this request was sent; mpx keeps trying.";
        return why.isPresent()
                ? new Failure(UNAVAILABLE, why.get().reason(), message + " " + why.get().getMessage(), why.get().log())
                : new Failure(UNAVAILABLE, NoDaemonException.NO_DAEMON, message, List.of());
    }

    /** @param reachedDaemon whether the request may have been acted on */
    Frame answer(Optional<RpcId> id, boolean reachedDaemon) {
        StringBuilder data = new StringBuilder("{\"mpx\":{\"reason\":").append(quote(reason))
                .append(",\"outcome\":\"").append(reachedDaemon ? "unknown" : "not-sent").append('"');
        for (int i = 0; i < log.size(); i++) {
            data.append(i == 0 ? ",\"stderr\":[" : ",").append(quote(log.get(i)));
        }
        data.append(log.isEmpty() ? "}}" : "]}}");
        return Responses.error(id, code, message, Optional.of(data.toString()));
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }

    Frame malformed(Optional<RpcId> id, int code, String reason) {
        return Responses.error(id, code, reason, Optional.empty());
    }
}
