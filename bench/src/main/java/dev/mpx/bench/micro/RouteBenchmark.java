package dev.mpx.bench.micro;

import dev.mpx.framing.Frame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A call through the multiplexer and its answer back, over links in memory: all that mpx does but reading and writing. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouteBenchmark {
    @Param({"100", "20480", "1048576"})
    public int size;

    private final Frame call = Frame.of(Messages.request("17"));
    private Exchange exchange;
    private MemoryLink client;

    @Setup
    public void prepare() {
        exchange = new Exchange(new AnsweringChild(size));
        client = new MemoryLink("unix");
        exchange.connect(client);
        if (route() != 2 || client.lastLength() < size - 2) {
            throw new IllegalStateException("what is measured does not work: " + client.sent() + " answers");
        }
    }

    /** One call, answered at once by a child in memory. @return answers so far, which must be one more than before */
    @Benchmark
    public long route() {
        long before = client.sent();
        client.arrive(call);
        exchange.runDue();
        if (client.sent() != before + 1) {
            throw new IllegalStateException("a call was not answered");
        }
        return client.sent();
    }
}
