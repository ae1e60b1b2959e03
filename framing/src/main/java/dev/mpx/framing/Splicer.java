package dev.mpx.framing;

/**
 * Replaces values in a frame and leaves every other byte as it was.
 *
 * <p>Small frames are copied into one array; large ones become a gathered frame that shares the original's bytes.
 * Not thread-safe; used once.
 */
public final class Splicer {

    /** @param frame a contiguous frame, of which the values to replace are parts */
    public Splicer(Frame frame) {
        throw new UnsupportedOperationException();
    }

    /** Puts other JSON in the place of a value. Values may be given in any order but must not overlap. */
    public Splicer replace(JsonValue value, byte[] json) {
        throw new UnsupportedOperationException();
    }

    public Frame splice() {
        throw new UnsupportedOperationException();
    }
}
