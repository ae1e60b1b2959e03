package dev.mpx.framing;

import java.util.List;
import java.util.Optional;

/**
 * A line read as JSON-RPC 2.0: which kind of message it is and where its top-level members stand.
 *
 * <p>Source: JSON-RPC 2.0, sections 4 to 6, as the Model Context Protocol narrows it (ids are strings or
 * integers). The text is checked to be valid UTF-8 and valid JSON throughout.
 */
public sealed interface Message {
    /** The bytes it was read from: in one array, unless it is a large message that was read while it came. */
    Frame frame();

    /** Has {@code method} and a legal {@code id}. */
    record Request(Frame frame, RpcId id, JsonValue idValue, String method, Optional<JsonValue> params) implements Message {}

    /** Has {@code method} and no {@code id}. */
    record Notification(Frame frame, String method, Optional<JsonValue> params) implements Message {}

    /** Has a legal {@code id}, no {@code method}, and exactly one of {@code result} and {@code error}. */
    record Response(Frame frame, RpcId id, JsonValue idValue, Optional<JsonValue> result, Optional<JsonValue> error)
            implements Message {}

    /** An array with at least one element; each element is a frame that shares this one's bytes and has yet to be read. */
    record Batch(Frame frame, List<Frame> elements) implements Message {}

    /**
     * Not a message. To be answered, if it came from a client, and never to be passed on.
     *
     * @param code {@link ErrorCode#PARSE_ERROR} or {@link ErrorCode#INVALID_REQUEST}
     * @param reason a plain sentence that says what is wrong
     * @param id the id, where one could be read
     * @param response whether it looks like a response ({@code result} or {@code error} and no {@code method}):
     *     its id is then the other side's, and an answer under that id would be taken for the answer to
     *     another request
     */
    record Malformed(Frame frame, int code, String reason, Optional<RpcId> id, boolean response) implements Message {
        /** One that does not look like a response. */
        public Malformed(Frame frame, int code, String reason, Optional<RpcId> id) {
            this(frame, code, reason, id, false);
        }
    }

    /** Reads one line. Never throws for what is in it: what can't be read is {@link Malformed}. */
    static Message read(Frame line) {
        return new LineReader().read(line);
    }
}
