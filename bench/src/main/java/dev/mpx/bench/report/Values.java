package dev.mpx.bench.report;

import dev.mpx.bench.Figure;
import java.util.Locale;

/** Values as people read them. */
final class Values {
    private Values() {}

    /** One of the powers of ten beside a plot. */
    static String tick(Figure.Unit unit, double value) {
        return text(unit, value).replaceFirst("\\.0+ ", " ");
    }

    static String text(Figure.Unit unit, double value) {
        return switch (unit) {
            case NANOSECONDS -> time(value);
            case BYTES -> bytes(value);
            case PER_SECOND -> value >= 1000 ? digits(value / 1000) + " k/s" : digits(value) + " /s";
            case TIMES -> String.format(Locale.ROOT, "%.2f x", value);
        };
    }

    private static String time(double nanos) {
        if (nanos < 1e3) {
            return digits(nanos) + " ns";
        }
        if (nanos < 1e6) {
            return digits(nanos / 1e3) + " µs";
        }
        return nanos < 1e9 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
    }

    static String bytes(double bytes) {
        if (bytes < 10 * 1024) {
            return Math.round(bytes) + " B";
        }
        return bytes < 1 << 20 ? digits(bytes / 1024) + " KiB" : digits(bytes / (1 << 20)) + " MiB";
    }

    /** A size that was asked for. */
    static String size(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1 << 20 ? (bytes >> 10) + " KiB" : (bytes >> 20) + " MiB";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
    }
}
