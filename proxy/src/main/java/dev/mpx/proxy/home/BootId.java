package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Names one run of one kernel, so that what is recorded in a file can be told from what is true now: processes, locks
 * and sockets of another boot, or of another machine that shares the directory, are out of reach. Stateless.
 */
public final class BootId {
    /** Where the system has none to tell; equal to nothing but itself. */
    public static final String UNKNOWN = "unknown";

    private BootId() {}

    /** That of the running kernel (Linux: {@code /proc/sys/kernel/random/boot_id}), else {@link #UNKNOWN}. */
    public static String current() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException notLinux) {
            return UNKNOWN;
        }
    }
}
