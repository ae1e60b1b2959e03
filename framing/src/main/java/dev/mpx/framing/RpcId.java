package dev.mpx.framing;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The id of a JSON-RPC request: a string or an integer of any size, kept byte for byte as it came.
 *
 * <p>Two ids are equal when they mean the same value: {@code "a"} and its escaped form are one id, {@code 1}
 * and {@code "1"} are two. That is what a client means when it cancels a request or repeats an id.
 * Immutable; it refers to no bytes of the message it came in, so keeping an id does not keep the message.
 */
public abstract sealed class RpcId permits NumberId, SpelledId {
    RpcId() {}

    /** Whether the value may be an id: not {@code null}, a fraction, an exponent, or anything that is not a string or number. */
    public static boolean isId(JsonValue value) {
        return switch (value.kind()) {
            case STRING -> true;
            case NUMBER -> Decimal.isInteger(value.array(), value.from(), value.to());
            default -> false;
        };
    }

    /** The id that the value stands for; empty if {@link #isId it can't be one}. */
    public static Optional<RpcId> of(JsonValue value) {
        return isId(value) ? Optional.of(read(value)) : Optional.empty();
    }

    /** @param value one that may be an id */
    static RpcId read(JsonValue value) {
        return value.kind() == JsonValue.Kind.NUMBER && Decimal.isLong(value.array(), value.from(), value.to())
                ? NumberId.read(value)
                : new SpelledId(value.toBytes());
    }

    public static RpcId of(long number) {
        return new NumberId(number);
    }

    public static RpcId of(String text) {
        return new SpelledId(JsonText.quote(text));
    }

    /** The bytes as they came, quotes included; not to be written to. */
    public abstract byte[] json();

    /** How many bytes those are. */
    public abstract int length();

    /** The number if it is an integer that fits into a long. */
    public abstract Optional<Long> number();

    /** The decoded text if it is a string. */
    public abstract Optional<String> text();

    @Override
    public abstract boolean equals(Object other);

    @Override
    public abstract int hashCode();

    /** The bytes as they came, as text. */
    @Override
    public String toString() {
        return new String(json(), StandardCharsets.UTF_8);
    }
}
