package dev.mpx.framing;

/** Looks at eight bytes at once, in a long; the order of the bytes in it does not matter. */
final class Words {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private Words() {}

    /** Whether one of the eight bytes is the given one. */
    static boolean contains(long word, byte wanted) {
        long zeroWhereEqual = word ^ ONES * wanted;
        return ((zeroWhereEqual - ONES) & ~zeroWhereEqual & HIGHS) != 0;
    }
}
