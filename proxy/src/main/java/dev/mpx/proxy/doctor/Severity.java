package dev.mpx.proxy.doctor;

import java.util.Locale;

/** How much a finding matters, the least first. */
public enum Severity {
    /** As it should be. */
    OK,
    /** Worth knowing; nothing has to be done. */
    NOTE,
    /** Works, and may not for long, or not as well as it could. */
    WARN,
    /** Does not work, or endangers data. */
    FAULT;

    /** As it is written in reports, such as {@code warn}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
