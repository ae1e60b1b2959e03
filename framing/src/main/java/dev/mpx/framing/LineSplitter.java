package dev.mpx.framing;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Cuts a stream of bytes into lines, by pull: whoever wants a line asks for the next one and keeps the rest of
 * the chunk until it wants more.
 *
 * <p>A line ends with {@code \n}; one {@code \r} before it is dropped; a line of nothing but white space is
 * skipped. A line over the limit is not kept: its bytes are only looked at for the id, and after its newline
 * the stream goes on as if nothing had been. Not thread-safe.
 */
public final class LineSplitter {

    /** @param limit the longest line in bytes, without its terminator */
    public LineSplitter(int limit) {
        throw new UnsupportedOperationException();
    }

    /** The next line, if the chunk ends one; the chunk's position is then behind its newline. Else empty, with the chunk used up. */
    public Optional<Line> next(ByteBuffer chunk) {
        throw new UnsupportedOperationException();
    }

    /** The end of the stream: what stands there without a newline is a line too. */
    public Optional<Line> end() {
        throw new UnsupportedOperationException();
    }

    /** Bytes of memory held for a line that has not ended yet. */
    public int held() {
        throw new UnsupportedOperationException();
    }
}
