package dev.mpx.proxy.mux;

import dev.mpx.framing.Line;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Takes a link's lines one at a time, and asks for the next only while whoever handles them can take more. */
final class Intake extends BaseSubscriber<Line> {
    private final Consumer<Line> handler;
    private final BooleanSupplier mayReadOn;
    private final Runnable onEnd;
    private boolean paused;

    Intake(Consumer<Line> handler, BooleanSupplier mayReadOn, Runnable onEnd) {
        this.handler = handler;
        this.mayReadOn = mayReadOn;
        this.onEnd = onEnd;
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(Line line) {
        handler.accept(line);
        if (mayReadOn.getAsBoolean()) {
            request(1);
        } else {
            paused = true;
        }
    }

    @Override
    protected void hookOnComplete() {
        onEnd.run();
    }

    boolean paused() {
        return paused;
    }

    /** Reads on if it was paused and may. */
    void resume() {
        if (paused && mayReadOn.getAsBoolean()) {
            paused = false;
            request(1);
        }
    }
}
