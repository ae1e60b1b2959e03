package dev.mpx.bench.micro;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.Sending;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.OptionalLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A link without a transport: what is sent has left at once, and is only counted. */
class MemoryLink implements Link {
    private static final Sending SENT = new Sending() {
        @Override
        public boolean begun() {
            return true;
        }

        @Override
        public boolean withdraw() {
            return false;
        }
    };

    private final Peer peer;
    private final Sinks.Many<Line> lines = Sinks.unsafe().many().unicast().onBackpressureBuffer(new ArrayDeque<>());
    private final Sinks.One<Closed> closed = Sinks.unsafe().one();
    private long sent;
    private int lastLength;

    MemoryLink(String transport) {
        this.peer = new Peer(transport, OptionalLong.of(1), OptionalInt.of(1000));
    }

    /** The other side says this line. */
    void arrive(Frame line) {
        lines.tryEmitNext(line).orThrow();
    }

    final long sent() {
        return sent;
    }

    final int lastLength() {
        return lastLength;
    }

    @Override
    public Peer peer() {
        return peer;
    }

    @Override
    public Flux<Line> lines() {
        return lines.asFlux();
    }

    @Override
    public Sending send(Frame frame) {
        sent++;
        lastLength = frame.length();
        return SENT;
    }

    @Override
    public long pending() {
        return 0;
    }

    @Override
    public void close() {
        abort();
    }

    @Override
    public void abort() {
        closed.tryEmitValue(new Closed(Closed.Cause.LOCAL, "closed"));
    }

    @Override
    public Mono<Closed> closed() {
        return closed.asMono();
    }
}
