package dev.mpx.proxy.shim;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Standard input and output, as channels: those report what a non-blocking pipe (an agent may share one that it made so)
 * did take, where streams lose count.
 */
final class AgentPipes {
    private static final int RETRY_MILLIS = 1;

    private final FileChannel in = new FileInputStream(FileDescriptor.in).getChannel();
    private final FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();

    /** Waits for bytes. @return how many, or -1 at the end */
    int read(ByteBuffer into) throws IOException {
        int n = in.read(into);
        while (n == 0) {
            pause();
            n = in.read(into);
        }
        return n;
    }

    /** Writes it all; one line or several at a time, so that answers of two threads never mix. */
    synchronized void write(ByteBuffer bytes) throws IOException {
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
