package dev.mpx.transports;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Calls from a test's thread what must be called on a link's scheduler. */
public final class OnLoop {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Executor loop;

    public OnLoop(Executor loop) {
        this.loop = loop;
    }

    public <T> T get(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(call.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("on the loop", e);
        }
    }

    public void run(Runnable run) {
        get(() -> {
            run.run();
            return true;
        });
    }
}
