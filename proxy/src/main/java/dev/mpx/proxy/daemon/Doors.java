package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Owner;
import dev.mpx.proxy.home.SocketPath;
import dev.mpx.proxy.status.TakenPort;
import dev.mpx.transports.Link;
import dev.mpx.transports.socket.SocketTransport;
import dev.mpx.transports.tcp.TcpListener;
import dev.mpx.transports.tcp.Token;
import dev.mpx.transports.unix.UnixListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where clients come in: the owner's socket, the one for guests, and TCP where that is asked for. */
final class Doors {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    private final Path socket;
    private final Path guestSocket;
    private final UnixListener owner;
    private final UnixListener guests;
    private final Token token = Token.random(new SecureRandom());
    private final Optional<TcpListener> tcp;
    private final Optional<SilentGuests> silent;
    private Optional<TakenPort> taken = Optional.empty();

    private Doors(SocketTransport transport, DaemonOptions options, Optional<TcpPort> port, Consumer<Link> accepted) {
        int uid = Math.toIntExact(Owner.uid());
        this.socket = SocketPath.broker(options.home(), options.environment());
        this.guestSocket = SocketPath.guest(options.home(), options.environment());
        this.owner = UnixListener.listen(transport, socket, uid, accepted).block();
        this.guests = UnixListener.listenToGuests(transport, guestSocket, uid, accepted).block();
        this.tcp = port.flatMap(where -> listen(transport, where.address(), accepted));
        this.silent = tcp.map(SilentGuests::watch);
    }

    /** Opens them; blocks. @param accepted gets each new link, on the loop's thread */
    static Doors open(SocketTransport transport, DaemonOptions options, Optional<TcpPort> tcp, Consumer<Link> accepted) {
        return new Doors(transport, options, tcp, accepted);
    }

    /** Those of this machine must not do without a daemon because another one has the port. */
    private Optional<TcpListener> listen(SocketTransport transport, InetSocketAddress address, Consumer<Link> accepted) {
        try {
            return Optional.ofNullable(TcpListener.listen(transport, address, token, accepted).block());
        } catch (RuntimeException e) {
            taken = Optional.of(WantedPort.forGuests(address).taken(Optional.ofNullable(e.getCause()).orElse(e)));
            LOG.error("can't listen on tcp://{}:{}, so nobody can connect there: {}", address.getHostString(), address.getPort(),
                    taken.get().reason());
            return Optional.empty();
        }
    }

    /** As they stand in {@code broker.json}. */
    List<String> endpoints() {
        return List.of(new Endpoint.Unix(socket).toString());
    }

    /** Likewise, for guests. */
    List<String> guestEndpoints() {
        List<String> endpoints = new ArrayList<>(List.of(new Endpoint.Unix(guestSocket).toString()));
        tcp.map(TcpListener::address).ifPresent(address ->
                endpoints.add(new Endpoint.Tcp(address.getAddress().getHostAddress(), address.getPort()).toString()));
        return endpoints;
    }

    /** The port for guests, if the settings name one and somebody else has it. */
    Optional<TakenPort> taken() {
        return taken;
    }

    /** What a client that comes by TCP has to show, where one can. */
    Optional<String> token() {
        return tcp.map(listener -> token.digits());
    }

    /** Takes no more clients. Idempotent. */
    void close() {
        owner.close();
        guests.close();
        tcp.ifPresent(TcpListener::close);
        silent.ifPresent(SilentGuests::close);
    }

    /** The same, and removes the sockets' files first, so that nobody connects in vain. */
    void closeAndUnlink() throws IOException {
        owner.closeAndUnlink();
        guests.closeAndUnlink();
        close();
    }
}
