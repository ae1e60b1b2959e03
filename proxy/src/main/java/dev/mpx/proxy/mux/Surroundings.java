package dev.mpx.proxy.mux;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Launcher;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * What a multiplexer stands on.
 *
 * @param scheduler everything runs on it
 * @param launcher starts the child
 * @param budget counts the bytes of all buffers
 * @param control answers mpx's own methods
 * @param holders names processes in errors
 * @param profiles remembers what a child answered
 * @param memory measures the child's process tree
 * @param random for the nonce of this daemon and for jitter
 * @param observer is told of each call when it is over
 * @param date the time of day, to be told to people: all that is measured goes by the scheduler, whose time only goes on
 */
public record Surroundings(
        Scheduler scheduler,
        Launcher launcher,
        ByteBudget budget,
        Control control,
        Holders holders,
        Profiles profiles,
        TreeMemory memory,
        RandomGenerator random,
        Supplier<Instant> date,
        CallObserver observer) {
    /** Where the scheduler's time is all the time there is and nobody observes calls, as in tests. */
    public Surroundings(
            Scheduler scheduler,
            Launcher launcher,
            ByteBudget budget,
            Control control,
            Holders holders,
            Profiles profiles,
            TreeMemory memory,
            RandomGenerator random) {
        this(scheduler, launcher, budget, control, holders, profiles, memory, random,
                () -> Instant.ofEpochMilli(scheduler.now(TimeUnit.MILLISECONDS)), CallObserver.NONE);
    }
}
