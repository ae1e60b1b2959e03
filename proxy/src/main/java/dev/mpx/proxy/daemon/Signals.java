package dev.mpx.proxy.daemon;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * SIGTERM, SIGINT and SIGHUP: the JVM's shutdown waits for the daemon to have left in order. It is watched for before anything is
 * begun that has to be taken back: a signal that comes meanwhile is kept for whoever begins, who then leaves as soon as he serves.
 */
final class Signals {
    private static final String REASON = "a signal";
    /** To begin takes 30 s at most (a lease that is watched, leftovers that are ended); what takes longer hangs, and has begun nothing. */
    private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(40);

    private final CompletableFuture<String> come = new CompletableFuture<>();
    /** Somebody serves, or nobody will. */
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    /** From now on the process ends in order or, if nobody serves by then, when {@link #done} is called. */
    void watch() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onShutdown, "mpx-shutdown"));
    }

    /** @param leave told why when a signal comes, at once if one has come; must not block */
    void tell(Consumer<String> leave) {
        come.thenAccept(leave);
        begun.countDown();
    }

    /** What the shutdown waits for. */
    void onShutdown() {
        come.complete(REASON);
        try {
            if (begun.await(LONGEST_BEGINNING.toMillis(), TimeUnit.MILLISECONDS)) {
                left.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The daemon has left in order, or could not serve; a shutdown that waits for it may go on. */
    void done() {
        begun.countDown();
        left.countDown();
    }
}
