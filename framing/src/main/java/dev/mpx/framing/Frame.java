package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One line of bytes without its terminator: a message as it came, or as it was spliced together.
 *
 * <p>Immutable by contract: whoever hands an array to a frame does not write to it again. A frame made by a
 * {@link Splicer} from a large message consists of several parts that share the original's array, so that
 * changing an id in 16 MB copies a few bytes; a sender gathers the parts.
 */
public final class Frame implements Line {
    private final ByteBuffer[] parts;
    private final int length;

    private Frame(ByteBuffer[] parts) {
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
        return new Frame(new ByteBuffer[] {ByteBuffer.wrap(bytes, from, to - from)});
    }

    /** The text in UTF-8. */
    public static Frame of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame of several parts, sent one after the other; nothing is copied. */
    static Frame gather(List<ByteBuffer> parts) {
        return new Frame(parts.toArray(ByteBuffer[]::new));
    }

    /** Length in bytes, without the newline that a link adds. */
    public int length() {
        return length;
    }

    /** Fresh read-only views of the parts in order, for a gathering write; their positions are the caller's own. */
    public ByteBuffer[] buffers() {
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
        return parts.length == 1;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        byte[] bytes = new byte[length];
        int at = 0;
        for (ByteBuffer part : parts) {
            int n = part.remaining();
            part.get(part.position(), bytes, at, n);
            at += n;
        }
        return bytes;
    }

    /** The array of a contiguous frame, for reading only. */
    byte[] array() {
        return parts[0].array();
    }

    /** Where a contiguous frame begins in its array. */
    int from() {
        return parts[0].arrayOffset() + parts[0].position();
    }

    /** Where a contiguous frame ends in its array, exclusive. */
    int to() {
        return from() + length;
    }

    /** The first bytes as text for a log line; bytes that are not UTF-8 become replacement characters. */
    public String excerpt(int maxBytes) {
        byte[] bytes = toBytes(Math.min(maxBytes, length));
        String text = new String(bytes, StandardCharsets.UTF_8);
        return bytes.length < length ? text + "…" : text;
    }

    private byte[] toBytes(int max) {
        byte[] bytes = new byte[max];
        int at = 0;
        for (ByteBuffer part : parts) {
            int n = Math.min(part.remaining(), max - at);
            part.get(part.position(), bytes, at, n);
            at += n;
        }
        return bytes;
    }

    /** The whole frame as text. */
    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }
}
