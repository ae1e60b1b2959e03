package dev.mpx.transports.socket;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.flow.Outbox;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/** Looks after an outbox whose peer does not read: when memory is short, it may not hold any for long. */
final class OutboxWatch {
    /** Short, since while clients who do not read hold the memory, everybody else's answers wait behind theirs. */
    static final Duration STUCK = Duration.ofSeconds(2);
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Scheduler scheduler;
    private final ByteBudget budget;
    private final Outbox outbox;
    private final Consumer<String> tooSlow;
    private Optional<Disposable> timer = Optional.empty();
    private long sentThen;
    private long movedAt;

    OutboxWatch(Scheduler scheduler, ByteBudget budget, Outbox outbox, Consumer<String> tooSlow) {
        this.scheduler = scheduler;
        this.budget = budget;
        this.outbox = outbox;
        this.tooSlow = tooSlow;
    }

    /** Whether the outbox waits for its peer now. */
    void blocked(boolean blocked) {
        if (blocked && timer.isEmpty()) {
            sentThen = outbox.sentInAll();
            movedAt = now();
            timer = Optional.of(scheduler.schedulePeriodically(
                    this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS));
        } else if (!blocked && timer.isPresent()) {
            timer.get().dispose();
            timer = Optional.empty();
        }
    }

    private void look() {
        if (outbox.sentInAll() != sentThen) {
            sentThen = outbox.sentInAll();
            movedAt = now();
        } else if (now() - movedAt >= STUCK.toNanos() && budget.spent()) {
            tooSlow.accept("it read nothing for " + STUCK.toSeconds() + " s while memory was short and "
                    + outbox.pending() + " bytes waited for it");
        }
    }

    private long now() {
        return scheduler.now(TimeUnit.NANOSECONDS);
    }
}
