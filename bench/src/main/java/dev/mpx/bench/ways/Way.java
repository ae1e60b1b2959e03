package dev.mpx.bench.ways;

import java.util.Optional;

/** One way from an agent to the server. */
public interface Way {
    /** Its name in tables, and behind {@code --only}. */
    String name();

    /** Why it can't be measured on this machine; empty if it can. */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** Whether it is mpx or what mpx is held against: then whatever fails makes the benchmark a broken one. */
    default boolean isOwn() {
        return true;
    }

    /** With how many sessions at once it is measured at most; those that would take minutes to start are spared. */
    int mostSessions();

    /** Sessions for the comparison of memory, at most. */
    default int mostForMemory() {
        return mostSessions();
    }

    /** Whether it is measured in every round, or in fewer because each takes long. */
    default boolean isQuick() {
        return true;
    }

    /** Brings up what has to be there before a session starts. */
    Stand open(Workshop workshop);
}
