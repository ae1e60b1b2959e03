package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ServerCommand;
import java.util.Optional;

/**
 * Whose daemon is looked for.
 *
 * @param home where it keeps its files
 * @param server what it shares
 * @param environment of the process that looks
 * @param relayed the daemon of another machine, where a relay to that is looked for: the home is the relay's then
 */
public record Target(Home home, ServerCommand server, Environment environment, Optional<Endpoint.Ssh> relayed) {
    /** Of a daemon of this machine, or one that is reached without a relay. */
    public Target(Home home, ServerCommand server, Environment environment) {
        this(home, server, environment, Optional.empty());
    }
}
