package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next start: nothing after a healthy end, then doubling with jitter, up to half a minute. */
final class Backoff {
    private static final long FIRST_MILLIS = 200;
    private static final long LONGEST_MILLIS = 30_000;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    void failed() {
        failures++;
    }

    void reset() {
        failures = 0;
    }

    /** The first failure is tried again at once; later waits are between half and all of the doubled time. */
    Duration delay() {
        if (failures <= 1) {
            return Duration.ZERO;
        }
        long full = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(failures - 2, 20));
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
