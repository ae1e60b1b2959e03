package dev.mpx.framing;

import java.util.Arrays;

/**
 * Texts that come again and again, such as the names of tools: each is decoded once and then found by its bytes. There is a
 * fixed number of places, and a newcomer takes the place of whoever has it. Not thread-safe.
 */
public final class RepeatedTexts {
    /** A power of two. */
    private static final int PLACES = 256;
    /** In bytes; what is longer than a name is hardly repeated. */
    private static final int LONGEST = 64;

    private final String[] texts = new String[PLACES];

    public RepeatedTexts() {
        Arrays.fill(texts, "");
    }

    /**
     * The decoded text.
     *
     * @throws IllegalArgumentException if the value is no string
     */
    public String of(JsonValue string) {
        if (string.kind() != JsonValue.Kind.STRING) {
            throw new IllegalArgumentException("no string");
        }
        byte[] bytes = string.array();
        int from = string.from() + 1;
        int to = string.to() - 1;
        if (to - from > LONGEST) {
            return JsonText.decode(bytes, from, to);
        }
        int place = place(bytes, from, to);
        if (!JsonText.matches(bytes, from, to, texts[place])) {
            texts[place] = JsonText.decode(bytes, from, to);
        }
        return texts[place];
    }

    private static int place(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ hash >>> 16) & PLACES - 1;
    }
}
