package dev.mpx.proxy.status;

import java.util.OptionalInt;

/**
 * What a status is written on.
 *
 * @param width in columns; longer lines are cut or go on in the next
 * @param rows that the status should take at most, where that matters
 * @param color whether escape sequences for colours are understood
 * @param all whether every session and every call is named, however many there are
 */
public record Layout(int width, OptionalInt rows, boolean color, boolean all) {
    static final int NARROWEST = 40;
    /** What is asked for where lines are not to be cut. */
    private static final int WIDEST = 1_000_000;

    public Layout {
        width = Math.max(NARROWEST, Math.min(WIDEST, width));
    }

    /** Without colours, and of any height. */
    public static Layout plain(int width) {
        return new Layout(width, OptionalInt.empty(), false, false);
    }
}
