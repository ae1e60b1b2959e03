package dev.mpx.framing;

/**
 * Reads lines as messages, as {@link Message#read} does, for whoever reads many: what it needs for that is made once. It
 * refers to nothing of a line that was read. Not thread-safe.
 */
public final class LineReader {
    private final ContiguousReader contiguous = new ContiguousReader();

    /** Reads one line. Never throws for what is in it. */
    public Message read(Frame line) {
        if (line.members().isPresent()) {
            return new SegmentedReader(line, line.members().get()).read();
        }
        try {
            return contiguous.read(line.contiguous());
        } finally {
            contiguous.forget();
        }
    }
}
