package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Responses;
import dev.mpx.framing.RpcId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * An error that mpx itself gives as an answer. Those of its own range (PROTOCOL.md, "Errors that mpx itself raises")
 * carry {@code data.mpx}, which says why and whether the call may have reached the child.
 */
public record Fault(int code, String message, Optional<Details> details) {
    public static final int TIMED_OUT = -32010;
    public static final int CHILD_DIED = -32011;
    public static final int CHILD_UNAVAILABLE = -32012;
    public static final int QUEUE_FULL = -32013;
    public static final int TOO_LONG = -32014;
    public static final int NOT_TAKEN = -32015;
    public static final int SHUTTING_DOWN = -32016;

    /** Whether the child may have seen the call. */
    public enum Outcome {
        /** Not one byte reached the child, or it has said itself that it wrote nothing of it: safe to try again. */
        NOT_SENT("not-sent"),
        UNKNOWN("unknown");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    /** The child as an error names it: its pid if it has one, and how often it was restarted. */
    public record ChildState(long pid, long restarts) {}

    /** What stands in {@code data.mpx}. Times are in milliseconds. */
    public record Details(
            String reason,
            Outcome outcome,
            long elapsedMillis,
            long queuedMillis,
            Optional<ChildState> child,
            List<String> stderr) {}

    /** A plain JSON-RPC error without details. */
    public static Fault plain(int code, String message) {
        return new Fault(code, message, Optional.empty());
    }

    /** An error of mpx's own range for something that never became a call. */
    public static Fault unsent(int code, String reason, String message) {
        return new Fault(
                code, message, Optional.of(new Details(reason, Outcome.NOT_SENT, 0, 0, Optional.empty(), List.of())));
    }

    /** The child can't be started. */
    static Fault childUnavailable(String message, List<String> stderr) {
        return new Fault(
                CHILD_UNAVAILABLE,
                message,
                Optional.of(new Details("child-unavailable", Outcome.NOT_SENT, 0, 0, Optional.empty(), stderr)));
    }

    /** The response line; the id is {@code null} where none could be read. */
    Frame answer(Optional<RpcId> id) {
        return Responses.error(id, code, message, details.map(Fault::json));
    }

    private static String json(Details d) {
        byte[] json = Json.object(data -> {
            data.writeObjectFieldStart("mpx");
            data.writeStringField("reason", d.reason);
            data.writeStringField("outcome", d.outcome.word);
            data.writeNumberField("elapsedMs", d.elapsedMillis);
            data.writeNumberField("queuedMs", d.queuedMillis);
            if (d.child.isPresent()) {
                data.writeObjectFieldStart("child");
                data.writeNumberField("pid", d.child.get().pid());
                data.writeNumberField("restarts", d.child.get().restarts());
                data.writeEndObject();
            }
            if (!d.stderr.isEmpty()) {
                data.writeArrayFieldStart("stderr");
                for (String line : d.stderr) {
                    data.writeString(line);
                }
                data.writeEndArray();
            }
            data.writeEndObject();
        });
        return new String(json, StandardCharsets.UTF_8);
    }
}
