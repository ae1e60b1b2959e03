package dev.mpx.proxy.mux;

import java.time.Duration;

/**
 * When an idle child is replaced by a fresh one, for servers that leak. Zero switches a reason off.
 *
 * @param age since it became ready
 * @param calls answered by it
 * @param memoryBytes resident in its process tree
 */
public record Recycle(Duration age, long calls, long memoryBytes) {
    /** The shipped setting: never. */
    public static final Recycle NEVER = new Recycle(Duration.ZERO, 0, 0);

    boolean isOff() {
        return equals(NEVER);
    }
}
