package dev.mpx.proxy.doctor;

import java.util.Optional;

/**
 * What a check has found.
 *
 * @param severity how much it matters
 * @param what is the case, in a sentence without its dot
 * @param why it matters; empty for what is well
 * @param cure the command, or the deed, that mends it
 * @param fix the same for mpx to do, where that is safe
 */
record Finding(Severity severity, String what, String why, Optional<String> cure, Optional<Fix> fix) {
    static Finding ok(String what) {
        return new Finding(Severity.OK, what, "", Optional.empty(), Optional.empty());
    }

    static Finding note(String what, String why) {
        return new Finding(Severity.NOTE, what, why, Optional.empty(), Optional.empty());
    }

    static Finding warn(String what, String why, String cure) {
        return new Finding(Severity.WARN, what, why, Optional.of(cure), Optional.empty());
    }

    static Finding fault(String what, String why, String cure) {
        return new Finding(Severity.FAULT, what, why, Optional.of(cure), Optional.empty());
    }

    Finding curedBy(String command) {
        return new Finding(severity, what, why, Optional.of(command), fix);
    }

    Finding fixedBy(String promise, Fix.Step step) {
        return new Finding(severity, what, why, cure, Optional.of(new Fix(promise, step)));
    }
}
