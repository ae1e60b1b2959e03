package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
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

    private record Replacement(int from, int to, byte[] json) {}

    private final Frame frame;
    private final List<Replacement> replacements = new ArrayList<>(2);

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
        replacements.add(new Replacement(from, from + value.length(), json));
        return this;
    }

    /** @throws IllegalArgumentException if two of the values overlap */
    public Frame splice() {
        if (replacements.isEmpty()) {
            return frame;
        }
        replacements.sort(Comparator.comparingInt(Replacement::from));
        int length = checkedLength();
        if (length > COPY_LIMIT) {
            return gathered();
        }
        return frame.isContiguous() ? copied(length) : Frame.of(gathered().toBytes());
    }

    private int checkedLength() {
        int length = frame.length();
        int end = 0;
        for (Replacement replacement : replacements) {
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
        for (Replacement replacement : replacements) {
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
        List<ByteBuffer> parts = new ArrayList<>(2 * replacements.size() + 1);
        int from = 0;
        for (Replacement replacement : replacements) {
            frame.share(from, replacement.from, parts);
            parts.add(ByteBuffer.wrap(replacement.json));
            from = replacement.to;
        }
        frame.share(from, frame.length(), parts);
        return Frame.gather(parts);
    }
}
