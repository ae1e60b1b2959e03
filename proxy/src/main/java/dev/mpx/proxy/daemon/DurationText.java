package dev.mpx.proxy.daemon;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Lengths of time as people write them, in settings and on the command line: {@code 90s}, {@code 1h30m}, {@code 0.5s}, {@code 0}. The
 * native program's {@code jobs/duration.c} has the same grammar. Stateless.
 */
public final class DurationText {
    private static final Pattern TIME = Pattern.compile("(?i)(\\d{1,12}h)?(\\d{1,12}m)?(\\d{1,12}(\\.\\d{1,9})?s)?");
    private static final Duration LONGEST = Duration.ofDays(10_000);

    private DurationText() {}

    /** Hours, minutes and seconds in that order, seconds with up to nine decimals; empty for anything else, and beyond 10,000 days. */
    public static Optional<Duration> read(String text) {
        String time = text.strip();
        if (time.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        try {
            return TIME.matcher(time).matches()
                    ? Optional.of(Duration.parse("PT" + time)).filter(duration -> duration.compareTo(LONGEST) <= 0)
                    : Optional.empty();
        } catch (DateTimeParseException noTime) {
            return Optional.empty();
        }
    }

    /** In the largest unit that it is a whole number of, or in seconds with three decimals, as {@link #read} takes it. */
    public static String write(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis / 1000 + "." + String.format("%03d", millis % 1000) + "s";
        }
        long seconds = millis / 1000;
        boolean isHours = seconds > 0 && seconds % 3600 == 0;
        boolean isMinutes = seconds > 0 && seconds % 60 == 0;
        return isHours ? seconds / 3600 + "h" : isMinutes ? seconds / 60 + "m" : seconds + "s";
    }
}
