package dev.mpx.transports;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Who is on the other side of a link, as the kernel tells it.
 *
 * @param transport a word such as {@code unix} or {@code process}
 * @param pid its process id, where known
 * @param uid its user id, where known
 */
public record Peer(String transport, OptionalLong pid, OptionalInt uid) {}
