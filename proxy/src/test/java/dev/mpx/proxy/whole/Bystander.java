package dev.mpx.proxy.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.client.JsonResponse;
import dev.mpx.fixtures.client.McpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A session that calls one small tool after the other, all the while, and notes how it fares. */
final class Bystander implements AutoCloseable {
    private final McpClient client;
    private final Thread thread;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong worstNanos = new AtomicLong();
    private final AtomicReference<Optional<Throwable>> trouble = new AtomicReference<>(Optional.empty());
    private volatile boolean ending;

    private Bystander(McpClient client) {
        this.client = client;
        this.thread = new Thread(this::callOnAndOn, "bystander");
    }

    /** @param client initialized; the bystander closes it */
    static Bystander with(McpClient client) {
        Bystander bystander = new Bystander(client);
        bystander.thread.setDaemon(true);
        bystander.thread.start();
        return bystander;
    }

    private void callOnAndOn() {
        try {
            while (!ending) {
                String text = "call " + calls.get();
                long start = System.nanoTime();
                JsonResponse answer = client.tool("echo", "{\"text\":\"" + text + "\"}");
                long took = System.nanoTime() - start;
                assertThat(answer.isError()).as(answer.toString()).isFalse();
                assertThat(answer.text()).isEqualTo(text);
                worstNanos.accumulateAndGet(took, Math::max);
                calls.incrementAndGet();
            }
        } catch (RuntimeException | AssertionError e) {
            trouble.set(Optional.of(e));
        }
    }

    int calls() {
        return calls.get();
    }

    Duration worst() {
        return Duration.ofNanos(worstNanos.get());
    }

    /** Fails unless every call so far was answered rightly and in time, and there was at least one. */
    void sawNothing(Duration limit) {
        trouble.get().ifPresent(cause -> {
            throw new AssertionError("the bystander noticed, after " + calls + " calls", cause);
        });
        assertThat(calls.get()).as("calls of the bystander").isPositive();
        assertThat(worst()).as("its slowest call").isLessThan(limit);
    }

    @Override
    public void close() {
        ending = true;
        try {
            thread.join(UserHome.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
