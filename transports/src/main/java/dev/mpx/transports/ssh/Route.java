package dev.mpx.transports.ssh;

import java.util.ArrayList;
import java.util.List;

/** The hosts to go through, and the one to get to, as ssh_config(5) says under ProxyJump. Stateless. */
final class Route {
    private static final int LONGEST = 8;

    private Route() {}

    /** The first hop may itself be behind another one, as with ssh(1); what stands behind the first is said by the list alone. */
    static List<HostSettings> to(SshTarget target, SshConfig config) throws SshFailure {
        List<HostSettings> route = new ArrayList<>();
        HostSettings next = config.of(target);
        route.add(next.withoutJumps());
        while (!next.jumps().isEmpty()) {
            List<SshTarget> jumps = next.jumps();
            for (int i = jumps.size() - 1; i >= 0; i--) {
                next = config.of(jumps.get(i));
                route.add(0, next.withoutJumps());
            }
            if (route.size() > LONGEST) {
                throw new SshFailure(SshFailure.Kind.CONFIGURATION, "ssh_config leads to " + target + " through more than " + LONGEST
                        + " other hosts, or round in a circle (ProxyJump).");
            }
        }
        return route;
    }
}
