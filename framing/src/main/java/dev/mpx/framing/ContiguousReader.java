package dev.mpx.framing;

import java.util.ArrayList;
import java.util.List;

/** Reads lines that stand in one array each: finds the members, or what is wrong with them. */
final class ContiguousReader extends MessageReader {
    /** More would be a way to turn two bytes of input into a hundred bytes of heap, millions of times. */
    static final int MAX_BATCH = 10_000;

    private static final byte[] NOTHING = {};
    private static final Frame NO_LINE = Frame.of(NOTHING);

    private final JsonScanner scanner = new JsonScanner(NOTHING, 0, 0);
    private byte[] bytes = NOTHING;

    /** @param line a contiguous frame */
    Message read(Frame line) {
        begin(line);
        bytes = line.array();
        scanner.begin(bytes, line.from(), line.to());
        return read();
    }

    /** Lets go of the line that was read. */
    void forget() {
        begin(NO_LINE);
        bytes = NOTHING;
        scanner.begin(bytes, 0, 0);
    }

    private Message read() {
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
            note(TopLevelName.of(bytes, nameFrom), valueFrom, scanner.at());
            if (scanner.peek() != ',') {
                return scanner.take('}');
            }
            scanner.take(',');
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
                : new Message.Batch(frame(), List.copyOf(elements));
    }

    private Message unreadable() {
        return malformed(ErrorCode.PARSE_ERROR, "The line is not valid JSON: " + scanner.fault() + ".");
    }

    @Override
    JsonValue value(int from, int to) {
        return new ContiguousValue(bytes, from, to);
    }

    @Override
    boolean isText(int from, int to, String text) {
        return isString(from) && JsonText.matches(bytes, from + 1, to - 1, text);
    }

    @Override
    boolean isString(int from) {
        return bytes[from] == '"';
    }

    @Override
    String methodName(int from, int to) {
        return MethodNames.decode(bytes, from + 1, to - 1);
    }
}
