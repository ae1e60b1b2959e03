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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import reactor.core.publisher.Mono;

/** A call through the multiplexer and its answer back, over links in memory: all that mpx does but reading and writing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {
    private static final int METHOD_NOT_FOUND = -32601;

    @Param({"100", "20480", "1048576"})
    public int size;

    private final InstantScheduler scheduler = new InstantScheduler();
    private final Frame call = Frame.of(Messages.request("17"));
    private MemoryLink client;

    @Setup
    public void prepare() {
        ByteBudget budget = new ByteBudget(256 << 20);
        Multiplexer mux = new Multiplexer(
                new Policy("bench", ServerTraits.unknown(), Limits.DEFAULT, Timeouts.DEFAULT, Recycle.NEVER),
                new Surroundings(
                        scheduler,
                        () -> Mono.fromSupplier(() -> new AnsweringChild(size)),
                        budget,
                        (peer, method, params) -> new Control.Reply.Refused(Fault.plain(METHOD_NOT_FOUND, "no " + method)),
                        pid -> Mono.just("pid " + pid),
                        Profiles.NONE,
                        pid -> Mono.just(0L),
                        new Random(1)));
        client = new MemoryLink("unix");
        mux.accept(client);
        client.arrive(Frame.of("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                + "\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}"));
        scheduler.runDue();
        client.arrive(Frame.of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
        scheduler.runDue();
        if (client.sent() != 1 || route() != 2 || client.lastLength() < size - 2) {
            throw new IllegalStateException("what is measured does not work: " + client.sent() + " answers");
        }
    }

    /** One call, answered at once by a child in memory. @return answers so far, which must be one more than before */
    @Benchmark
    public long route() {
        long before = client.sent();
        client.arrive(call);
        scheduler.runDue();
        if (client.sent() != before + 1) {
            throw new IllegalStateException("a call was not answered");
        }
        return client.sent();
    }
}
