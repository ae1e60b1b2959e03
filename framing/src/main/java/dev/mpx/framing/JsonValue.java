package dev.mpx.framing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JSON value where it stands: a range of bytes in an array, known to be valid JSON.
 *
 * <p>Looking into it walks the bytes each time and builds nothing, which is right for the two or three
 * members that mpx ever asks for. Immutable; equality is identity.
 */
public final class JsonValue {
    /** What a value is, told by its first byte. */
    public enum Kind { OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL }

    /** A member of an object: its decoded name and its value, and the name as it stands there, a string. */
    public record Member(String name, JsonValue value, JsonValue key) {}

    private final byte[] bytes;
    private final int from;
    private final int to;

    JsonValue(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /**
     * Reads a text that must be exactly one JSON value (RFC 8259), with white space around it allowed.
     *
     * @return the value, or empty if the bytes are not valid JSON in valid UTF-8
     */
    public static Optional<JsonValue> parse(byte[] json) {
        return parse(json, 0);
    }

    /**
     * The same, for what is to become a part of something.
     *
     * @param outer how many objects and arrays it will stand in; empty too if it is then nested too deeply
     */
    public static Optional<JsonValue> parse(byte[] json, int outer) {
        JsonScanner scanner = new JsonScanner(json, 0, json.length);
        scanner.peek();
        int start = scanner.at();
        if (!scanner.skipValue(outer)) {
            return Optional.empty();
        }
        int end = scanner.at();
        return scanner.takeEnd() ? Optional.of(new JsonValue(json, start, end)) : Optional.empty();
    }

    public Kind kind() {
        return switch (bytes[from]) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't' -> Kind.TRUE;
            case 'f' -> Kind.FALSE;
            case 'n' -> Kind.NULL;
            default -> Kind.NUMBER;
        };
    }

    /** The member of that (decoded) name if this is an object that has it: the last one where a name is repeated. */
    public Optional<JsonValue> get(String name) {
        int start = -1;
        int end = -1;
        for (MemberWalk walk = walk(); walk.next(); ) {
            if (walk.isNamed(name)) {
                start = walk.valueFrom;
                end = walk.valueTo;
            }
        }
        return start < 0 ? Optional.empty() : Optional.of(new JsonValue(bytes, start, end));
    }

    /** {@code get} along a path of names. */
    public Optional<JsonValue> at(String... path) {
        Optional<JsonValue> value = Optional.of(this);
        for (String name : path) {
            value = value.flatMap(object -> object.get(name));
        }
        return value;
    }

    /** The members of an object, one after the other, for whoever wants several of them; none for anything else. */
    public MemberWalk walk() {
        return new MemberWalk();
    }

    /** The members of an object in order; empty for anything else. */
    public List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (MemberWalk walk = walk(); walk.next(); ) {
            String name = JsonText.decode(bytes, walk.nameFrom, walk.nameTo);
            JsonValue key = new JsonValue(bytes, walk.nameFrom - 1, walk.nameTo + 1);
            members.add(new Member(name, new JsonValue(bytes, walk.valueFrom, walk.valueTo), key));
        }
        return List.copyOf(members);
    }

    /** The elements of an array in order; empty for anything else. */
    public List<JsonValue> elements() {
        if (kind() != Kind.ARRAY) {
            return List.of();
        }
        List<JsonValue> elements = new ArrayList<>();
        JsonScanner scanner = new JsonScanner(bytes, from + 1, to);
        while (scanner.peek() != ']') {
            int start = scanner.at();
            scanner.skipValue(0);
            elements.add(new JsonValue(bytes, start, scanner.at()));
            if (scanner.peek() == ',') {
                scanner.take(',');
                scanner.peek();
            }
        }
        return List.copyOf(elements);
    }

    /** The decoded text if this is a string. */
    public Optional<String> text() {
        return kind() == Kind.STRING ? Optional.of(JsonText.decode(bytes, from + 1, to - 1)) : Optional.empty();
    }

    /** The value if this is an integer, written without fraction and exponent, that fits. */
    public Optional<Long> integer() {
        return kind() == Kind.NUMBER ? Decimal.parse(bytes, from, to) : Optional.empty();
    }

    /** Whether this is {@code true}. */
    public boolean isTrue() {
        return kind() == Kind.TRUE;
    }

    /** Where it begins in the bytes of its frame's array. */
    int from() {
        return from;
    }

    /** Where it ends, exclusive. */
    int to() {
        return to;
    }

    byte[] array() {
        return bytes;
    }

    /** Length in bytes. */
    public int length() {
        return to - from;
    }

    /** A copy of its bytes. */
    public byte[] toBytes() {
        return java.util.Arrays.copyOfRange(bytes, from, to);
    }

    /** Its bytes as text: JSON, with quotes and escapes as they came. */
    @Override
    public String toString() {
        return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Steps through the members of an object, in place; through nothing if it is something else. Not thread-safe. */
    public final class MemberWalk {
        private final JsonScanner scanner = new JsonScanner(bytes, from + 1, to);
        private boolean more = bytes[from] == '{' && scanner.peek() != '}';
        private int nameFrom;
        private int nameTo;
        private int valueFrom;
        private int valueTo;

        private MemberWalk() {}

        /** Steps to the next member, to the first at first; false behind the last. */
        public boolean next() {
            if (!more) {
                return false;
            }
            scanner.peek();
            nameFrom = scanner.at() + 1;
            scanner.skipString();
            nameTo = scanner.at() - 1;
            scanner.take(':');
            scanner.peek();
            valueFrom = scanner.at();
            scanner.skipValue(0);
            valueTo = scanner.at();
            more = scanner.peek() == ',' && scanner.take(',');
            return true;
        }

        /** Whether that is its (decoded) name. */
        public boolean isNamed(String name) {
            return JsonText.matches(bytes, nameFrom, nameTo, name);
        }

        public JsonValue value() {
            return new JsonValue(bytes, valueFrom, valueTo);
        }
    }
}
