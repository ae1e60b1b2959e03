package dev.mpx.proxy.status;

import java.time.Duration;

/** Numbers as people read them: two figures that matter, and a unit. */
final class Amounts {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Amounts() {}

    static String count(long n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }

    static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 10) {
            return tenths(Math.max(0, age.toMillis()) / 100) + " s";
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86400 + " d";
    }

    /** The same for what is short. */
    static String latency(Duration time) {
        long micros = Math.max(0, time.toNanos() / 1000);
        if (micros < 10_000) {
            return tenths(micros / 100) + " ms";
        }
        return micros < 1_000_000 ? micros / 1000 + " ms" : age(time);
    }

    static String bytes(long bytes) {
        int unit = 0;
        long tenths = bytes * 10;
        while (tenths >= 10_240 && unit < UNITS.length - 1) {
            tenths /= 1024;
            unit++;
        }
        return (tenths < 100 && unit > 0 ? tenths(tenths) : Long.toString(tenths / 10)) + " " + UNITS[unit];
    }

    private static String tenths(long tenths) {
        return tenths / 10 + "." + tenths % 10;
    }
}
