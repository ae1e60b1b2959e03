package dev.mpx.framing;

import java.util.Optional;

/** Judges the members of one line to which JSON-RPC gives a meaning: what message they make. */
abstract sealed class MessageReader permits ContiguousReader, SegmentedReader {
    private static final int NOWHERE = -1;

    private Frame frame;
    private boolean hasVersion;
    private boolean isVersion2;
    /** Where the method stands; {@link #NOWHERE} if it is not there. */
    private int methodFrom;

    private int methodTo;
    // Null where the member is not there: these never leave this class.
    private JsonValue id;
    private JsonValue params;
    private JsonValue result;
    private JsonValue error;
    private String repeated;

    /** Forgets the line before, and is about to read this one. */
    final void begin(Frame line) {
        frame = line;
        hasVersion = false;
        isVersion2 = false;
        methodFrom = NOWHERE;
        id = null;
        params = null;
        result = null;
        error = null;
        repeated = null;
    }

    /** The line that is read. */
    final Frame frame() {
        return frame;
    }

    /** The value that stands there. */
    abstract JsonValue value(int from, int to);

    /** Whether a string that decodes to the text stands there. */
    abstract boolean isText(int from, int to, String text);

    /** Whether a string begins there. */
    abstract boolean isString(int from);

    /** The decoded string that stands there. */
    abstract String methodName(int from, int to);

    /** A member of the message, whose value stands there; of no account if its name is empty. */
    final void note(String name, int valueFrom, int valueTo) {
        if (name.isEmpty()) {
            return;
        }
        boolean isThereAlready;
        switch (name) {
            case "jsonrpc" -> {
                isThereAlready = hasVersion;
                hasVersion = true;
                isVersion2 = isText(valueFrom, valueTo, "2.0");
            }
            case "method" -> {
                isThereAlready = hasMethod();
                methodFrom = valueFrom;
                methodTo = valueTo;
            }
            case "id" -> {
                isThereAlready = id != null;
                id = value(valueFrom, valueTo);
            }
            case "params" -> {
                isThereAlready = params != null;
                params = value(valueFrom, valueTo);
            }
            case "result" -> {
                isThereAlready = result != null;
                result = value(valueFrom, valueTo);
            }
            default -> {
                isThereAlready = error != null;
                error = value(valueFrom, valueTo);
            }
        }
        // Of several repeated members, a repeated id counts: it leaves no id to answer to.
        if (isThereAlready && (repeated == null || name.equals("id"))) {
            repeated = name;
        }
    }

    private boolean hasMethod() {
        return methodFrom != NOWHERE;
    }

    /** What the members that were noted make. */
    final Message judge() {
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
        if (!isString(methodFrom)) {
            return invalid("The method must be a string.");
        }
        if (result != null || error != null) {
            return invalid("A message with a method must have neither result nor error.");
        }
        if (params != null && params.kind() != JsonValue.Kind.OBJECT && params.kind() != JsonValue.Kind.ARRAY) {
            return invalid("The params must be an object or an array.");
        }
        String name = methodName(methodFrom, methodTo);
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

    final Message invalid(String reason) {
        return malformed(ErrorCode.INVALID_REQUEST, reason);
    }

    final Message malformed(int code, String reason) {
        boolean response = !hasMethod() && (result != null || error != null);
        Optional<RpcId> readable = hasLegalId() ? Optional.of(RpcId.read(id)) : Optional.empty();
        return new Message.Malformed(frame, code, reason, readable, response);
    }

    private boolean hasLegalId() {
        return id != null && !"id".equals(repeated) && RpcId.isId(id);
    }
}
