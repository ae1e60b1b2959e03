package dev.mpx.transports.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a process's stdout on a thread of its own while someone wants it, and is at most one chunk ahead: a
 * chunk is handed over only when the one before has been taken.
 */
final class StdoutReader implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(StdoutReader.class);
    private static final int CHUNK = 64 * 1024;

    /** Where the chunks go; called on the reader's thread. */
    interface Target {
        /** Answered by {@link #taken} once the chunk is used up or copied. */
        void chunk(ByteBuffer chunk);

        void end();
    }

    private final InputStream stdout;
    private final Target target;
    private boolean wanted;
    private boolean underway;
    private boolean over;

    StdoutReader(InputStream stdout, Target target) {
        this.stdout = stdout;
        this.target = target;
    }

    /** Someone asks for lines. */
    synchronized void want() {
        wanted = true;
        notifyAll();
    }

    /** The last chunk has been taken. */
    synchronized void taken(boolean more) {
        underway = false;
        wanted = more;
        notifyAll();
    }

    /** Nobody will want anything any more. */
    synchronized void stop() {
        over = true;
        notifyAll();
    }

    @Override
    public void run() {
        byte[][] chunks = new byte[2][CHUNK];
        try {
            for (int i = 0; awaitDemand(); i = 1 - i) {
                int n = stdout.read(chunks[i]);
                if (n < 0 || !awaitTurn()) {
                    break;
                }
                target.chunk(ByteBuffer.wrap(chunks[i], 0, n));
            }
        } catch (IOException e) {
            LOG.debug("reading stdout", e);
        } finally {
            awaitTaken();
            target.end();
            closeQuietly();
        }
    }

    private synchronized boolean awaitDemand() {
        while (!wanted && !over) {
            pause();
        }
        return !over;
    }

    private synchronized boolean awaitTurn() {
        while ((underway || !wanted) && !over) {
            pause();
        }
        underway = !over;
        return underway;
    }

    private synchronized void awaitTaken() {
        while (underway && !over) {
            pause();
        }
    }

    private void pause() {
        try {
            wait();
        } catch (InterruptedException e) {
            over = true; // nobody does that; and nothing is better than a thread that can't wait
        }
    }

    private void closeQuietly() {
        try {
            stdout.close();
        } catch (IOException e) {
            LOG.debug("closing stdout", e);
        }
    }
}
