package dev.mpx.transports.loop;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, on a thread of its own, the channels that the loop's selector can't: junixsocket's selector takes UNIX
 * sockets alone, and a thread can wait on one selector only. It says "ready" and nothing more; whatever is read or
 * written is read or written on the loop, so that a TCP link shares everything with a UNIX one, and its lines and frames
 * change threads as little as theirs do. The price is one more wake-up for what comes in.
 *
 * <p>A channel that was told to be ready is not watched until the loop has served it. One whose interest is 0 is not
 * watched at all: that its other side has gone shows at the next read or write.
 */
final class Lookout implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);

    private final EventLoop loop;
    private final Selector selector;

    private Lookout(EventLoop loop, Selector selector) {
        this.loop = loop;
        this.selector = selector;
    }

    static Lookout start(EventLoop loop, String threadName) throws IOException {
        Lookout lookout = new Lookout(loop, Selector.open());
        Thread thread = new Thread(lookout, threadName);
        thread.setDaemon(true);
        thread.start();
        return lookout;
    }

    /** On the loop's thread, as all but {@link #run}. */
    Registration watch(AbstractSelectableChannel channel, int ops, Readiness readiness, Consumer<Registration> ended)
            throws IOException {
        Watched watched = new Watched(ops, readiness, ended);
        watched.key = channel.register(selector, ops, watched);
        selector.wakeup();
        return watched;
    }

    /** Ends the thread. */
    void close() throws IOException {
        selector.close();
    }

    @Override
    public void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::tell);
            }
        } catch (ClosedSelectorException | RejectedExecutionException end) {
            LOG.debug("the loop ends", end);
        } catch (IOException e) {
            LOG.error("watching TCP sockets failed", e);
        }
    }

    private void tell(SelectionKey key) {
        try {
            int ops = key.readyOps();
            key.interestOps(0);
            Watched watched = (Watched) key.attachment();
            loop.execute(() -> watched.ready(ops));
        } catch (CancelledKeyException over) {
            LOG.debug("closed meanwhile");
        }
    }

    private final class Watched extends Registration {
        private SelectionKey key;
        private int wanted;
        /** Being told: what it wants then is watched for afterwards. */
        private boolean busy;

        Watched(int wanted, Readiness readiness, Consumer<Registration> ended) {
            super(readiness, ended);
            this.wanted = wanted;
        }

        private void ready(int ops) {
            if (!watched()) {
                return;
            }
            busy = true;
            try {
                if ((ops & wanted) != 0) {
                    readiness().ready(ops & wanted, false);
                }
            } finally {
                busy = false;
                if (watched()) {
                    look();
                }
            }
        }

        @Override
        void watchFor(int ops) {
            if (wanted != ops) {
                wanted = ops;
                if (!busy) {
                    look();
                }
            }
        }

        private void look() {
            key.interestOps(wanted);
            if (wanted != 0) {
                selector.wakeup();
            }
        }

        @Override
        void forget() {
            key.cancel();
            // a channel that is closed while its key is known to a selector stays open until that has looked
            selector.wakeup();
        }
    }
}
