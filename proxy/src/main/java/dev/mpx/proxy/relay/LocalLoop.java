package dev.mpx.proxy.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread and its selector: whatever is ready on this machine's side is dealt with there. */
final class LocalLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLoop.class);
    private static final int CHUNK = 64 * 1024;

    /** What a key has attached. */
    interface Readiness {
        /** On the loop. An exception closes the key's channel. */
        void ready(SelectionKey key) throws IOException;

        /** On the loop, after an exception. */
        void failed(IOException why);
    }

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private final Thread thread;
    private volatile boolean closed;

    private LocalLoop(Selector selector) {
        this.selector = selector;
        this.thread = new Thread(this::run, "relay-loop");
        thread.setDaemon(true);
    }

    static LocalLoop start() throws IOException {
        LocalLoop loop = new LocalLoop(Selector.open());
        loop.thread.start();
        return loop;
    }

    /** Any thread; on the loop, soon. */
    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** On the loop. */
    SelectionKey register(SelectableChannel channel, int interest, Readiness readiness) throws ClosedChannelException {
        return channel.register(selector, interest, readiness);
    }

    /** Any thread. */
    void wants(SelectionKey key, int operation) {
        try {
            if ((key.interestOpsOr(operation) & operation) == 0 && Thread.currentThread() != thread) {
                selector.wakeup();
            }
        } catch (CancelledKeyException gone) {
            // then nothing becomes ready any more
        }
    }

    /** Any thread. */
    void wantsNot(SelectionKey key, int operation) {
        try {
            key.interestOpsAnd(~operation);
        } catch (CancelledKeyException gone) {
            // nor does it
        }
    }

    /** To read into and to copy from at once; on the loop. */
    ByteBuffer chunk() {
        return chunk.clear();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(this::dealWith);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the relay's loop has failed", e);
            Runtime.getRuntime().halt(1); // better none than one that takes clients and serves them nothing
        }
    }

    private void dealWith(SelectionKey key) {
        Readiness readiness = (Readiness) key.attachment();
        try {
            readiness.ready(key);
        } catch (CancelledKeyException gone) {
            readiness.failed(new ClosedChannelException());
        } catch (IOException e) {
            readiness.failed(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
