package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The grammar of JSON (RFC 8259) as a cursor over bytes: it steps over values and says where they end.
 *
 * <p>It accepts exactly the grammar, in exactly valid UTF-8 (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF, no byte order mark), numbers and strings of any length, and up to
 * {@value #MAX_DEPTH} levels of nesting, which RFC 8259 section 9 leaves to the parser. It builds nothing
 * and never recurses. After a step has returned false, {@link #fault()} says why and the cursor is spent.
 */
final class JsonScanner {
    /** Deep enough for any real message; servers in Python give up at about this depth too. */
    static final int MAX_DEPTH = 1000;

    private final byte[] bytes;
    /** The same bytes, eight at a time; a VarHandle is no faster and costs the shim 5 ms to set up. */
    private final ByteBuffer words;

    private final int from;
    private final int to;
    private int at;
    private String fault = "";

    /** One bit for each open container, set for an object; 128 levels before it has to grow. */
    private long[] nesting = {};

    JsonScanner(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.from = from;
        this.to = to;
        this.at = from;
    }

    int at() {
        return at;
    }

    /** What is wrong and at which byte, once a step has returned false. */
    String fault() {
        return fault;
    }

    /** Steps over white space and returns the byte behind it, which stays; -1 at the end. */
    int peek() {
        while (at < to) {
            byte b = bytes[at];
            if (b > ' ' || (b != ' ' && b != '\n' && b != '\r' && b != '\t')) {
                return b & 0xff;
            }
            at++;
        }
        return -1;
    }

    /** Steps over white space and the given byte. */
    boolean take(char expected) {
        if (peek() != expected) {
            return fail("expected '" + expected + "'");
        }
        at++;
        return true;
    }

    /** Steps over white space up to the end of the range. */
    boolean takeEnd() {
        return peek() == -1 || fail("expected the end");
    }

    /** Steps over white space, a member's name and the colon. The name itself is not looked at. */
    boolean skipName() {
        return (peek() == '"' || fail("expected a member's name")) && skipString() && take(':');
    }

    /**
     * Steps over white space and one value.
     *
     * @param outer how many containers are already open around the value
     */
    boolean skipValue(int outer) {
        int depth = 0;
        while (true) {
            int first = peek();
            if (first == '{' || first == '[') {
                if (outer + depth >= MAX_DEPTH) {
                    return fail("nested deeper than " + MAX_DEPTH + " levels");
                }
                boolean object = first == '{';
                at++;
                if (peek() != first + 2) { // '}' and ']' stand two behind their openers in ASCII
                    push(depth++, object);
                    if (object && !skipName()) {
                        return false;
                    }
                    continue;
                }
                at++;
            } else if (!skipScalar(first)) {
                return false;
            }
            // A value has ended; so do the containers that end with it.
            while (true) {
                if (depth == 0) {
                    return true;
                }
                boolean object = isObject(depth - 1);
                int next = peek();
                if (next == ',') {
                    at++;
                    if (object && !skipName()) {
                        return false;
                    }
                    break;
                }
                if (next != (object ? '}' : ']')) {
                    return fail(object ? "expected ',' or '}'" : "expected ',' or ']'");
                }
                at++;
                depth--;
            }
        }
    }

    private void push(int depth, boolean object) {
        int word = depth >> 6;
        if (word >= nesting.length) {
            nesting = Arrays.copyOf(nesting, Math.max(2, nesting.length * 2));
        }
        long bit = 1L << depth;
        nesting[word] = object ? nesting[word] | bit : nesting[word] & ~bit;
    }

    private boolean isObject(int depth) {
        return (nesting[depth >> 6] & 1L << depth) != 0;
    }

    private boolean skipScalar(int first) {
        return switch (first) {
            case '"' -> skipString();
            case 't' -> skipLiteral("true");
            case 'f' -> skipLiteral("false");
            case 'n' -> skipLiteral("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber();
            default -> fail("expected a value");
        };
    }

    private boolean skipLiteral(String literal) {
        int length = literal.length();
        if (to - at < length) {
            return fail("expected a value");
        }
        for (int i = 1; i < length; i++) {
            if (bytes[at + i] != literal.charAt(i)) {
                return fail("expected a value");
            }
        }
        at += length;
        return true;
    }

    private boolean skipNumber() {
        if (bytes[at] == '-') {
            at++;
        }
        if (at < to && bytes[at] == '0') {
            at++;
        } else if (!skipDigits()) {
            return false;
        }
        if (at < to && bytes[at] == '.') {
            at++;
            if (!skipDigits()) {
                return false;
            }
        }
        if (at < to && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < to && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            return skipDigits();
        }
        return true;
    }

    private boolean skipDigits() {
        int start = at;
        while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at > start || fail("expected a digit");
    }

    /** Steps over a string; the cursor stands on its opening quote. */
    boolean skipString() {
        int i = at + 1;
        while (true) {
            i = skipPlain(i);
            if (i >= to) {
                at = to;
                return fail("a string does not end");
            }
            byte b = bytes[i];
            if (b == '"') {
                at = i + 1;
                return true;
            }
            at = i;
            if (b == '\\') {
                i = afterEscape(i);
            } else if (b < 0) {
                i = afterCharacters(i);
            } else {
                return fail("a control character in a string");
            }
            if (i < 0) {
                return false;
            }
        }
    }

    /** The first place from {@code i} on whose byte is a quote, a backslash, a control character or not ASCII. */
    private int skipPlain(int i) {
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            int plain = Words.plainBytes(words.getLong(i));
            if (plain < Long.BYTES) {
                return i + plain;
            }
        }
        while (i < to && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    /** Behind the characters from {@code i} on that are not ASCII, or -1 if one is not UTF-8. */
    private int afterCharacters(int i) {
        while (i < to && bytes[i] < 0) {
            int next = Utf8.afterCharacter(bytes, i, to);
            if (next < 0) {
                at = i;
                fail("invalid UTF-8");
                return -1;
            }
            i = next;
        }
        return i;
    }

    /** Behind the escape at {@code i}, or -1. */
    private int afterEscape(int i) {
        int kind = i + 1 < to ? bytes[i + 1] : -1;
        switch (kind) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                return i + 2;
            }
            case 'u' -> {
                for (int k = i + 2; k < i + 6; k++) {
                    if (k >= to || Character.digit(bytes[k], 16) < 0) {
                        fail("an escape without four hexadecimal digits");
                        return -1;
                    }
                }
                return i + 6;
            }
            default -> {
                fail("an unknown escape");
                return -1;
            }
        }
    }

    private boolean fail(String what) {
        fault = what + " at byte " + (at - from);
        return false;
    }
}
