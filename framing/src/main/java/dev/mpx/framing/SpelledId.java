package dev.mpx.framing;

import java.util.Arrays;
import java.util.Optional;

/** An id that is a string, or a number too large for a long. */
final class SpelledId extends RpcId {
    private final byte[] json;
    /** The one form that all spellings of this id share; the same array where it came in that form. */
    private final byte[] canonical;

    private final int hash;

    SpelledId(byte[] json) {
        this.json = json;
        this.canonical = canonical(json);
        this.hash = Arrays.hashCode(canonical);
    }

    private static byte[] canonical(byte[] json) {
        for (byte b : json) {
            if (b == '\\') {
                return JsonText.quote(JsonText.decode(json, 1, json.length - 1));
            }
        }
        return json;
    }

    @Override
    public byte[] json() {
        return json;
    }

    @Override
    public int length() {
        return json.length;
    }

    @Override
    public Optional<Long> number() {
        return Optional.empty();
    }

    @Override
    public Optional<String> text() {
        return json[0] == '"' ? Optional.of(JsonText.decode(json, 1, json.length - 1)) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof SpelledId id && hash == id.hash && Arrays.equals(canonical, id.canonical);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
