package dev.mpx.proxy.home;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the relay to another machine's daemon keeps its files: in this machine's own runtime directory, since the home itself
 * may lie on a mount that the other machine sees, too. One for each endpoint. Stateless.
 */
public final class RelayHome {
    private RelayHome() {}

    /**
     * Below XDG_RUNTIME_DIR where that is a directory, else below {@code /tmp/mpx-UID}. Nothing is made.
     *
     * @throws HomeException if somebody else made the directory above it
     */
    public static Home of(Endpoint.Ssh endpoint, Environment environment) {
        Path directory = MachineDirectory.of(environment);
        if (Files.exists(directory)) {
            PrivateDirectory.prepare(directory);
        }
        return new Home(directory.resolve("relay-" + Hash.of(endpoint.toString())));
    }

    /** Makes it, and the directory above it. */
    public static Home prepare(Home relay) {
        PrivateDirectory.prepare(relay.directory().getParent());
        return relay.prepare();
    }
}
