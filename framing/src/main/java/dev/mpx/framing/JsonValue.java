package dev.mpx.framing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A JSON value where it stands: a range of bytes, known to be valid JSON.
 *
 * <p>Looking into it walks the bytes each time and builds nothing, which is right for the two or three
 * members that mpx ever asks for. Immutable; equality is identity.
 */
public abstract sealed class JsonValue permits ContiguousValue, SegmentedValue {
    /** What a value is, told by its first byte. */
    public enum Kind { OBJECT, ARRAY, STRING, NUMBER, TRUE, FALSE, NULL }

    /** A member of an object: its decoded name and its value, and the name as it stands there, a string. */
    public record Member(String name, JsonValue value, JsonValue key) {}

    /** Steps through the members of an object, in place; through nothing if it is something else. Not thread-safe. */
    public interface MemberWalk {
        /** Steps to the next member, to the first at first; false behind the last. */
        boolean next();

        /** Whether that is its (decoded) name. */
        boolean isNamed(String name);

        JsonValue value();
    }

    JsonValue() {}

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
        return scanner.takeEnd() ? Optional.of(new ContiguousValue(json, start, end)) : Optional.empty();
    }

    public Kind kind() {
        return switch (first()) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't' -> Kind.TRUE;
            case 'f' -> Kind.FALSE;
            case 'n' -> Kind.NULL;
            default -> Kind.NUMBER;
        };
    }

    /** The first byte, which tells the kind. */
    abstract byte first();

    /** The member of that (decoded) name if this is an object that has it: the last one where a name is repeated. */
    public abstract Optional<JsonValue> get(String name);

    /** {@code get} along a path of names. */
    public Optional<JsonValue> at(String... path) {
        Optional<JsonValue> value = Optional.of(this);
        for (String name : path) {
            value = value.flatMap(object -> object.get(name));
        }
        return value;
    }

    /** The members of an object, one after the other, for whoever wants several of them; none for anything else. */
    public abstract MemberWalk walk();

    /** The members of an object in order; empty for anything else. */
    public abstract List<Member> members();

    /** The elements of an array in order; empty for anything else. */
    public abstract List<JsonValue> elements();

    /** The decoded text if this is a string. */
    public Optional<String> text() {
        if (kind() != Kind.STRING) {
            return Optional.empty();
        }
        byte[] bytes = array();
        return Optional.of(JsonText.decode(bytes, from() + 1, to() - 1));
    }

    /** The value if this is an integer, written without fraction and exponent, that fits. */
    public Optional<Long> integer() {
        return kind() == Kind.NUMBER ? Decimal.parse(array(), from(), to()) : Optional.empty();
    }

    /** Whether this is {@code true}. */
    public boolean isTrue() {
        return kind() == Kind.TRUE;
    }

    /** An array that it stands in, from {@link #from} to {@link #to}: for reading only, and perhaps a copy made for this call. */
    abstract byte[] array();

    /** Where it begins in {@link #array}. */
    abstract int from();

    /** Where it ends there, exclusive. */
    abstract int to();

    /** The same value in one array; a copy if need be, whose parts are not parts of the frame. */
    abstract ContiguousValue contiguous();

    /** How many bytes of the frame stand before it, or -1 if it is no part of that frame. */
    abstract int offsetIn(Frame frame);

    /** Length in bytes. */
    public abstract int length();

    /** A copy of its bytes. */
    public abstract byte[] toBytes();

    /** Its bytes as text: JSON, with quotes and escapes as they came. */
    @Override
    public String toString() {
        byte[] bytes = array();
        return new String(bytes, from(), length(), StandardCharsets.UTF_8);
    }
}
