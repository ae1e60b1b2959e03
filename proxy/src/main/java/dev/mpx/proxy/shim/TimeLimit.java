package dev.mpx.proxy.shim;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * Closes a channel when something on it takes too long: whatever blocks on it then fails. A selector would do too, and
 * takes the shim longer to load than the daemon takes to answer.
 */
final class TimeLimit implements Closeable, Runnable {
    private final SocketChannel channel;
    private final long end;
    private boolean over;
    private boolean expired;

    TimeLimit(SocketChannel channel, Duration limit) {
        this.channel = channel;
        this.end = System.nanoTime() + limit.toNanos();
        Thread thread = new Thread(this, "time-limit");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void run() {
        try {
            long left = end - System.nanoTime();
            while (!over && left > 0) {
                wait(left / 1_000_000 + 1);
                left = end - System.nanoTime();
            }
            if (!over) {
                expired = true;
                channel.close();
            }
        } catch (InterruptedException | IOException e) {
            // Nobody interrupts it; and a channel that can't be closed has no one left to wait on it.
            expired = true;
        }
    }

    synchronized boolean expired() {
        return expired;
    }

    @Override
    public synchronized void close() {
        over = true;
        notifyAll();
    }
}
