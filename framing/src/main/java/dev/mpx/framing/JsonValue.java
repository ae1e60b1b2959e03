package dev.mpx.framing;

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

    /** A member of an object: its decoded name and its value. */
    public record Member(String name, JsonValue value) {}

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
        throw new UnsupportedOperationException();
    }

    public Kind kind() {
        throw new UnsupportedOperationException();
    }

    /** The member of that (decoded) name if this is an object that has it: the last one where a name is repeated. */
    public Optional<JsonValue> get(String name) {
        throw new UnsupportedOperationException();
    }

    /** {@code get} along a path of names. */
    public Optional<JsonValue> at(String... path) {
        throw new UnsupportedOperationException();
    }

    /** The members of an object in order; empty for anything else. */
    public List<Member> members() {
        throw new UnsupportedOperationException();
    }

    /** The elements of an array in order; empty for anything else. */
    public List<JsonValue> elements() {
        throw new UnsupportedOperationException();
    }

    /** The decoded text if this is a string. */
    public Optional<String> text() {
        throw new UnsupportedOperationException();
    }

    /** The value if this is an integer that fits. */
    public Optional<Long> integer() {
        throw new UnsupportedOperationException();
    }

    /** Whether this is {@code true}. */
    public boolean isTrue() {
        throw new UnsupportedOperationException();
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
}
