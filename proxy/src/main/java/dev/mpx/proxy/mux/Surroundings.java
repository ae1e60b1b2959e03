package dev.mpx.proxy.mux;

import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Launcher;
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
 */
public record Surroundings(
        Scheduler scheduler,
        Launcher launcher,
        ByteBudget budget,
        Control control,
        Holders holders,
        Profiles profiles,
        TreeMemory memory,
        RandomGenerator random) {}
