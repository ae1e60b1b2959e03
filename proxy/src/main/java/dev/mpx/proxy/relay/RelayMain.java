package dev.mpx.proxy.relay;

import dev.mpx.proxy.daemon.Tenure;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.RelayHome;
import java.util.logging.Level;
import java.util.logging.Logger;

/** {@code mpx serve --home DIR --relay URI}. */
public final class RelayMain {
    /** MINA warns of much that is in order, such as a server's offer of its other host keys. Held, or the level is forgotten with it. */
    private static final Logger MINA = Logger.getLogger("org.apache.sshd");

    private RelayMain() {}

    /**
     * Runs until the relay ends; blocks the calling thread.
     *
     * @param endpoint of the form {@code ssh://…}
     * @param directory the relay's home
     * @return the exit status, as a daemon's
     * @throws HomeException if one of them is unusable
     */
    public static int run(String endpoint, String directory) {
        Environment environment = Environment.ofProcess();
        if (!(Endpoint.parse(endpoint) instanceof Endpoint.Ssh ssh)) {
            throw new HomeException("A relay leads to an endpoint of the form ssh://[USER@]HOST[:PORT][?home=/path], not to " + endpoint + ".");
        }
        MINA.setLevel(Level.SEVERE);
        Home home = RelayHome.prepare(Home.at(directory, environment));
        return Tenure.run(home, "relay", logs -> RelayService.open(ssh, home, environment));
    }
}
