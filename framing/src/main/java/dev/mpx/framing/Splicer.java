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
        private final int from;
        private final int to;
        private final byte[] json;
        private Replacement next;

        Replacement(int from, int to, byte[] json) {
            this.from = from;
            this.to = to;
            this.json = json;
        }
    }

    private final Frame frame;
    private Replacement first;
    private Replacement last;

    /** The frame with other JSON in the place of one value, as most need it. See {@link #replace}. */
    public static Frame replaced(Frame frame, JsonValue value, byte[] json) {
        int from = value.offsetIn(frame);
        int length = frame.length() - value.length() + json.length;
        if (from < 0 || length > COPY_LIMIT || !frame.isContiguous()) {
            return new Splicer(frame).replace(value, json).splice();
        }
        byte[] spliced = new byte[length];
        System.arraycopy(frame.array(), frame.from(), spliced, 0, from);
        System.arraycopy(json, 0, spliced, from, json.length);
        int to = from + value.length();
        System.arraycopy(frame.array(), frame.from() + to, spliced, from + json.length, frame.length() - to);
        return Frame.of(spliced);
    }

    /** @param frame that of a message as it was read, of which the values to replace are parts */
    public Splicer(Frame frame) {
        this.frame = frame;
    }

    /**
     * Puts other JSON in the place of a value. Values may be given in any order but must not overlap.
     *
     * @param json one JSON value without line breaks; not copied, so not to be written to afterwards
     * @throws IllegalArgumentException if the value is not part of the frame
     */
    public Splicer replace(JsonValue value, byte[] json) {
        int from = value.offsetIn(frame);
        if (from < 0) {
            throw new IllegalArgumentException("the value is not part of the frame");
        }
        add(new Replacement(from, from + value.length(), json));
        return this;
    }

    private void add(Replacement added) {
        if (first == null) {
            first = added;
            last = added;
        } else if (last.from <= added.from) {
            last.next = added;
            last = added;
        } else if (first.from > added.from) {
            added.next = first;
            first = added;
        } else {
            Replacement before = first;
            while (before.next.from <= added.from) {
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
        if (length > COPY_LIMIT) {
            return gathered();
        }
        return frame.isContiguous() ? copied(length) : Frame.of(gathered().toBytes());
    }

    private int checkedLength() {
        int length = frame.length();
        int end = 0;
        for (Replacement replacement = first; replacement != null; replacement = replacement.next) {
            if (replacement.from < end) {
                throw new IllegalArgumentException("two of the values overlap");
            }
            end = replacement.to;
            length = Math.addExact(length, replacement.json.length - (replacement.to - replacement.from));
        }
        return length;
    }

    private Frame copied(int length) {
        byte[] spliced = new byte[length];
        byte[] bytes = frame.array();
        int start = frame.from();
        int from = 0;
        int at = 0;
        for (Replacement replacement = first; replacement != null; replacement = replacement.next) {
            int kept = replacement.from - from;
            System.arraycopy(bytes, start + from, spliced, at, kept);
            at += kept;
            System.arraycopy(replacement.json, 0, spliced, at, replacement.json.length);
            at += replacement.json.length;
            from = replacement.to;
        }
        System.arraycopy(bytes, start + from, spliced, at, frame.length() - from);
        return Frame.of(spliced);
    }

    private Frame gathered() {
        List<ByteBuffer> parts = new ArrayList<>();
        int from = 0;
        for (Replacement replacement = first; replacement != null; replacement = replacement.next) {
            frame.share(from, replacement.from, parts);
            parts.add(ByteBuffer.wrap(replacement.json));
            from = replacement.to;
        }
        frame.share(from, frame.length(), parts);
        return Frame.gather(parts);
    }
}
