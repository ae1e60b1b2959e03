package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One line of bytes without its terminator: a message as it came, or as it was spliced together.
 *
 * <p>Immutable by contract: whoever hands an array to a frame does not write to it again. A frame made by a
 * {@link Splicer} from a large message consists of several parts that share the original's array, so that
 * changing an id in 16 MB copies a few bytes; a sender gathers the parts.
 */
public final class Frame implements Line {
    private static final ByteBuffer[] NONE = {};
    private static final byte[] IN_PARTS = {};

    /** Of a contiguous frame, which is what most are: they have no {@link #parts}. */
    private final byte[] bytes;

    private final int from;
    private final int length;
    private final ByteBuffer[] parts;

    private Frame(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
        this.parts = NONE;
    }

    private Frame(ByteBuffer[] parts) {
        this.bytes = IN_PARTS;
        this.from = 0;
        this.parts = parts;
        int sum = 0;
        for (ByteBuffer part : parts) {
            sum = Math.addExact(sum, part.remaining());
        }
        this.length = sum;
    }

    /** The whole array as one frame; it is not copied. */
    public static Frame of(byte[] bytes) {
        return of(bytes, 0, bytes.length);
    }

    /** The bytes {@code [from, to)} of the array as one frame; they are not copied. */
    public static Frame of(byte[] bytes, int from, int to) {
        return new Frame(bytes, Objects.checkFromToIndex(from, to, bytes.length), to - from);
    }

    /** The text in UTF-8. */
    public static Frame of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame of several parts, sent one after the other; nothing is copied. */
    static Frame gather(List<ByteBuffer> parts) {
        return parts.size() == 1 ? of(parts.get(0)) : new Frame(parts.toArray(ByteBuffer[]::new));
    }

    private static Frame of(ByteBuffer part) {
        int from = part.arrayOffset() + part.position();
        return of(part.array(), from, from + part.remaining());
    }

    /** Length in bytes, without the newline that a link adds. */
    public int length() {
        return length;
    }

    /** Fresh read-only views of the parts in order, for a gathering write; their positions are the caller's own. */
    public ByteBuffer[] buffers() {
        if (isContiguous()) {
            return new ByteBuffer[] {ByteBuffer.wrap(bytes, from, length).asReadOnlyBuffer()};
        }
        ByteBuffer[] views = new ByteBuffer[parts.length];
        for (int i = 0; i < parts.length; i++) {
            views[i] = parts[i].asReadOnlyBuffer();
        }
        return views;
    }

    /** This frame if it stands in one array, else a copy that does. */
    public Frame contiguous() {
        return isContiguous() ? this : Frame.of(toBytes());
    }

    boolean isContiguous() {
        return parts == NONE;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return toBytes(length);
    }

    /**
     * Copies the bytes from one of them on, as many as there is room for.
     *
     * @param first counted from the frame's beginning
     */
    public void copyTo(ByteBuffer target, int first) {
        if (isContiguous()) {
            target.put(bytes, from + first, Math.min(length - first, target.remaining()));
            return;
        }
        int skipped = first;
        for (ByteBuffer part : parts) {
            int at = Math.min(skipped, part.remaining());
            skipped -= at;
            int n = Math.min(part.remaining() - at, target.remaining());
            target.put(target.position(), part, part.position() + at, n);
            target.position(target.position() + n);
        }
    }

    /** The array of a contiguous frame, for reading only. */
    byte[] array() {
        return bytes;
    }

    /** Where a contiguous frame begins in its array. */
    int from() {
        return from;
    }

    /** Where a contiguous frame ends in its array, exclusive. */
    int to() {
        return from + length;
    }

    /** The first bytes as text for a log line; bytes that are not UTF-8 become replacement characters. */
    public String excerpt(int maxBytes) {
        byte[] first = toBytes(Math.min(maxBytes, length));
        String text = new String(first, StandardCharsets.UTF_8);
        return first.length < length ? text + "…" : text;
    }

    private byte[] toBytes(int max) {
        byte[] copy = new byte[max];
        copyTo(ByteBuffer.wrap(copy), 0);
        return copy;
    }

    /** The whole frame as text. */
    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }
}
