package dev.mpx.proxy.shim;

import dev.mpx.framing.Line;
import java.util.ArrayDeque;
import java.util.Optional;

/** Whole lines of the agent's that wait for a daemon, first come first served. Not thread-safe. */
final class Waiting {
    /** All of them together, in bytes. */
    private static final int MOST = 1 << 20;
    /** What is kept of a line beside its bytes, which of many small ones is the most. */
    private static final int BESIDE = 128;

    /**
     * @param bytes with the newline
     * @param line how they read; empty for a blank one
     * @param readAt when they were read, by the system's timer
     */
    record Words(byte[] bytes, Optional<Line> line, long readAt) {}

    private final ArrayDeque<Words> lines = new ArrayDeque<>();
    private int size;

    boolean hasRoomFor(int length) {
        return size + length + (lines.isEmpty() ? 0 : BESIDE) <= MOST;
    }

    void add(Words words) {
        lines.add(words);
        size += words.bytes().length + BESIDE;
    }

    int count() {
        return lines.size();
    }

    /** The next one, no longer waiting; null if there is none. */
    Words poll() {
        Words words = lines.poll();
        if (words != null) {
            size -= words.bytes().length + BESIDE;
        }
        return words;
    }
}
