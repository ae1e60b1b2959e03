package dev.mpx.proxy.shim;

import java.util.Arrays;

/**
 * Holds back the last line until its newline has come, so that half a line of a daemon that dies is never printed.
 * A line that outgrows the limit is let through in pieces. Not thread-safe.
 */
final class WholeLines {
    private final int limit;
    private byte[] held = new byte[8192];
    private int size;
    private boolean cutThrough;

    /** @param limit of a line that is held, in bytes */
    WholeLines(int limit) {
        this.limit = limit;
    }

    /** What to do with a chunk: the held bytes go first, then this many of its own; the rest is held. */
    int passable(byte[] bytes, int length) {
        int end = length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end > 0) {
            cutThrough = false;
        }
        boolean tooLong = (end > 0 ? 0 : size) + length - end > limit;
        cutThrough |= tooLong;
        return cutThrough ? length : end;
    }

    byte[] held() {
        return held;
    }

    int size() {
        return size;
    }

    /** The held bytes have gone out; a large array goes with them. */
    void clear() {
        size = 0;
        if (held.length > 64 << 10) {
            held = new byte[8192];
        }
    }

    void hold(byte[] bytes, int from, int to) {
        int needed = size + to - from;
        if (needed > held.length) {
            held = Arrays.copyOf(held, Math.max(needed, 2 * held.length));
        }
        System.arraycopy(bytes, from, held, size, to - from);
        size = needed;
    }

    /** Whether part of a line has gone out without its end. */
    boolean isMidLine() {
        return cutThrough;
    }
}
