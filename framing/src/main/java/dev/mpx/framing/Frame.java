package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One line of bytes without its terminator: a message as it came, or as it was spliced together.
 *
 * <p>Immutable by contract: whoever hands an array to a frame does not write to it again. A large message consists of
 * several parts, and what a {@link Splicer} makes of it shares them, so that changing an id in 16 MB copies a few bytes; a
 * sender gathers the parts.
 */
public final class Frame implements Line {
    private final ByteBuffer[] parts;
    private final int length;
    /** Where the members of a large message stand; null if that has not been found out. */
    private final MemberPlaces members;

    private Frame(ByteBuffer[] parts, MemberPlaces members) {
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
        return new Frame(new ByteBuffer[] {ByteBuffer.wrap(bytes, from, to - from)}, null);
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
        return toBytes(0, length);
    }

    /** A copy of the bytes {@code [from, to)}, counted from the beginning of the frame. */
    byte[] toBytes(int from, int to) {
        byte[] bytes = new byte[to - from];
        int at = 0;
        int before = 0;
        for (int i = 0; at < bytes.length; i++) {
            ByteBuffer part = parts[i];
            int skipped = from + at - before;
            int n = Math.min(part.remaining() - skipped, bytes.length - at);
            if (n > 0) {
                part.get(part.position() + skipped, bytes, at, n);
                at += n;
            }
            before += part.remaining();
        }
        return bytes;
    }

    /** Adds the parts of the bytes {@code [from, to)}, which are not copied. */
    void share(int from, int to, List<ByteBuffer> into) {
        int before = 0;
        for (ByteBuffer part : parts) {
            int start = Math.max(from - before, 0);
            int end = Math.min(to - before, part.remaining());
            if (start < end) {
                into.add(part.slice(part.position() + start, end - start));
            }
            before += part.remaining();
        }
    }

    /** The byte at that place. */
    byte at(int place) {
        int left = place;
        int i = 0;
        while (left >= parts[i].remaining()) {
            left -= parts[i++].remaining();
        }
        return parts[i].get(parts[i].position() + left);
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
        byte[] bytes = toBytes(0, Math.min(maxBytes, length));
        String text = new String(bytes, StandardCharsets.UTF_8);
        return bytes.length < length ? text + "…" : text;
    }

    /** The whole frame as text. */
    @Override
    public String toString() {
        return new String(toBytes(), StandardCharsets.UTF_8);
    }
}
