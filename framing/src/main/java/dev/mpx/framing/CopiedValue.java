package dev.mpx.framing;

/** A value in a copy of a part of a frame, and where in the frame that is: so that a large list is copied once, and not each of its elements. */
final class CopiedValue extends ContiguousValue {
    private final Frame frame;
    /** Where the copy's first byte stands in the frame. */
    private final int begin;

    /** @param copy of the frame's bytes from {@code begin} on */
    CopiedValue(Frame frame, int begin, byte[] copy, int from, int to) {
        super(copy, from, to);
        this.frame = frame;
        this.begin = begin;
    }

    @Override
    CopiedValue part(int first, int end) {
        return new CopiedValue(frame, begin, array(), first, end);
    }

    @Override
    int offsetIn(Frame other) {
        return frame == other ? begin + from() : -1;
    }
}
