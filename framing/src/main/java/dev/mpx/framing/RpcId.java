package dev.mpx.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The id of a JSON-RPC request: a string or an integer of any size, kept byte for byte as it came.
 *
 * <p>Two ids are equal when they mean the same value: {@code "a"} and its escaped form are one id, {@code 1}
 * and {@code "1"} are two. That is what a client means when it cancels a request or repeats an id.
 * Immutable; it owns its bytes, so keeping an id does not keep the message it came in.
 */
public final class RpcId {
    private static final byte[] ZERO = {'0'};

    private final byte[] json;
    /** The one form that all spellings of this id share; the same array where it came in that form. */
    private final byte[] canonical;

    private final int hash;

    private RpcId(byte[] json) {
        this.json = json;
        this.canonical = canonical(json);
        this.hash = Arrays.hashCode(canonical);
    }

    private static byte[] canonical(byte[] json) {
        if (json[0] != '"') {
            return json.length == 2 && json[0] == '-' && json[1] == '0' ? ZERO : json;
        }
        for (byte b : json) {
            if (b == '\\') {
                return JsonText.quote(JsonText.decode(json, 1, json.length - 1));
            }
        }
        return json;
    }

    /** The id that the value stands for; empty for {@code null}, a fraction, an exponent, or anything that is not a string or number. */
    public static Optional<RpcId> of(JsonValue value) {
        return switch (value.kind()) {
            case STRING -> Optional.of(new RpcId(value.toBytes()));
            case NUMBER -> Decimal.isInteger(value.array(), value.from(), value.to())
                    ? Optional.of(new RpcId(value.toBytes()))
                    : Optional.empty();
            default -> Optional.empty();
        };
    }

    public static RpcId of(long number) {
        return new RpcId(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    public static RpcId of(String text) {
        return new RpcId(JsonText.quote(text));
    }

    /** The bytes as they came, quotes included; not to be written to. */
    public byte[] json() {
        return json;
    }

    /** The number if it is an integer that fits into a long and was written plainly, as mpx writes its own. */
    public Optional<Long> number() {
        return canonical[0] == '"' ? Optional.empty() : Decimal.parse(canonical, 0, canonical.length);
    }

    /** The decoded text if it is a string. */
    public Optional<String> text() {
        return json[0] == '"' ? Optional.of(JsonText.decode(json, 1, json.length - 1)) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof RpcId id && hash == id.hash && Arrays.equals(canonical, id.canonical);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The bytes as they came, as text. */
    @Override
    public String toString() {
        return new String(json, StandardCharsets.UTF_8);
    }
}
