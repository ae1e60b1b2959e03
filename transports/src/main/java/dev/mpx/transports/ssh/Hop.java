package dev.mpx.transports.ssh;

import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.client.session.ClientSession;

/** One host on the way, and what is to be known of it while it is connected to. */
record Hop(HostSettings host, HostKeyCheck check, Identities identities) {
    static final AttributeKey<Hop> KEY = new AttributeKey<>();

    static Hop to(HostSettings host) throws SshFailure {
        return new Hop(host, new HostKeyCheck(host), new Identities(host));
    }

    /** That of a session that was begun for it. */
    static Hop of(SessionContext session) {
        return ((ClientSession) session).getConnectionContext().getAttribute(KEY);
    }
}
