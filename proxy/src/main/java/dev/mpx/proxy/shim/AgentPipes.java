package dev.mpx.proxy.shim;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Standard input and output, as channels: those report what a non-blocking pipe (an agent may share one that it made so)
 * did take, where streams lose count. Thread-safe; no line of one thread ever stands within another's.
 */
final class AgentPipes {
    private static final int RETRY_MILLIS = 1;

    private final FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
    private final FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
    /** Whether a line has been begun by {@link #writePiece} and not been ended. */
    private boolean midLine;

    /** Waits for bytes. @return how many, or -1 at the end */
    int read(ByteBuffer into) throws IOException {
        int n = in.read(into);
        while (n == 0) {
            pause();
            n = in.read(into);
        }
        return n;
    }

    /** Writes whole lines. Waits for the end of a line that is being written in pieces. */
    synchronized void write(ByteBuffer lines) throws IOException {
        while (midLine) {
            try {
                wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        writeAll(lines);
    }

    /** Writes the next piece of a line; one thread at a time does. @param ends whether it is the last */
    synchronized void writePiece(ByteBuffer piece, boolean ends) throws IOException {
        writeAll(piece);
        midLine = !ends;
        if (ends) {
            notifyAll();
        }
    }

    /** Ends a line that was begun in pieces, as nobody will complete it; does nothing between lines. */
    synchronized void breakOff() throws IOException {
        if (midLine) {
            writePiece(ByteBuffer.wrap(new byte[] {'\n'}), true);
        }
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (out.write(bytes) == 0) {
                pause();
            }
        }
    }

    /** Wakes whoever waits in one of the two and makes them fail. */
    void close() throws IOException {
        in.close();
        out.close();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
