package dev.mpx.framing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one line as a message: finds the members that JSON-RPC gives a meaning, then judges them. Used once. */
final class MessageReader {
    /** More would be a way to turn two bytes of input into a hundred bytes of heap, millions of times. */
    static final int MAX_BATCH = 10_000;

    private static final int NOWHERE = -1;

    private final Frame frame;
    private final byte[] bytes;
    private final JsonScanner scanner;

    private boolean hasVersion;
    private boolean isVersion2;
    /** Where the method stands; {@link #NOWHERE} if it is not there. */
    private int methodFrom = NOWHERE;

    private int methodTo;
    // Null where the member is not there: these never leave this class.
    private JsonValue id;
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
        boolean isThereAlready;
        switch (name) {
            case "jsonrpc" -> {
                isThereAlready = hasVersion;
                hasVersion = true;
                isVersion2 = isVersion2(valueFrom, valueTo);
            }
            case "method" -> {
                isThereAlready = hasMethod();
                methodFrom = valueFrom;
                methodTo = valueTo;
            }
            case "id" -> {
                isThereAlready = id != null;
                id = new JsonValue(bytes, valueFrom, valueTo);
            }
            case "params" -> {
                isThereAlready = params != null;
                params = new JsonValue(bytes, valueFrom, valueTo);
            }
            case "result" -> {
                isThereAlready = result != null;
                result = new JsonValue(bytes, valueFrom, valueTo);
            }
            default -> {
                isThereAlready = error != null;
                error = new JsonValue(bytes, valueFrom, valueTo);
            }
        }
        // Of several repeated members, a repeated id counts: it leaves no id to answer to.
        if (isThereAlready && (repeated == null || name.equals("id"))) {
            repeated = name;
        }
    }

    private boolean isVersion2(int from, int to) {
        return bytes[from] == '"' && JsonText.matches(bytes, from + 1, to - 1, "2.0");
    }

    private boolean hasMethod() {
        return methodFrom != NOWHERE;
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
        boolean hasId = hasLegalId();
        if (id != null && !hasId) {
            return invalid("The id must be a string or an integer.");
        }
        if (!isVersion2) {
            return invalid("The member \"jsonrpc\" must be \"2.0\".");
        }
        return hasMethod() ? judgeCall(hasId) : judgeResponse(hasId);
    }

    private Message judgeCall(boolean hasId) {
        if (bytes[methodFrom] != '"') {
            return invalid("The method must be a string.");
        }
        if (result != null || error != null) {
            return invalid("A message with a method must have neither result nor error.");
        }
        if (params != null && params.kind() != JsonValue.Kind.OBJECT && params.kind() != JsonValue.Kind.ARRAY) {
            return invalid("The params must be an object or an array.");
        }
        String name = MethodNames.decode(bytes, methodFrom + 1, methodTo - 1);
        Optional<JsonValue> given = Optional.ofNullable(params);
        return hasId
                ? new Message.Request(frame, RpcId.read(id), id, name, given)
                : new Message.Notification(frame, name, given);
    }

    private Message judgeResponse(boolean hasId) {
        if (result == null && error == null) {
            return invalid("A message must have a method, a result or an error.");
        }
        if (result != null && error != null) {
            return invalid("A response must not have both a result and an error.");
        }
        if (!hasId) {
            return invalid("A response must have an id.");
        }
        return new Message.Response(frame, RpcId.read(id), id, Optional.ofNullable(result), Optional.ofNullable(error));
    }

    private Message unreadable() {
        return malformed(ErrorCode.PARSE_ERROR, "The line is not valid JSON: " + scanner.fault() + ".");
    }

    private Message invalid(String reason) {
        return malformed(ErrorCode.INVALID_REQUEST, reason);
    }

    private Message malformed(int code, String reason) {
        boolean response = !hasMethod() && (result != null || error != null);
        Optional<RpcId> readable = hasLegalId() ? Optional.of(RpcId.read(id)) : Optional.empty();
        return new Message.Malformed(frame, code, reason, readable, response);
    }

    private boolean hasLegalId() {
        return id != null && !"id".equals(repeated) && RpcId.isId(id);
    }
}
