package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.BootId;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the home's record says that its daemon is to be found. Nothing is tried.
 *
 * @param isElsewhere whether it runs under another kernel: one that sees the same home by a shared mount. On a file system
 *     of this machine's own, a record of another boot is nothing but old
 * @param endpoints those that may work from here, in the order in which to try them
 */
record Whereabouts(boolean isElsewhere, List<Endpoint> endpoints) {

    static Whereabouts of(Home home) {
        Optional<BrokerFile> broker = BrokerFile.read(home.brokerFile());
        if (broker.isEmpty()) {
            return new Whereabouts(false, List.of());
        }
        boolean isElsewhere = !broker.get().bootId().equals(BootId.current()) && Mount.isShared(home.directory());
        return new Whereabouts(isElsewhere, isElsewhere ? advertised(broker.get()) : own(broker.get()));
    }

    private static List<Endpoint> own(BrokerFile broker) {
        for (String endpoint : broker.endpoints()) {
            if (endpoint.startsWith("unix:/")) {
                return List.of(Endpoint.parse(endpoint));
            }
        }
        return List.of();
    }

    /** Without the sockets: they connect processes of one kernel. */
    private static List<Endpoint> advertised(BrokerFile broker) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String written : broker.guests()) {
            try {
                Endpoint endpoint = Endpoint.parse(written);
                if (!(endpoint instanceof Endpoint.Unix)) {
                    endpoints.add(endpoint);
                }
            } catch (HomeException ofALaterVersion) {
                // the next one
            }
        }
        return endpoints;
    }

    Optional<Endpoint> first() {
        return endpoints.isEmpty() ? Optional.empty() : Optional.of(endpoints.get(0));
    }
}
