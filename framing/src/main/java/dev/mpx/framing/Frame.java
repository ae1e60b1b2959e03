package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One line of bytes without its terminator: a message as it came, or as it was spliced together.
 *
 * <p>Immutable by contract: whoever hands an array to a frame does not write to it again. A large message consists of
 * several parts, and what a {@link Splicer} makes of it shares them, so that changing an id in 16 MB copies a few bytes; a
 * sender gathers the parts.
 */
public final class Frame implements Line {
    private static final ByteBuffer[] NONE = {};
    private static final byte[] IN_PARTS = {};

    /** Of a contiguous frame, which is what most are: they have no {@link #parts}. */
    private final byte[] bytes;

    private final int from;
    private final int length;
    private final ByteBuffer[] parts;
    /** Where the members of a large message stand; null if that has not been found out. */
    private final MemberPlaces members;

    private Frame(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
        this.parts = NONE;
        this.members = null;
    }

    private Frame(ByteBuffer[] parts, MemberPlaces members) {
        this.bytes = IN_PARTS;
        this.from = 0;
        this.parts = parts;
        this.members = members;
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
        return new Frame(parts.toArray(ByteBuffer[]::new), null);
    }

    /**
     * A message of several parts.
     *
     * @param members where its members stand, if it is an object, valid JSON throughout
     */
    static Frame segmented(List<ByteBuffer> parts, Optional<MemberPlaces> members) {
        return new Frame(parts.toArray(ByteBuffer[]::new), members.orElse(null));
    }

    /** Where the members of the message stand, if that was found out while it came: it is then a valid object. */
    Optional<MemberPlaces> members() {
        return Optional.ofNullable(members);
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

    /** Whether it stands in one array, as all but large ones do. */
    public boolean isContiguous() {
        return parts == NONE;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return toBytes(0, length);
    }

    /** A copy of the bytes {@code [first, end)}, counted from the beginning of the frame. */
    byte[] toBytes(int first, int end) {
        byte[] copy = new byte[end - first];
        copyTo(ByteBuffer.wrap(copy), first);
        return copy;
    }

    /** Copies the bytes from that one on, counted from the beginning of the frame, as many as there is room for. */
    public void copyTo(ByteBuffer target, int first) {
        if (isContiguous()) {
            target.put(bytes, from + first, Math.min(length - first, target.remaining()));
            return;
        }
        int before = 0;
        for (int i = 0; i < parts.length && target.hasRemaining(); i++) {
            ByteBuffer part = parts[i];
            int skipped = Math.max(first - before, 0);
            int n = Math.min(part.remaining() - skipped, target.remaining());
            if (n > 0) {
                target.put(target.position(), part, part.position() + skipped, n);
                target.position(target.position() + n);
            }
            before += part.remaining();
        }
    }

    /** Adds the parts of the bytes {@code [first, end)}, which are not copied. */
    void share(int first, int end, List<ByteBuffer> into) {
        if (isContiguous() && first < end) {
            into.add(ByteBuffer.wrap(bytes, from + first, end - first));
        }
        int before = 0;
        for (ByteBuffer part : parts) {
            int start = Math.max(first - before, 0);
            int stop = Math.min(end - before, part.remaining());
            if (start < stop) {
                into.add(part.slice(part.position() + start, stop - start));
            }
            before += part.remaining();
        }
    }

    /** The byte at that place. */
    byte at(int place) {
        if (isContiguous()) {
            return bytes[from + place];
        }
        int left = place;
        int i = 0;
        while (left >= parts[i].remaining()) {
            left -= parts[i++].remaining();
        }
        return parts[i].get(parts[i].position() + left);
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
        byte[] first = toBytes(0, Math.min(maxBytes, length));
        String text = new String(first, StandardCharsets.UTF_8);
        return first.length < length ? text + "…" : text;
    }

    /** The whole frame as text. */
    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }
}
