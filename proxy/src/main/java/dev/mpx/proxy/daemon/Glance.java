package dev.mpx.proxy.daemon;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * What is to be found out for a status: looked for only when somebody asks, not again for some seconds, on a thread that may
 * block, and nobody waits long for it. For the loop's thread.
 */
class Glance<T> {
    /** A status is to be instant: 100 ms for all of it, with the start of the program that asks. */
    private static final Duration PATIENCE = Duration.ofMillis(50);

    private final Supplier<T> search;
    private final T none;
    private final Duration fresh;
    private final Scheduler loop;
    private T known;
    private Mono<T> looking = Mono.empty();
    private boolean isLooking;
    private long freshUntil;

    /**
     * @param search may block
     * @param none what is known before the first search is done, and when one throws
     * @param fresh how long what was found will do
     */
    Glance(Supplier<T> search, T none, Duration fresh, Scheduler loop) {
        this.search = search;
        this.none = none;
        this.known = none;
        this.fresh = fresh;
        this.loop = loop;
        freshUntil = now();
    }

    /** Hands over what was found, at once or soon; if looking takes longer, what it found the last time. */
    void ask(Consumer<T> then) {
        if (!isLooking && now() < freshUntil) {
            then.accept(known);
            return;
        }
        if (!isLooking) {
            isLooking = true;
            looking = Mono.fromCallable(search::get)
                    .onErrorReturn(none)
                    .subscribeOn(Schedulers.boundedElastic())
                    .publishOn(loop)
                    .doOnNext(this::found)
                    .cache();
        }
        looking.timeout(PATIENCE, Mono.fromSupplier(() -> known), loop).subscribe(then);
    }

    private void found(T result) {
        isLooking = false;
        known = result;
        freshUntil = now() + fresh.toMillis();
    }

    private long now() {
        return loop.now(TimeUnit.MILLISECONDS);
    }
}
