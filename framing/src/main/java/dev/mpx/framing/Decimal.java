package dev.mpx.framing;

import java.util.Optional;

/** Integers as JSON writes them, read from bytes that are known to be a JSON number. */
final class Decimal {
    /** JSON allows no leading zeros, so more digits than those of the largest long never fit. */
    private static final int MOST_DIGITS = 19;

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

    /** Whether it is an integer that fits into a long. */
    static boolean isLong(byte[] bytes, int from, int to) {
        int digits = from + signs(bytes, from);
        if (to - digits > MOST_DIGITS || !isInteger(bytes, from, to)) {
            return false;
        }
        // Of nineteen digits those that don't fit wrap around once, to a positive number.
        long negated = negated(bytes, digits, to);
        return negated <= 0 && (digits > from || negated != Long.MIN_VALUE);
    }

    /** The value of an integer that {@link #isLong fits}. */
    static long valueOf(byte[] bytes, int from, int to) {
        int digits = from + signs(bytes, from);
        long negated = negated(bytes, digits, to);
        return digits > from ? negated : -negated;
    }

    /** The value of an integer that fits into a long. */
    static Optional<Long> parse(byte[] bytes, int from, int to) {
        return isLong(bytes, from, to) ? Optional.of(valueOf(bytes, from, to)) : Optional.empty();
    }

    /** How many bytes the number takes as JSON. */
    static int length(long value) {
        int length = value < 0 ? 2 : 1;
        for (long rest = value / 10; rest != 0; rest /= 10) {
            length++;
        }
        return length;
    }

    /** The number as JSON. */
    static byte[] json(long value) {
        byte[] json = new byte[length(value)];
        json[0] = '-';
        long rest = value;
        for (int i = json.length - 1; i >= (value < 0 ? 1 : 0); i--) {
            json[i] = (byte) ('0' + Math.abs(rest % 10));
            rest /= 10;
        }
        return json;
    }

    private static int signs(byte[] bytes, int from) {
        return bytes[from] == '-' ? 1 : 0;
    }

    /** Counted downwards, since the smallest long has no positive counterpart. */
    private static long negated(byte[] bytes, int digits, int to) {
        long value = 0;
        for (int i = digits; i < to; i++) {
            value = value * 10 - (bytes[i] - '0');
        }
        return value;
    }
}
