package dev.mpx.proxy.mux;

import java.util.Set;

/** The protocol revisions mpx knows. They are dates, so the order of the strings is their order. */
final class Revisions {
    static final String NEWEST = "2025-11-25";
    /** The only revision with JSON-RPC batching. */
    static final String BATCHING = "2025-03-26";

    private static final Set<String> KNOWN = Set.of("2024-11-05", "2025-03-26", "2025-06-18", NEWEST);

    private Revisions() {}

    /** The revision a client is answered with: the one it asked for if known and not newer than the child's, else the child's. */
    static String negotiate(String asked, String childs) {
        return KNOWN.contains(asked) && asked.compareTo(childs) <= 0 ? asked : childs;
    }
}
