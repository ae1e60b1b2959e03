package dev.mpx.framing;

import java.util.Optional;

/**
 * The id of a JSON-RPC request: a string or an integer of any size, kept byte for byte as it came.
 *
 * <p>Two ids are equal when they mean the same value: {@code "a"} and its escaped form are one id, {@code 1}
 * and {@code "1"} are two. That is what a client means when it cancels a request or repeats an id.
 * Immutable; it owns its bytes, so keeping an id does not keep the message it came in.
 */
public final class RpcId {
    private final byte[] json;

    private RpcId(byte[] json) {
        this.json = json;
    }

    /** The id that the value stands for; empty for {@code null}, a fraction, an exponent, or anything that is not a string or number. */
    public static Optional<RpcId> of(JsonValue value) {
        throw new UnsupportedOperationException();
    }

    public static RpcId of(long number) {
        throw new UnsupportedOperationException();
    }

    public static RpcId of(String text) {
        throw new UnsupportedOperationException();
    }

    /** The bytes as they came, quotes included; not to be written to. */
    public byte[] json() {
        return json;
    }

    /** The number if it is an integer that fits into a long and was written plainly, as mpx writes its own. */
    public Optional<Long> number() {
        throw new UnsupportedOperationException();
    }

    /** The decoded text if it is a string. */
    public Optional<String> text() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String toString() {
        return new String(json, java.nio.charset.StandardCharsets.UTF_8);
    }
}
