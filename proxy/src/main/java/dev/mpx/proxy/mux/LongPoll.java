package dev.mpx.proxy.mux;

import dev.mpx.framing.JsonText;
import dev.mpx.framing.JsonValue;
import dev.mpx.framing.ObjectEdit;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A tool that answers when something has happened or its time is over: on a server that answers in order it would keep
 * everybody waiting for that time, so the time is capped.
 *
 * @param argument the tool's argument that says how long it waits
 * @param unit what that number counts
 * @param most how long it may wait
 */
public record LongPoll(String argument, Duration unit, Duration most) {
    /** A number written in more characters than this is no time that anybody asks for. */
    private static final int LONGEST_NUMBER = 40;

    /** @throws IllegalArgumentException if it is not at least one unit, and that a millisecond */
    public LongPoll {
        if (argument.isEmpty() || unit.toMillis() < 1 || most.compareTo(unit) < 0) {
            throw new IllegalArgumentException("no long poll: " + argument + ", " + unit + ", " + most);
        }
    }

    /** The arguments with a shorter time, or with one where they had none; empty if they are good, or no arguments at all. */
    Optional<byte[]> capped(JsonValue arguments) {
        if (arguments.kind() == JsonValue.Kind.NULL) {
            return Optional.of(onlyArgument());
        }
        if (arguments.kind() != JsonValue.Kind.OBJECT) {
            return Optional.empty();
        }
        ObjectEdit edit = new ObjectEdit(arguments);
        boolean there = false;
        // of a repeated name each, since parsers differ in which one counts
        for (JsonValue.Member member : edit.members()) {
            if (member.name().equals(argument)) {
                there = true;
                if (isTooLong(member.value())) {
                    edit.replace(member, cap());
                }
            }
        }
        if (!there) {
            edit.add(argument, cap());
        }
        return edit.isEmpty() ? Optional.empty() : Optional.of(edit.toBytes());
    }

    /** Arguments where there are none. */
    byte[] onlyArgument() {
        return ("{" + new String(JsonText.quote(argument), StandardCharsets.UTF_8) + ":" + number() + "}").getBytes(StandardCharsets.UTF_8);
    }

    private byte[] cap() {
        return number().getBytes(StandardCharsets.US_ASCII);
    }

    /** The cap in the argument's unit: a whole number, since that is what such arguments are. */
    private String number() {
        return Long.toString(most.toMillis() / unit.toMillis());
    }

    /** Servers take a number in a string too; what is no time at all is left for the server to refuse. */
    private boolean isTooLong(JsonValue time) {
        return switch (time.kind()) {
            case NUMBER -> isTooLong(time.toString(), true);
            case STRING -> isTooLong(time.text().orElseThrow().strip().replace("_", ""), false);
            case NULL -> true; // counts as none, and that as the server's own default
            default -> false;
        };
    }

    private boolean isTooLong(String number, boolean otherwise) {
        if (number.length() > LONGEST_NUMBER) {
            return true;
        }
        try {
            BigDecimal time = new BigDecimal(number);
            // a negative one is for ever, where it is anything
            return time.signum() < 0 || time.compareTo(new BigDecimal(number())) > 0;
        } catch (NumberFormatException beyondAllBounds) {
            return otherwise;
        }
    }
}
