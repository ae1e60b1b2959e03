package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where a home's daemon would listen by TCP. Stateless. */
public final class GuestPort {
    private GuestPort() {}

    /**
     * The address that the settings name; empty if there is none, or if any free port will do.
     *
     * @throws dev.mpx.proxy.home.HomeException if a setting is unusable
     */
    public static Optional<InetSocketAddress> of(Home home, Environment environment) {
        return Settings.load(home, environment).tcp().filter(tcp -> tcp.port() > 0).map(TcpPort::address);
    }
}
