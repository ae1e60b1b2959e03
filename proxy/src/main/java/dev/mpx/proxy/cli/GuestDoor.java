package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.NoDaemonException;
import dev.mpx.proxy.shim.Target;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where somebody from another machine comes in, on the machine where the daemon lives. Stateless. */
final class GuestDoor {
    private GuestDoor() {}

    /** Sees to it that the daemon runs. @return its socket for guests */
    static Endpoint.Unix ensure(ServerOptions server) throws NoDaemonException, IOException {
        Target target = server.guestsTarget();
        Discovery discovery = new Discovery(target.home(), target.environment());
        DaemonConnection daemon = discovery.findOrStart(target);
        List<String> guests = BrokerFile.read(target.home().brokerFile()).map(BrokerFile::guests).orElse(List.of());
        daemon.close(); // not before: a daemon that nobody talks to may leave
        Optional<Endpoint.Unix> door = guests.stream()
                .filter(endpoint -> endpoint.startsWith("unix:/"))
                .map(endpoint -> (Endpoint.Unix) Endpoint.parse(endpoint))
                .findFirst();
        return door.orElseThrow(() -> new HomeException("the daemon of " + target.home().directory()
                + " has no door for guests: it is of an mpx too old for that, or lives on another machine itself"));
    }
}
