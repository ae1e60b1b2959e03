package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a stream of bytes into lines, by pull: whoever wants a line asks for the next one and keeps the rest of
 * the chunk until it wants more.
 *
 * <p>A line ends with {@code \n}; one {@code \r} before it is dropped; a line of nothing but white space is
 * skipped. A small line is given out in one array, a large one in several parts that were read while they came. A
 * line over the limit is not kept: its bytes are only looked at for the id, and after its newline the stream goes on
 * as if nothing had been. Not thread-safe.
 */
public final class LineSplitter {
    private static final byte[] NOTHING = {};
    private static final ByteBuffer RETURN = ByteBuffer.wrap(new byte[] {'\r'}).asReadOnlyBuffer();
    private static final int SMALLEST = 256;

    private final int limit;

    /** The bytes of the line so far that stood in earlier chunks, up to {@code size}. */
    private byte[] line = NOTHING;
    private int size;

    /** The line so far if it has outgrown the array; null while it has not. */
    private SegmentedLine large;

    /** Whether the line so far ends with a {@code \r} that is not in it yet, since a newline may follow. */
    private boolean carriageReturn;

    /** What is learned from a line over the limit; null while the line is not. */
    private OversizedScan oversized;

    /** @param limit the longest line in bytes, without its terminator */
    public LineSplitter(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a line limit must be positive: " + limit);
        }
        this.limit = limit;
    }

    /** The next line, if the chunk ends one; the chunk's position is then behind its newline. Else empty, with the chunk used up. */
    public Optional<Line> next(ByteBuffer chunk) {
        while (chunk.hasRemaining()) {
            int newline = indexOfNewline(chunk);
            boolean ends = newline < chunk.limit();
            append(chunk, newline, ends);
            chunk.position(ends ? newline + 1 : newline);
            if (ends) {
                Optional<Line> complete = takeLine();
                if (complete.isPresent()) {
                    return complete;
                }
            }
        }
        return Optional.empty();
    }

    /** The end of the stream: what stands there without a newline is a line too. */
    public Optional<Line> end() {
        return takeLine();
    }

    /** Bytes of memory held for a line that has not ended yet. */
    public int held() {
        return large == null ? line.length : large.held();
    }

    /** The place of the first newline, or the chunk's limit. */
    private static int indexOfNewline(ByteBuffer chunk) {
        int end = chunk.limit();
        int i = chunk.position();
        while (i <= end - Words.STRIDE && !Words.containInStride(chunk, i, (byte) '\n')) {
            i += Words.STRIDE;
        }
        while (i <= end - Long.BYTES && !Words.contains(chunk.getLong(i), (byte) '\n')) {
            i += Long.BYTES;
        }
        while (i < end && chunk.get(i) != '\n') {
            i++;
        }
        return i;
    }

    /** Adds the bytes from the chunk's position up to {@code end} to the line. */
    private void append(ByteBuffer chunk, int end, boolean last) {
        int start = chunk.position();
        if (start == end) {
            return;
        }
        boolean returnBefore = carriageReturn;
        carriageReturn = chunk.get(end - 1) == '\r';
        int stop = carriageReturn ? end - 1 : end;
        if (oversized == null) {
            growTo((long) length() + (returnBefore ? 1 : 0) + (stop - start));
        }
        if (returnBefore) {
            add(RETURN, 0, 1, false);
        }
        add(chunk, start, stop, last);
    }

    private int length() {
        return large == null ? size : large.size();
    }

    /** Before the line becomes so long. */
    private void growTo(long length) {
        if (length > limit) {
            oversized = new OversizedScan();
            List<ByteBuffer> parts = large == null ? List.of(ByteBuffer.wrap(line, 0, size)) : large.parts();
            parts.forEach(part -> oversized.feed(part, 0, part.limit()));
            large = null;
            forgetArray();
        } else if (length > SegmentedLine.SEGMENT && large == null) {
            large = new SegmentedLine(line, size);
            forgetArray();
        }
    }

    private void forgetArray() {
        line = NOTHING;
        size = 0;
    }

    private void add(ByteBuffer chunk, int from, int to, boolean last) {
        if (oversized != null) {
            oversized.feed(chunk, from, to);
        } else if (large != null) {
            large.append(chunk, from, to, last);
        } else if (from < to) {
            reserve(to - from, last);
            chunk.get(from, line, size, to - from);
            size += to - from;
        }
    }

    /** Makes room, exactly as much as is needed if this is the end of the line, else by doubling. */
    private void reserve(int more, boolean last) {
        int needed = size + more;
        if (needed > line.length) {
            long roomy = Math.max(SMALLEST, 2L * line.length);
            int capacity = last ? needed : (int) Math.min(Math.min(limit, SegmentedLine.SEGMENT), Math.max(needed, roomy));
            line = Arrays.copyOf(line, capacity);
        }
    }

    /** Ends the line and starts anew; empty if there was nothing in it. The arrays go with the frame. */
    private Optional<Line> takeLine() {
        Optional<Line> complete;
        if (oversized != null) {
            complete = oversized.finish().map(Line.class::cast);
        } else if (large != null) {
            complete = large.isBlank() ? Optional.empty() : Optional.of(large.frame());
        } else {
            complete = isBlank() ? Optional.empty() : Optional.of(Frame.of(line, 0, size));
        }
        oversized = null;
        large = null;
        carriageReturn = false;
        forgetArray();
        return complete;
    }

    private boolean isBlank() {
        for (int i = 0; i < size; i++) {
            if (!OversizedScan.isSpace(line[i])) {
                return false;
            }
        }
        return true;
    }
}
