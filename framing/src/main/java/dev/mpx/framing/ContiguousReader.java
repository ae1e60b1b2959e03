package dev.mpx.framing;

import java.util.ArrayList;
import java.util.List;

/** Reads a line that stands in one array: finds the members, or what is wrong with it. */
final class ContiguousReader extends MessageReader {
    /** More would be a way to turn two bytes of input into a hundred bytes of heap, millions of times. */
    static final int MAX_BATCH = 10_000;

    private final byte[] bytes;
    private final JsonScanner scanner;

    /** @param frame a contiguous frame */
    ContiguousReader(Frame frame) {
        super(frame);
        this.bytes = frame.array();
        this.scanner = new JsonScanner(bytes, frame.from(), frame.to());
    }

    @Override
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
                : new Message.Batch(frame, List.copyOf(elements));
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
