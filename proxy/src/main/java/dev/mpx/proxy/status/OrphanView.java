package dev.mpx.proxy.status;

import java.time.Duration;

/**
 * A mine of this palace that somebody has started beside mpx.
 *
 * @param age since it was started
 */
public record OrphanView(long pid, String command, Duration age) {}
