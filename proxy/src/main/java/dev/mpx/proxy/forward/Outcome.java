package dev.mpx.proxy.forward;

import java.util.OptionalInt;

/** What came of a run of ssh(1). @param status empty if it took too long, and was ended */
record Outcome(OptionalInt status, String stdout, String stderr) {
    boolean isWell() {
        return status.orElse(-1) == 0;
    }
}
