package dev.mpx.proxy.agents;

import java.util.List;
import java.util.Optional;

/**
 * One thing that mpx has changed in a file, with what it takes to change it back.
 *
 * @param path where
 * @param former how the value was written before, or, of something added to a table that was empty, how that table was; empty if
 *     there was nothing
 * @param ours the value that mpx put there, as JSON
 */
record Change(Kind kind, List<String> path, Optional<String> former, String ours) {
    enum Kind {
        /** A value of an entry was replaced. */
        SET,
        /** A value was added to an entry that was there. */
        ADD,
        /** An entry was added. */
        ENTRY,
        /** A hook's command was replaced; {@code former} is the command itself, and it may have moved since. */
        HOOK
    }

    Change {
        path = List.copyOf(path);
    }
}
