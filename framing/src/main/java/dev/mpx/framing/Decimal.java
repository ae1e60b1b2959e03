package dev.mpx.framing;

import java.util.Optional;

/** Integers as JSON writes them, read from bytes that are known to be a JSON number. */
final class Decimal {
    private Decimal() {}

    /** Whether the number has neither fraction nor exponent. */
    static boolean isInteger(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != '-' && (bytes[i] < '0' || bytes[i] > '9')) {
                return false;
            }
        }
        return true;
    }

    /** The value of an integer that fits into a long. */
    static Optional<Long> parse(byte[] bytes, int from, int to) {
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        // JSON allows no leading zeros, so more than 19 digits never fit.
        if (to - first > 19 || !isInteger(bytes, from, to)) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = first; i < to; i++) {
            // Counted downwards, since the smallest long has no positive counterpart.
            long next = value * 10 - (bytes[i] - '0');
            if (value < Long.MIN_VALUE / 10 || next > 0) {
                return Optional.empty();
            }
            value = next;
        }
        if (negative) {
            return Optional.of(value);
        }
        return value == Long.MIN_VALUE ? Optional.empty() : Optional.of(-value);
    }
}
