package dev.mpx.proxy.shim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.JsonText;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import java.nio.charset.StandardCharsets;
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

    /** For requests that the daemon had. */
    static Failure daemonGone() {
        return new Failure(LOST, "daemon-gone", "The mpx daemon went away with this request. Whether it was carried out is not"
                + " known: look before you repeat it. Restart this MCP server in your agent to get a new daemon.", List.of());
    }

    /** For requests that come after that. */
    static Failure noDaemonAnyMore() {
        return unavailable("daemon-gone", "The mpx daemon went away during this session; nothing of this request was sent."
                + " Restart this MCP server in your agent to get a new one; \"mpx status\" tells more.", List.of());
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
