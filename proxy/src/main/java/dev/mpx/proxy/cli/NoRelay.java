package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.SshWay;
import dev.mpx.proxy.shim.Discovery;
import java.util.Optional;

/** Of commands that are about a relay, where a setting has ssh(1) take its place. Stateless. */
final class NoRelay {
    private NoRelay() {}

    /** A sentence for who would have one ended or replaced. @param verb what is wanted, such as {@code stop} */
    static Optional<String> told(Discovery discovery, ServerOptions server, String verb) {
        Optional<Endpoint.Ssh> endpoint = discovery.relayed();
        if (endpoint.isEmpty() || !SshWay.chosen(server.environment()).equals(Optional.of(SshWay.OPENSSH))) {
            return Optional.empty();
        }
        return Optional.of("mpx: by MPX_SSH, or \"ssh\" in mpx.toml, sessions from here go to " + endpoint.get()
                + " by ssh, so there is no relay to " + verb + ". The daemon is " + endpoint.get().host() + "'s: run \"mpx " + verb + "\" there.");
    }
}
