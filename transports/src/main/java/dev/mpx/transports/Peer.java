package dev.mpx.transports;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Who is on the other side of a link, as the kernel tells it.
 *
 * @param transport a word such as {@code unix}, {@code tcp} or {@code process}
 * @param pid its process id, where known
 * @param uid its user id, where known
 * @param isGuest whether it came in by a way for guests, who may not do everything
 */
public record Peer(String transport, OptionalLong pid, OptionalInt uid, boolean isGuest) {
    /** Not a guest. */
    public Peer(String transport, OptionalLong pid, OptionalInt uid) {
        this(transport, pid, uid, false);
    }

    public Peer asGuest() {
        return new Peer(transport, pid, uid, true);
    }
}
