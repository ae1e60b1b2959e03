package dev.mpx.proxy.daemon;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where to listen for guests by TCP.
 *
 * @param bind an address, a host name or the name of a network interface; not all of them at once
 * @param port 0 for any that is free
 */
record TcpPort(Setting bind, int port) {
    static final String LOOPBACK = "127.0.0.1";

    /** @throws dev.mpx.proxy.home.HomeException if that is nothing to listen on */
    InetSocketAddress address() {
        String name = bind.text().strip();
        try {
            Optional<NetworkInterface> network = Optional.ofNullable(NetworkInterface.getByName(name));
            InetAddress address = network.isPresent() ? first(network.get()) : InetAddress.getByName(name);
            if (!name.isEmpty() && !address.isAnyLocalAddress() && !address.isMulticastAddress()) {
                return new InetSocketAddress(address, port);
            }
        } catch (UnknownHostException | SocketException e) {
            // said below
        }
        throw bind.wrong("one address or network interface of this machine, such as 127.0.0.1 or docker0, not all of them at once");
    }

    private static InetAddress first(NetworkInterface network) throws UnknownHostException {
        return network.inetAddresses()
                .min(Comparator.comparing(address -> !(address instanceof Inet4Address)))
                .orElseThrow(() -> new UnknownHostException(network.getName() + " has no address"));
    }
}
