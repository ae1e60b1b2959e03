package dev.mpx.proxy.mux;

import dev.mpx.framing.Line;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.BaseSubscriber;

/** Takes a link's lines one at a time, and asks for the next only while whoever handles them can take more. */
final class Intake extends BaseSubscriber<Line> {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

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

    /** A line that its handler broke on, or a link that did: nothing more will come, and whoever waits must not wait in vain. */
    @Override
    protected void hookOnError(Throwable bug) {
        LOG.error("a line could not be handled; its link is closed", bug);
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
