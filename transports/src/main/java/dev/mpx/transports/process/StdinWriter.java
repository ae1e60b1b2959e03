package dev.mpx.transports.process;

import dev.mpx.transports.flow.Outbox;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Writes an outbox to a process's stdin, as much at once as there is, and closes it in the end. Both may block for
 * as long as the process does not read, so this is a thread's whole life.
 */
final class StdinWriter implements Runnable {
    private static final int CHUNK = 64 * 1024;

    private final OutputStream stdin;
    private final Outbox outbox;
    private final Runnable emptied;
    private final Consumer<IOException> failed;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    private boolean ending;

    /**
     * @param emptied told, on the writer's thread, when the outbox has run empty and stdin is closed
     * @param failed told, on the writer's thread, that stdin can't be written to; it is then closed
     */
    StdinWriter(OutputStream stdin, Outbox outbox, Runnable emptied, Consumer<IOException> failed) {
        this.stdin = stdin;
        this.outbox = outbox;
        this.emptied = emptied;
        this.failed = failed;
    }

    /** There is something in the outbox. */
    synchronized void wake() {
        notifyAll();
    }

    /** Close stdin once the outbox is empty. */
    synchronized void end() {
        ending = true;
        notifyAll();
    }

    @Override
    public void run() {
        try (stdin) {
            while (awaitWork()) {
                stdin.write(chunk.array(), 0, chunk.limit());
                stdin.flush();
                outbox.sent(chunk.limit());
            }
        } catch (IOException e) {
            failed.accept(e);
            return;
        }
        emptied.run();
    }

    /** Waits for bytes and claims them: from here on they may have reached the process. False at the end. */
    private synchronized boolean awaitWork() {
        while (!claim()) {
            if (ending) {
                return false;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                return false; // nobody does that; and nothing is better than a thread that can't wait
            }
        }
        return true;
    }

    private boolean claim() {
        synchronized (outbox) { // nothing may be withdrawn between the look and the claim
            outbox.peek(chunk.clear());
            outbox.claim(chunk.flip().limit());
        }
        return chunk.hasRemaining();
    }
}
