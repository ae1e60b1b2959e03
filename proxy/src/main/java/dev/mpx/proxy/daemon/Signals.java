package dev.mpx.proxy.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** SIGTERM, SIGINT and SIGHUP: the JVM's shutdown waits for the daemon to have left in order. */
final class Signals {
    private final CountDownLatch left = new CountDownLatch(1);

    /** @param leave told why when a signal comes; must not block */
    void watch(Consumer<String> leave) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> onShutdown(leave), "mpx-shutdown"));
    }

    private void onShutdown(Consumer<String> leave) {
        leave.accept("a signal");
        try {
            left.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The daemon has left in order; a shutdown that waits for it may go on. */
    void done() {
        left.countDown();
    }
}
