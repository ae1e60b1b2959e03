package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A session that calls one small tool after the other, all the while, and notes how it fares. */
final class Bystander implements AutoCloseable {
    /** Between two calls: it must not take the machine from those it watches. In milliseconds. */
    private static final long PAUSE = 5;

    private final McpClient client;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "bystander");
        daemon.setDaemon(true);
        return daemon;
    });
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong worstNanos = new AtomicLong();
    private final AtomicReference<Optional<Throwable>> trouble = new AtomicReference<>(Optional.empty());

    private Bystander(McpClient client) {
        this.client = client;
    }

    /** @param client initialized; the bystander closes it */
    static Bystander with(McpClient client) {
        Bystander bystander = new Bystander(client);
        bystander.thread.scheduleWithFixedDelay(bystander::call, 0, PAUSE, TimeUnit.MILLISECONDS);
        return bystander;
    }

    /** The first that goes wrong is the last. */
    private void call() {
        try {
            String text = "call " + calls.get();
            long start = System.nanoTime();
            JsonResponse answer = client.tool("echo", "{\"text\":\"" + text + "\"}");
            long took = System.nanoTime() - start;
            assertThat(answer.isError()).as(answer.toString()).isFalse();
            assertThat(answer.text()).isEqualTo(text);
            worstNanos.accumulateAndGet(took, Math::max);
            calls.incrementAndGet();
        } catch (RuntimeException | AssertionError e) {
            trouble.set(Optional.of(e));
            throw e;
        }
    }

    int calls() {
        return calls.get();
    }

    Duration worst() {
        return Duration.ofNanos(worstNanos.get());
    }

    /** Waits for one more call, so that there is at least one; fails unless every call was answered rightly and in time. */
    void sawNothing(Duration limit) {
        int before = calls.get();
        await().atMost(limit.plus(UserHome.PATIENCE)).until(() -> calls.get() > before || trouble.get().isPresent());
        trouble.get().ifPresent(cause -> {
            throw new AssertionError("the bystander noticed, after " + calls + " calls", cause);
        });
        assertThat(worst()).as("its slowest call").isLessThan(limit);
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(UserHome.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
