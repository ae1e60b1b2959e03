package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces values in a frame and leaves every other byte as it was.
 *
 * <p>Small frames are copied into one array; large ones become a gathered frame that shares the original's bytes.
 * Not thread-safe; used once.
 */
public final class Splicer {
    /** Up to here a copy is cheaper than the buffers and the longer gathering write it saves. */
    static final int COPY_LIMIT = 8 * 1024;

    /** One of a chain, in the order in which they stand in the frame. */
    private static final class Replacement {
        private final JsonValue value;
        private final byte[] json;
        private Replacement next;

        Replacement(JsonValue value, byte[] json) {
            this.value = value;
            this.json = json;
        }
    }

    private final Frame frame;
    private Replacement first;
    private Replacement last;

    /**
     * @param frame a contiguous frame, of which the values to replace are parts
     * @throws IllegalArgumentException if the frame is not contiguous
     */
    public Splicer(Frame frame) {
        if (!frame.isContiguous()) {
            throw new IllegalArgumentException("a frame of several parts can't be spliced");
        }
        this.frame = frame;
    }

    /**
     * Puts other JSON in the place of a value. Values may be given in any order but must not overlap.
     *
     * @param json one JSON value without line breaks; not copied, so not to be written to afterwards
     * @throws IllegalArgumentException if the value is not part of the frame
     */
    public Splicer replace(JsonValue value, byte[] json) {
        if (value.array() != frame.array() || value.from() < frame.from() || value.to() > frame.to()) {
            throw new IllegalArgumentException("the value is not part of the frame");
        }
        add(new Replacement(value, json));
        return this;
    }

    private void add(Replacement added) {
        if (first == null) {
            first = added;
            last = added;
        } else if (last.value.from() <= added.value.from()) {
            last.next = added;
            last = added;
        } else if (first.value.from() > added.value.from()) {
            added.next = first;
            first = added;
        } else {
            Replacement before = first;
            while (before.next.value.from() <= added.value.from()) {
                before = before.next;
            }
            added.next = before.next;
            before.next = added;
        }
    }

    /** @throws IllegalArgumentException if two of the values overlap */
    public Frame splice() {
        if (first == null) {
            return frame;
        }
        int length = checkedLength();
        return length <= COPY_LIMIT ? copied(length) : gathered();
    }

    private int checkedLength() {
        int length = frame.length();
        int end = frame.from();
        for (Replacement replacement = first; replacement != null; replacement = replacement.next) {
            if (replacement.value.from() < end) {
                throw new IllegalArgumentException("two of the values overlap");
            }
            end = replacement.value.to();
            length = Math.addExact(length, replacement.json.length - replacement.value.length());
        }
        return length;
    }

    private Frame copied(int length) {
        byte[] spliced = new byte[length];
        int from = frame.from();
        int at = 0;
        for (Replacement replacement = first; replacement != null; replacement = replacement.next) {
            int kept = replacement.value.from() - from;
            System.arraycopy(frame.array(), from, spliced, at, kept);
            at += kept;
            System.arraycopy(replacement.json, 0, spliced, at, replacement.json.length);
            at += replacement.json.length;
            from = replacement.value.to();
        }
        System.arraycopy(frame.array(), from, spliced, at, frame.to() - from);
        return Frame.of(spliced);
    }

    private Frame gathered() {
        List<ByteBuffer> parts = new ArrayList<>();
        int from = frame.from();
        for (Replacement replacement = first; replacement != null; replacement = replacement.next) {
            addKept(parts, from, replacement.value.from());
            parts.add(ByteBuffer.wrap(replacement.json));
            from = replacement.value.to();
        }
        addKept(parts, from, frame.to());
        return Frame.gather(parts);
    }

    private void addKept(List<ByteBuffer> parts, int from, int to) {
        if (from < to) {
            parts.add(ByteBuffer.wrap(frame.array(), from, to - from));
        }
    }
}
