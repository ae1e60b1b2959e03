package dev.mpx.proxy.storm;

import java.util.EnumSet;
import java.util.Set;

/** What may happen to the way between host and container, or at one end of it. */
enum LinkFault {
    /** No packet gets through for some time. */
    NETWORK_CUT,
    /** The host's sshd and all its connections are killed, and it is back a moment later. */
    SSHD_KILL,
    /** Its connections alone. */
    CONNECTION_KILL,
    /** Everything in the container stops for some time. */
    CONTAINER_FREEZE,
    /** Who carries the container's sessions: the relay, or the ssh that they share. */
    CARRIER_KILL,
    CARRIER_TERM,
    /** The host's. */
    DAEMON_KILL,
    CHILD_KILL;

    static final Set<LinkFault> OF_THE_WAY = EnumSet.of(NETWORK_CUT, SSHD_KILL, CONNECTION_KILL, CONTAINER_FREEZE);
    static final Set<LinkFault> OF_THE_ENDS = EnumSet.complementOf(EnumSet.copyOf(OF_THE_WAY));
}
