package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A line that has outgrown one small array: kept in segments, so that what is there is never copied again, and read as
 * JSON while it comes. Not thread-safe.
 */
final class SegmentedLine {
    /** A line up to this long stands in one array; of a longer one this is what a segment holds. */
    static final int SEGMENT = 64 * 1024;
    /**
     * Of a line that has grown beyond {@value #LARGE} bytes, what a further segment holds. Arrays of this size go straight to the
     * old generation (lib/java/serve.flags), so that a line which a survivor space can't hold (1216 KiB) is not copied there by one
     * collection after the other. Those of a smaller line don't: what is in the old generation is cleared away by full
     * collections alone.
     */
    static final int LARGE_SEGMENT = 512 * 1024;

    static final int LARGE = 17 * SEGMENT;

    private final List<ByteBuffer> full = new ArrayList<>();
    private byte[] segment;
    private int used;
    private int size;
    private int held;
    private final JsonStream json = new JsonStream();

    /** @param start the array of the line so far, which goes with it */
    SegmentedLine(byte[] start, int size) {
        this.segment = start;
        this.used = size;
        this.size = size;
        this.held = start.length;
        json.feed(start, 0, size);
    }

    /**
     * Adds bytes of a chunk, whose position stays.
     *
     * @param last whether the line ends with them
     */
    void append(ByteBuffer chunk, int from, int to, boolean last) {
        for (int at = from; at < to; ) {
            if (used == segment.length) {
                int length = size < LARGE ? SEGMENT : LARGE_SEGMENT;
                begin(last ? Math.min(length, to - at) : length);
            }
            int n = Math.min(to - at, segment.length - used);
            chunk.get(at, segment, used, n);
            json.feed(segment, used, used + n);
            used += n;
            size += n;
            at += n;
        }
    }

    private void begin(int length) {
        addUsed();
        segment = new byte[length];
        used = 0;
        held += length;
    }

    private void addUsed() {
        if (used > 0) {
            full.add(ByteBuffer.wrap(segment, 0, used));
        }
    }

    /** Length so far. */
    int size() {
        return size;
    }

    /** Bytes of memory. */
    int held() {
        return held;
    }

    boolean isBlank() {
        return json.isBlank();
    }

    /** The line as it is; nothing may be added any more. */
    Frame frame() {
        return Frame.segmented(parts(), json.members());
    }

    /** What is there, in order. */
    List<ByteBuffer> parts() {
        addUsed();
        used = 0;
        segment = new byte[0];
        return full;
    }
}
