package dev.mpx.bench.micro;

import dev.mpx.framing.Frame;
import dev.mpx.proxy.mux.Control;
import dev.mpx.proxy.mux.Fault;
import dev.mpx.proxy.mux.Limits;
import dev.mpx.proxy.mux.Multiplexer;
import dev.mpx.proxy.mux.Policy;
import dev.mpx.proxy.mux.Profiles;
import dev.mpx.proxy.mux.Recycle;
import dev.mpx.proxy.mux.ServerTraits;
import dev.mpx.proxy.mux.Surroundings;
import dev.mpx.proxy.mux.Timeouts;
import dev.mpx.transports.ByteBudget;
import java.util.Random;
import reactor.core.publisher.Mono;

/** A multiplexer between links in memory: all of it happens on the caller's thread, and nothing by itself. */
final class Exchange {
    private static final int METHOD_NOT_FOUND = -32601;

    private final InstantScheduler scheduler = new InstantScheduler();
    private final Multiplexer mux;

    Exchange(AnsweringChild child) {
        this.mux = new Multiplexer(
                new Policy("bench", ServerTraits.unknown(), Limits.DEFAULT, Timeouts.DEFAULT, Recycle.NEVER),
                new Surroundings(
                        scheduler,
                        () -> Mono.just(child),
                        new ByteBudget(256 << 20),
                        (peer, method, params) -> new Control.Reply.Refused(Fault.plain(METHOD_NOT_FOUND, "no " + method)),
                        pid -> Mono.just("pid " + pid),
                        Profiles.NONE,
                        pid -> Mono.just(0L),
                        new Random(1)));
    }

    /** Begins a session on that link. */
    void connect(MemoryLink client) {
        mux.accept(client);
        client.arrive(Frame.of("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}"));
        scheduler.runDue();
        client.arrive(Frame.of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
        scheduler.runDue();
        if (client.sent() != 1) {
            throw new IllegalStateException("a session was not begun: " + client.sent() + " answers");
        }
    }

    /** What was put off to a later turn happens now. */
    void runDue() {
        scheduler.runDue();
    }
}
