package dev.mpx.framing;

/** Looks at eight bytes at once, in a long (after "Bit Twiddling Hacks", "determine if a word has a byte equal to n"). */
final class Words {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';

    private Words() {}

    /** Whether one of the eight bytes is the given one; the order of the bytes in the word does not matter. */
    static boolean contains(long word, byte wanted) {
        long zeroWhereEqual = word ^ ONES * wanted;
        return ((zeroWhereEqual - ONES) & ~zeroWhereEqual & HIGHS) != 0;
    }

    /**
     * How many bytes, from the first on, stand for themselves in a JSON string: 8 if none is a quote, a
     * backslash, a control character or not ASCII. A borrow can only mark bytes behind one that is marked
     * rightly, so the first mark is always right.
     *
     * @param word read in little-endian order
     */
    static int plainBytes(long word) {
        long marks = (((word ^ QUOTES) - ONES) | ((word ^ BACKSLASHES) - ONES) | (word - SPACES) | word) & HIGHS;
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }
}
