package dev.mpx.proxy.daemon;

import dev.mpx.proxy.status.OrphanView;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import reactor.core.scheduler.Scheduler;

/** Who is found to run beside mpx, for a status. For the loop's thread. */
final class OrphanWatch extends Glance<List<OrphanView>> {
    private static final Duration FRESH = Duration.ofSeconds(3);

    /** @param search may block; what it throws counts as nobody found */
    OrphanWatch(Supplier<List<OrphanView>> search, Scheduler loop) {
        super(search, List.of(), FRESH, loop);
    }
}
