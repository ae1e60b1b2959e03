package dev.mpx.proxy.daemon;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.HomeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A value as somebody wrote it, and where. */
record Setting(String where, String text) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})\\s*(|B|KiB|MiB|GiB)");

    Duration duration() {
        return DurationText.read(text).orElseThrow(() -> wrong("a time such as 90s, 15m, 1h30m, or 0"));
    }

    /** An object, as JSON in one line. */
    String object() {
        return JsonValue.parse(text.getBytes(StandardCharsets.UTF_8))
                .filter(value -> value.kind() == JsonValue.Kind.OBJECT)
                .orElseThrow(() -> wrong("a JSON object such as {\"roots\":{}}"))
                .toString()
                .replace('\n', ' ')
                .replace('\r', ' ');
    }

    /** A plain number of milliseconds, as other programs write times. */
    Setting asMillis() {
        return new Setting(where, count(0, Integer.MAX_VALUE) / 1000.0 + "s");
    }

    /** A size, or zero for none. */
    long sizeOrZero(long most) {
        return text.strip().equals("0") ? 0 : size(most);
    }

    long size(long most) {
        Matcher size = SIZE.matcher(text.strip());
        if (!size.matches()) {
            throw wrong("a size such as 65536, 512KiB or 64MiB");
        }
        int shift = List.of("B", "KiB", "MiB", "GiB").indexOf(size.group(2).isEmpty() ? "B" : size.group(2)) * 10;
        long bytes = Long.parseLong(size.group(1)) << shift;
        if (bytes < 1024 || bytes > most) {
            throw wrong("a size between 1KiB and " + (most >> 20) + "MiB");
        }
        return bytes;
    }

    boolean flag() {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong("true or false");
        };
    }

    /** A regular expression, as {@link Pattern} has them. */
    Pattern pattern() {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw wrong("a regular expression (" + e.getDescription() + " at character " + (e.getIndex() + 1) + ")");
        }
    }

    int count(int least, int most) {
        try {
            int count = Integer.parseInt(text.strip());
            if (count >= least && count <= most) {
                return count;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong("a whole number from " + least + " to " + most);
    }

    HomeException wrong(String expected) {
        return new HomeException(where + " is \"" + text + "\" but must be " + expected + ".");
    }
}
