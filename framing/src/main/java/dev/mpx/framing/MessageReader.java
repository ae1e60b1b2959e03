package dev.mpx.framing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one line as a message: finds the members that JSON-RPC gives a meaning, then judges them. Used once. */
final class MessageReader {
    /** More would be a way to turn two bytes of input into a hundred bytes of heap, millions of times. */
    static final int MAX_BATCH = 10_000;

    private final Frame frame;
    private final byte[] bytes;
    private final JsonScanner scanner;

    // Null where the member is not there: these never leave this class.
    private JsonValue jsonrpc;
    private JsonValue id;
    private JsonValue method;
    private JsonValue params;
    private JsonValue result;
    private JsonValue error;
    private String repeated;

    /** @param frame a contiguous frame */
    MessageReader(Frame frame) {
        this.frame = frame;
        this.bytes = frame.array();
        this.scanner = new JsonScanner(bytes, frame.from(), frame.to());
    }

    Message read() {
        return switch (scanner.peek()) {
            case '{' -> scanObject() && scanner.takeEnd() ? judge() : unreadable();
            case '[' -> readBatch();
            default -> scanner.skipValue(0) && scanner.takeEnd()
                    ? invalid("A message must be a JSON object.")
                    : unreadable();
        };
    }

    private boolean scanObject() {
        scanner.take('{');
        if (scanner.peek() == '}') {
            return scanner.take('}');
        }
        while (true) {
            scanner.peek();
            int nameFrom = scanner.at() + 1;
            if (!scanner.skipName()) {
                return false;
            }
            scanner.peek();
            int valueFrom = scanner.at();
            if (!scanner.skipValue(1)) {
                return false;
            }
            note(nameFrom, valueFrom, scanner.at());
            if (scanner.peek() != ',') {
                return scanner.take('}');
            }
            scanner.take(',');
        }
    }

    private void note(int nameFrom, int valueFrom, int valueTo) {
        String name = TopLevelName.of(bytes, nameFrom);
        if (name.isEmpty()) {
            return;
        }
        JsonValue value = new JsonValue(bytes, valueFrom, valueTo);
        JsonValue before;
        switch (name) {
            case "jsonrpc" -> {
                before = jsonrpc;
                jsonrpc = value;
            }
            case "id" -> {
                before = id;
                id = value;
            }
            case "method" -> {
                before = method;
                method = value;
            }
            case "params" -> {
                before = params;
                params = value;
            }
            case "result" -> {
                before = result;
                result = value;
            }
            default -> {
                before = error;
                error = value;
            }
        }
        // Of several repeated members, a repeated id counts: it leaves no id to answer to.
        if (before != null && (repeated == null || name.equals("id"))) {
            repeated = name;
        }
    }

    private Message readBatch() {
        List<Frame> elements = new ArrayList<>();
        scanner.take('[');
        if (scanner.peek() == ']') {
            scanner.take(']');
            return scanner.takeEnd() ? invalid("A batch must not be empty.") : unreadable();
        }
        boolean tooMany = false;
        while (true) {
            scanner.peek();
            int start = scanner.at();
            if (!scanner.skipValue(1)) {
                return unreadable();
            }
            if (elements.size() < MAX_BATCH) {
                elements.add(Frame.of(bytes, start, scanner.at()));
            } else {
                tooMany = true;
            }
            if (scanner.peek() != ',') {
                break;
            }
            scanner.take(',');
        }
        if (!scanner.take(']') || !scanner.takeEnd()) {
            return unreadable();
        }
        return tooMany
                ? invalid("A batch must not have more than " + MAX_BATCH + " messages.")
                : new Message.Batch(frame, List.copyOf(elements));
    }

    private Message judge() {
        if (repeated != null) {
            return invalid("The member \"" + repeated + "\" must not occur twice.");
        }
        Optional<RpcId> legalId = legalId();
        if (id != null && legalId.isEmpty()) {
            return invalid("The id must be a string or an integer.");
        }
        if (jsonrpc == null || !isVersion2()) {
            return invalid("The member \"jsonrpc\" must be \"2.0\".");
        }
        return method == null ? judgeResponse(legalId) : judgeCall(legalId);
    }

    private boolean isVersion2() {
        return jsonrpc.kind() == JsonValue.Kind.STRING
                && JsonText.matches(bytes, jsonrpc.from() + 1, jsonrpc.to() - 1, "2.0");
    }

    private Message judgeCall(Optional<RpcId> legalId) {
        if (method.kind() != JsonValue.Kind.STRING) {
            return invalid("The method must be a string.");
        }
        if (result != null || error != null) {
            return invalid("A message with a method must have neither result nor error.");
        }
        if (params != null && params.kind() != JsonValue.Kind.OBJECT && params.kind() != JsonValue.Kind.ARRAY) {
            return invalid("The params must be an object or an array.");
        }
        String name = MethodNames.decode(bytes, method.from() + 1, method.to() - 1);
        Optional<JsonValue> given = Optional.ofNullable(params);
        return legalId.isPresent()
                ? new Message.Request(frame, legalId.get(), id, name, given)
                : new Message.Notification(frame, name, given);
    }

    private Message judgeResponse(Optional<RpcId> legalId) {
        if (result == null && error == null) {
            return invalid("A message must have a method, a result or an error.");
        }
        if (result != null && error != null) {
            return invalid("A response must not have both a result and an error.");
        }
        if (legalId.isEmpty()) {
            return invalid("A response must have an id.");
        }
        return new Message.Response(frame, legalId.get(), id, Optional.ofNullable(result), Optional.ofNullable(error));
    }

    private Message unreadable() {
        return malformed(ErrorCode.PARSE_ERROR, "The line is not valid JSON: " + scanner.fault() + ".");
    }

    private Message invalid(String reason) {
        return malformed(ErrorCode.INVALID_REQUEST, reason);
    }

    private Message malformed(int code, String reason) {
        boolean response = method == null && (result != null || error != null);
        return new Message.Malformed(frame, code, reason, legalId(), response);
    }

    private Optional<RpcId> legalId() {
        return id == null || "id".equals(repeated) ? Optional.empty() : RpcId.of(id);
    }
}
