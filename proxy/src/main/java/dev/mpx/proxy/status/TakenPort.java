package dev.mpx.proxy.status;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A TCP port that a setting names and somebody else has.
 *
 * @param section of the settings that names it: {@code metrics} or {@code tcp}
 * @param purpose what would be served there: {@code metrics} or {@code guests}
 * @param address as {@code 127.0.0.1:9464}
 * @param why it can't be had, in the system's words
 * @param pid who has it; empty where the system does not tell
 * @param holder the same as a person reads it: {@code pid 12 (python3 -m http.server)}
 */
public record TakenPort(String section, String purpose, String address, String why, OptionalLong pid, Optional<String> holder) {
    /** What is the case, without a full stop. */
    public String sentence() {
        return address + " (" + purpose + ") can't be had: " + reason();
    }

    /** Why it can't be had and who has it, for the end of a sentence that names it. */
    public String reason() {
        return why + holder.map(who -> ", by " + who).orElse("");
    }

    /** What the settings want and can't have, without a full stop. */
    public String want() {
        return "the settings have the daemon serve " + purpose + " on " + address + ", which can't be had: " + reason();
    }

    /** What to do about it, as a sentence without a full stop. */
    public String cure() {
        return "set another port below [" + section + "] in mpx.toml, or end who has this one";
    }
}
