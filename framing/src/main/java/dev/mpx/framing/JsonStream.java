package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Reads a large message while it comes, so that each byte is looked at once, while it is in the processor's cache: the
 * grammar of {@link JsonScanner} as a machine that can stop between any two bytes.
 *
 * <p>It accepts an object, and only what {@link JsonScanner} accepts too, and notes where the members of that object stand
 * and those of the objects that are their values. What is wrong with anything else it does not say: that is for who
 * reads the whole.
 */
final class JsonStream {
    private enum State {
        START, FIRST_NAME, NAME, COLON, VALUE, FIRST_ELEMENT, AFTER, END, REFUSED,
        STRING, ESCAPE, HEX, CHARACTER, LITERAL,
        MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, SIGN, POWER
    }

    /** Members are noted of objects in this many containers, itself counted. */
    private static final int NOTED_DEPTH = 2;

    private static final int LONGEST_CHARACTER = 4;

    private State state = State.START;
    /** How many containers are open. */
    private int depth;
    /** A bit for each of them, set for an object. */
    private final long[] nesting = new long[JsonScanner.MAX_DEPTH / Long.SIZE + 1];

    private byte[] bytes = {};
    private ByteBuffer words = ByteBuffer.wrap(bytes);
    private int to;
    /** What makes an index into the bytes a place in the message. */
    private int shift;
    private int passed;

    /** Whether the string is a member's name. */
    private boolean isName;
    private int hexDigits;
    private final byte[] character = new byte[LONGEST_CHARACTER];
    private int characterSize;
    private String literal = "";
    private int literalAt;

    private final MemberPlaces members = new MemberPlaces();
    private Optional<MemberPlaces> membersOfValue = Optional.empty();
    private final int[] nameFrom = new int[NOTED_DEPTH + 1];
    private final int[] nameTo = new int[NOTED_DEPTH + 1];
    private final int[] valueFrom = new int[NOTED_DEPTH + 1];

    /** Looks at the next bytes of the message, {@code [from, to)}; nothing of them is kept. */
    void feed(byte[] array, int from, int end) {
        if (array != bytes) {
            bytes = array;
            words = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
        }
        to = end;
        shift = passed - from;
        passed += end - from;
        int i = from;
        while (i < end && state != State.REFUSED) {
            i = switch (state) {
                case STRING -> string(i);
                case ESCAPE -> escape(i);
                case HEX -> hex(i);
                case CHARACTER -> character(i);
                case LITERAL -> literal(i);
                case MINUS, ZERO, INTEGER, POINT, FRACTION, EXPONENT, SIGN, POWER -> number(i);
                default -> between(i);
            };
        }
    }

    /** Whether there has been nothing but white space. */
    boolean isBlank() {
        return state == State.START;
    }

    /** Where the members stand, if the message has ended as an object and has not too many of them. */
    Optional<MemberPlaces> members() {
        return state == State.END && members.isComplete() ? Optional.of(members) : Optional.empty();
    }

    private int refuse() {
        state = State.REFUSED;
        return to;
    }

    /** White space, or what stands between the scalars. */
    private int between(int i) {
        byte b = bytes[i];
        if (OversizedScan.isSpace(b)) {
            return i + 1;
        }
        switch (state) {
            case START -> {
                return b == '{' ? open(true, i) : refuse();
            }
            case FIRST_NAME, NAME -> {
                if (b == '"') {
                    return beginName(i);
                }
                return b == '}' && state == State.FIRST_NAME ? close(i) : refuse();
            }
            case COLON -> {
                state = State.VALUE;
                return b == ':' ? i + 1 : refuse();
            }
            case FIRST_ELEMENT -> {
                return b == ']' ? close(i) : beginValue(b, i);
            }
            case VALUE -> {
                return beginValue(b, i);
            }
            case AFTER -> {
                boolean object = isInObject();
                if (b == ',') {
                    state = object ? State.NAME : State.VALUE;
                    return i + 1;
                }
                return b == (object ? '}' : ']') ? close(i) : refuse();
            }
            default -> {
                return refuse();
            }
        }
    }

    private int open(boolean object, int i) {
        if (depth >= JsonScanner.MAX_DEPTH) {
            return refuse();
        }
        if (depth == 1) {
            membersOfValue = object && members.isComplete() ? Optional.of(new MemberPlaces()) : Optional.empty();
        }
        long bit = 1L << depth;
        int word = depth / Long.SIZE;
        nesting[word] = object ? nesting[word] | bit : nesting[word] & ~bit;
        depth++;
        state = object ? State.FIRST_NAME : State.FIRST_ELEMENT;
        return i + 1;
    }

    private int close(int i) {
        depth--;
        endValue(i + 1);
        return i + 1;
    }

    private boolean isInObject() {
        return (nesting[(depth - 1) / Long.SIZE] & 1L << depth - 1) != 0;
    }

    private boolean isNoted() {
        return depth <= NOTED_DEPTH && isInObject();
    }

    private int beginName(int i) {
        if (depth <= NOTED_DEPTH) {
            nameFrom[depth] = i + 1 + shift;
        }
        isName = true;
        state = State.STRING;
        return i + 1;
    }

    private int beginValue(byte b, int i) {
        if (depth <= NOTED_DEPTH) {
            valueFrom[depth] = i + shift;
        }
        switch (b) {
            case '{', '[' -> {
                return open(b == '{', i);
            }
            case '"' -> {
                isName = false;
                state = State.STRING;
            }
            case 't', 'f', 'n' -> {
                literal = b == 't' ? "true" : b == 'f' ? "false" : "null";
                literalAt = 1;
                state = State.LITERAL;
            }
            case '-' -> state = State.MINUS;
            case '0' -> state = State.ZERO;
            default -> {
                if (!isDigit(b)) {
                    return refuse();
                }
                state = State.INTEGER;
            }
        }
        return i + 1;
    }

    /** A value has ended before the byte at {@code i}. */
    private void endValue(int i) {
        if (depth == 0) {
            state = State.END;
            return;
        }
        state = State.AFTER;
        if (!isNoted()) {
            return;
        }
        int end = i + shift;
        if (depth == 1) {
            members.add(nameFrom[1], nameTo[1], valueFrom[1], end, membersOfValue.filter(MemberPlaces::isComplete));
            membersOfValue = Optional.empty();
        } else {
            membersOfValue.orElseThrow().add(nameFrom[2], nameTo[2], valueFrom[2], end, Optional.empty());
        }
    }

    private int string(int from) {
        int i = Words.skipPlain(bytes, words, from, to);
        if (i == to) {
            return i;
        }
        byte b = bytes[i];
        if (b == '"') {
            endString(i);
            return i + 1;
        }
        if (b == '\\') {
            state = State.ESCAPE;
            return i + 1;
        }
        return b < 0 ? characters(i) : refuse();
    }

    private void endString(int i) {
        if (!isName) {
            endValue(i + 1);
            return;
        }
        if (depth <= NOTED_DEPTH) {
            nameTo[depth] = i + shift;
        }
        state = State.COLON;
    }

    private int escape(int i) {
        switch (bytes[i]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> state = State.STRING;
            case 'u' -> {
                hexDigits = 0;
                state = State.HEX;
            }
            default -> {
                return refuse();
            }
        }
        return i + 1;
    }

    private int hex(int i) {
        if (Character.digit(bytes[i], 16) < 0) {
            return refuse();
        }
        hexDigits++;
        if (hexDigits == 4) {
            state = State.STRING;
        }
        return i + 1;
    }

    /** Characters that are not ASCII; one that these bytes do not end is gathered. */
    private int characters(int from) {
        int i = from;
        while (i < to && bytes[i] < 0) {
            int next = Utf8.afterCharacter(bytes, i, to);
            if (next < 0) {
                if (to - i >= LONGEST_CHARACTER) {
                    return refuse();
                }
                characterSize = 0;
                state = State.CHARACTER;
                return i;
            }
            i = next;
        }
        return i;
    }

    private int character(int i) {
        character[characterSize++] = bytes[i];
        if (Utf8.afterCharacter(character, 0, characterSize) == characterSize) {
            state = State.STRING;
        } else if (characterSize == LONGEST_CHARACTER) {
            return refuse();
        }
        return i + 1;
    }

    private int literal(int i) {
        if (bytes[i] != literal.charAt(literalAt)) {
            return refuse();
        }
        literalAt++;
        if (literalAt == literal.length()) {
            endValue(i + 1);
        }
        return i + 1;
    }

    private int number(int from) {
        int i = from;
        if (state == State.INTEGER || state == State.FRACTION || state == State.POWER) {
            while (i < to && isDigit(bytes[i])) {
                i++;
            }
            if (i == to) {
                return i;
            }
        }
        byte b = bytes[i];
        switch (state) {
            case MINUS -> {
                return isDigit(b) ? go(b == '0' ? State.ZERO : State.INTEGER, i) : refuse();
            }
            case POINT -> {
                return isDigit(b) ? go(State.FRACTION, i) : refuse();
            }
            case EXPONENT, SIGN -> {
                if (state == State.EXPONENT && (b == '+' || b == '-')) {
                    return go(State.SIGN, i);
                }
                return isDigit(b) ? go(State.POWER, i) : refuse();
            }
            case ZERO, INTEGER, FRACTION -> {
                if (b == '.' && state != State.FRACTION) {
                    return go(State.POINT, i);
                }
                if ((b | 0x20) == 'e') {
                    return go(State.EXPONENT, i);
                }
            }
            default -> { }
        }
        endValue(i);
        return i;
    }

    private int go(State next, int i) {
        state = next;
        return i + 1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
