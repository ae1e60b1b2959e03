package dev.mpx.proxy.shim;

import dev.mpx.framing.Line;
import dev.mpx.framing.LineSplitter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts a stream into whole lines, so that half a line of one who dies goes nowhere. A line that outgrows the limit is
 * let through in pieces. By pull: {@link #feed}, then {@link #next} until there is no more; what describes a piece is
 * good until the next call. Not thread-safe.
 */
final class LineCutter {
    private static final int SMALL = 8192;

    private final int limit;
    private final LineSplitter reader;
    private byte[] held = new byte[SMALL];
    private int size;
    private byte[] chunk = held;
    private int at;
    private int end;

    private byte[] array = held;
    private int from;
    private int to;
    private boolean starts;
    private boolean ends;
    private boolean midLine;
    private Optional<Line> line = Optional.empty();

    /**
     * @param limit of a line that is held, in bytes
     * @param readUpTo of a line longer than that, only the id is read
     */
    LineCutter(int limit, int readUpTo) {
        this.limit = limit;
        reader = new LineSplitter(readUpTo);
    }

    /** More bytes; those before have been used up. */
    void feed(byte[] bytes, int length) {
        chunk = bytes;
        at = 0;
        end = length;
    }

    /** Goes on to the next piece. @return false if more bytes are needed for that */
    boolean next() {
        if (at == end) {
            return false;
        }
        int newline = at;
        while (newline < end && chunk[newline] != '\n') {
            newline++;
        }
        int stop = Math.min(newline + 1, end);
        ends = newline < end;
        if (!ends && !midLine && size + stop - at <= limit) {
            hold(stop);
            return false;
        }
        starts = !midLine;
        midLine = !ends;
        if (size > 0) {
            hold(stop);
            array = held;
            from = 0;
            to = size;
            size = 0;
            held = new byte[SMALL];
        } else {
            array = chunk;
            from = at;
            to = stop;
            at = stop;
        }
        line = reader.next(ByteBuffer.wrap(array, from, to - from));
        return true;
    }

    private void hold(int stop) {
        int needed = size + stop - at;
        if (needed > held.length) {
            held = Arrays.copyOf(held, Math.max(needed, 2 * held.length));
        }
        System.arraycopy(chunk, at, held, size, stop - at);
        size = needed;
        at = stop;
    }

    byte[] array() {
        return array;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Whether the piece begins a line. */
    boolean starts() {
        return starts;
    }

    /** Whether the piece ends with the newline. */
    boolean ends() {
        return ends;
    }

    boolean isWholeLine() {
        return starts && ends;
    }

    /** The line that the piece ends, as it reads; empty if it ends none, or a blank one. */
    Optional<Line> line() {
        return line;
    }

    /** Whether the last byte that was fed and used up belongs to a line whose end has not come. */
    boolean isInLine() {
        return midLine || size > 0;
    }

    /** Whether part of a line has been given out without its end. */
    boolean isMidLine() {
        return midLine;
    }
}
