package dev.mpx.proxy.daemon;

import dev.mpx.proxy.status.OrphanView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Who is found to run beside mpx, for a status: looked for only when somebody asks, not again for some seconds, on a thread that may
 * block, and nobody waits long for it. For the loop's thread.
 */
final class OrphanWatch {
    /** A status is to be instant. */
    private static final Duration PATIENCE = Duration.ofMillis(80);
    private static final Duration FRESH = Duration.ofSeconds(3);

    private final Supplier<List<OrphanView>> search;
    private final Scheduler loop;
    private List<OrphanView> known = List.of();
    private Mono<List<OrphanView>> looking = Mono.empty();
    private boolean isLooking;
    private long freshUntil;

    /** @param search may block; what it throws counts as nobody found */
    OrphanWatch(Supplier<List<OrphanView>> search, Scheduler loop) {
        this.search = search;
        this.loop = loop;
        freshUntil = now();
    }

    /** Hands over who was found, at once or within 100 ms; if looking takes longer, whom it found the last time. */
    void ask(Consumer<List<OrphanView>> then) {
        if (!isLooking && now() < freshUntil) {
            then.accept(known);
            return;
        }
        if (!isLooking) {
            isLooking = true;
            looking = Mono.fromCallable(search::get)
                    .onErrorReturn(List.of())
                    .subscribeOn(Schedulers.boundedElastic())
                    .publishOn(loop)
                    .doOnNext(this::found)
                    .cache();
        }
        looking.timeout(PATIENCE, Mono.fromSupplier(() -> known), loop).subscribe(then);
    }

    private void found(List<OrphanView> orphans) {
        isLooking = false;
        known = orphans;
        freshUntil = now() + FRESH.toMillis();
    }

    private long now() {
        return loop.now(TimeUnit.MILLISECONDS);
    }
}
