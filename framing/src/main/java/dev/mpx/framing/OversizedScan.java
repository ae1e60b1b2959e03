package dev.mpx.framing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Watches a line that is too long to keep pass by, chunk after chunk, and remembers the value of its top-level
 * {@code id} and whether it has a top-level {@code method}, wherever they stand.
 *
 * <p>It does not validate: it counts brackets and knows what is inside a string. Of the line it keeps at most
 * one name or one id at a time, up to {@value #LONGEST_ID} bytes.
 */
final class OversizedScan {
    static final int LONGEST_ID = 64 * 1024;

    /** Where at the top level of the object the scan stands. */
    private enum At { BEFORE, NAME, VALUE, AFTER }

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private At at = At.BEFORE;
    private int depth;
    private boolean inString;
    private boolean escape;
    private boolean keeping;
    private boolean inId;
    private int ids;
    private boolean blank = true;
    private boolean hasMethod;
    private Optional<RpcId> id = Optional.empty();
    private long length;

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** Looks at the bytes {@code [from, to)} of the buffer; its position does not count and stays. */
    void feed(ByteBuffer buffer, int from, int to) {
        length += to - from;
        int i = from;
        while (i < to) {
            if (inString && !escape && !keeping) {
                i = skipPlain(buffer, i, to);
                if (i == to) {
                    return;
                }
            }
            byte b = buffer.get(i++);
            if (keeping && kept.size() <= LONGEST_ID) {
                kept.write(b);
            }
            if (inString) {
                stepInString(b);
            } else {
                step(b);
            }
        }
    }

    /** What was learned; empty if there was only white space. */
    Optional<OversizedLine> finish() {
        return blank ? Optional.empty() : Optional.of(new OversizedLine(length, id, hasMethod));
    }

    private static int skipPlain(ByteBuffer buffer, int from, int to) {
        int i = from;
        while (i <= to - Long.BYTES) {
            long word = buffer.getLong(i);
            if (Words.contains(word, (byte) '"') || Words.contains(word, (byte) '\\')) {
                break;
            }
            i += Long.BYTES;
        }
        while (i < to && buffer.get(i) != '"' && buffer.get(i) != '\\') {
            i++;
        }
        return i;
    }

    private void stepInString(byte b) {
        if (escape) {
            escape = false;
        } else if (b == '\\') {
            escape = true;
        } else if (b == '"') {
            inString = false;
            if (at == At.NAME) {
                endName();
            }
        }
    }

    private void step(byte b) {
        if (isSpace(b)) {
            return;
        }
        blank = false;
        if (at == At.BEFORE) {
            // Anything but an object, a batch included, has no top-level id.
            at = b == '{' ? At.NAME : At.AFTER;
            depth = 1;
            return;
        }
        if (at == At.AFTER) {
            return;
        }
        switch (b) {
            case '"' -> {
                inString = true;
                if (at == At.NAME) {
                    startKeeping();
                    kept.write(b);
                }
            }
            case '{', '[' -> depth++;
            case '}', ']' -> {
                if (--depth == 0) {
                    endValue();
                    at = At.AFTER;
                }
            }
            case ',' -> {
                if (depth == 1) {
                    endValue();
                    at = At.NAME;
                }
            }
            case ':' -> {
                if (depth == 1 && at == At.NAME) {
                    at = At.VALUE;
                    if (inId) {
                        startKeeping();
                    }
                }
            }
            default -> { }
        }
    }

    private void startKeeping() {
        kept.reset();
        keeping = true;
    }

    private void endName() {
        keeping = false;
        Optional<String> name = keptValue().flatMap(JsonValue::text);
        inId = name.filter("id"::equals).isPresent();
        hasMethod |= name.filter("method"::equals).isPresent();
    }

    /** The delimiter behind the value has been kept with it, and is cut off here. */
    private void endValue() {
        if (!inId) {
            return;
        }
        keeping = false;
        inId = false;
        // Which of two ids is meant can't be known.
        ids++;
        id = ids > 1 ? Optional.empty() : keptId();
    }

    private Optional<RpcId> keptId() {
        if (kept.size() > LONGEST_ID) {
            return Optional.empty();
        }
        byte[] bytes = kept.toByteArray();
        return JsonValue.parse(Arrays.copyOf(bytes, Math.max(0, bytes.length - 1))).flatMap(RpcId::of);
    }

    private Optional<JsonValue> keptValue() {
        return kept.size() > LONGEST_ID ? Optional.empty() : JsonValue.parse(kept.toByteArray());
    }
}
