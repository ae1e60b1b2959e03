package dev.mpx.framing;

import java.nio.ByteBuffer;

/** Looks at eight bytes at once, in a long (after "Bit Twiddling Hacks", "determine if a word has a byte equal to n"). */
final class Words {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    /** Four words are looked at in one go: with less, the loop costs more than the looking. */
    static final int STRIDE = 4 * Long.BYTES;

    private Words() {}

    /** Whether one of the eight bytes is the given one; the order of the bytes in the word does not matter. */
    static boolean contains(long word, byte wanted) {
        return (marksOf(word, wanted) & HIGHS) != 0;
    }

    /** Whether one of the {@value #STRIDE} bytes from {@code i} on is the given one. */
    static boolean containInStride(ByteBuffer bytes, int i, byte wanted) {
        long marks = marksOf(bytes.getLong(i), wanted)
                | marksOf(bytes.getLong(i + Long.BYTES), wanted)
                | marksOf(bytes.getLong(i + 2 * Long.BYTES), wanted)
                | marksOf(bytes.getLong(i + 3 * Long.BYTES), wanted);
        return (marks & HIGHS) != 0;
    }

    private static long marksOf(long word, byte wanted) {
        long zeroWhereEqual = word ^ ONES * wanted;
        return (zeroWhereEqual - ONES) & ~zeroWhereEqual;
    }

    /**
     * How many bytes, from the first on, stand for themselves in a JSON string: 8 if none is a quote, a
     * backslash, a control character or not ASCII. A borrow can only mark bytes behind one that is marked
     * rightly, so the first mark is always right.
     *
     * @param word read in little-endian order
     */
    static int plainBytes(long word) {
        return Long.numberOfTrailingZeros(marks(word)) >>> 3;
    }

    /**
     * The first place in a long JSON string whose byte is a quote, a backslash, a control character or not ASCII;
     * {@code to} if there is none. For a short one, going four words at a time is a detour.
     *
     * @param words the same bytes, in little-endian order
     */
    static int skipPlain(byte[] bytes, ByteBuffer words, int from, int to) {
        int i = from;
        while (i <= to - STRIDE && isPlain(words, i)) {
            i += STRIDE;
        }
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            int plain = plainBytes(words.getLong(i));
            if (plain < Long.BYTES) {
                return i + plain;
            }
        }
        while (i < to && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    private static boolean isPlain(ByteBuffer words, int i) {
        return (marks(words.getLong(i))
                        | marks(words.getLong(i + Long.BYTES))
                        | marks(words.getLong(i + 2 * Long.BYTES))
                        | marks(words.getLong(i + 3 * Long.BYTES)))
                == 0;
    }

    private static long marks(long word) {
        return (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES) | word) & HIGHS;
    }
}
