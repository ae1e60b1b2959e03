package dev.mpx.transports.unix;

import dev.mpx.transports.Link;
import dev.mpx.transports.socket.SocketTransport;
import java.io.IOException;
import java.nio.file.Path;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Connects to a UNIX socket. */
public final class UnixDialer {
    private final SocketTransport transport;

    public UnixDialer(SocketTransport transport) {
        this.transport = transport;
    }

    /** Connects when subscribed to, off the loop since a full backlog blocks, and gives the link on the loop; any thread. */
    public Mono<Link> dial(Path path) {
        return Mono.fromCallable(() -> connect(path))
                .subscribeOn(Schedulers.boundedElastic())
                .publishOn(transport.loop().scheduler())
                .map(this::link)
                .doOnDiscard(AFUNIXSocketChannel.class, Connected::discard);
    }

    private static AFUNIXSocketChannel connect(Path path) throws IOException {
        return AFUNIXSocketChannel.open(AFUNIXSocketAddress.of(path));
    }

    private Link link(AFUNIXSocketChannel channel) {
        return Connected.link(transport, channel);
    }
}
