package dev.mpx.proxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.framing.Message;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Exit;
import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.ProcessLink;
import dev.mpx.transports.Sending;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Holds the multiplexer's share of the budget "allocation per small call" (docs/performance.md): all that is made between a
 * line that is there and the frame that is sent. What sockets and processes need comes on top of it.
 *
 * <p>The JVM counts it to the byte, so a busy machine makes no difference. A JVM that has not compiled anything yet makes 1.15
 * KiB: that is the most it can be. One whose heap is so large that references take eight bytes makes a third more, and is let off.
 */
@Timeout(120)
class AllocationTest {
    private static final int WARM_UP = 50_000;
    private static final int CALLS = 50_000;
    /** 2 KiB are the whole daemon's; its links make about 600 of it. */
    private static final long MOST_BYTES = 1250;

    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}";
    private static final String GREETING = "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},"
            + "\"serverInfo\":{\"name\":\"child\",\"version\":\"1\"}}";
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}%s}}";
    private static final String META = ",\"_meta\":{\"progressToken\":%d}";
    private static final String ANSWER = "{\"content\":[{\"type\":\"text\",\"text\":\"sixteen bytes .\"}]}";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final BenchTime time = new BenchTime();
    private final ByteBudget budget = new ByteBudget(64 << 20);
    private final MemoryChild child = new MemoryChild();
    private final Multiplexer mux = new Multiplexer(
            new Policy("test", ServerTraits.unknown(), Limits.DEFAULT, Timeouts.DEFAULT, Recycle.NEVER),
            new Surroundings(
                    time,
                    () -> Mono.just(child),
                    budget,
                    (peer, method, params) -> new Control.Reply.Refused(Fault.plain(-32601, "no " + method)),
                    pid -> Mono.just("pid " + pid),
                    Profiles.NONE,
                    pid -> Mono.just(0L),
                    new Random(1)));

    @BeforeAll
    static void referencesAreSmall() {
        HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        assumeTrue(Boolean.parseBoolean(jvm.getVMOption("UseCompressedOops").getValue()));
    }

    @Test
    void aSmallCallTakesLittleMemory() {
        assertThat(bytesACall(1, "")).isLessThan(MOST_BYTES);
    }

    @Test
    void aCallWithAProgressTokenTakesLittleMore() {
        assertThat(bytesACall(1, META)).isLessThan(MOST_BYTES + 350);
    }

    @Test
    void aCallAmongManySessionsTakesAsLittle() {
        assertThat(bytesACall(256, "")).isLessThan(MOST_BYTES);
    }

    private long bytesACall(int sessions, String meta) {
        List<MemoryLink> clients = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            clients.add(client());
        }
        calls(clients, meta, WARM_UP);
        return calls(clients, meta, CALLS) / CALLS;
    }

    private MemoryLink client() {
        MemoryLink client = new MemoryLink();
        mux.accept(client);
        client.arrive(Frame.of(INITIALIZE));
        time.pass(Duration.ofMillis(1));
        answerAll();
        client.arrive(Frame.of("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"));
        answerAll();
        assertThat(client.sent).hasToString("{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":" + GREETING + "}");
        return client;
    }

    /** What they allocate, but for the messages that clients and child bring. */
    private long calls(List<MemoryLink> clients, String meta, int count) {
        long allocated = 0;
        for (int i = 0; i < count; i++) {
            MemoryLink client = clients.get(i % clients.size());
            int id = 1000 + i % 1000;
            Frame call = Frame.of(CALL.formatted(id, meta.formatted(id)));
            long before = threads.getCurrentThreadAllocatedBytes();
            client.arrive(call);
            allocated += threads.getCurrentThreadAllocatedBytes() - before;

            Frame answer = answer(child.asked.remove()).orElseThrow();
            before = threads.getCurrentThreadAllocatedBytes();
            child.arrive(answer);
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
            if (!client.sent.toString().startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",")) {
                throw new AssertionError("call " + id + " was answered with " + client.sent);
            }
        }
        return allocated;
    }

    private void answerAll() {
        while (!child.asked.isEmpty()) {
            answer(child.asked.remove()).ifPresent(child::arrive);
        }
    }

    private static Optional<Frame> answer(Frame asked) {
        if (!(Message.read(asked) instanceof Message.Request request)) {
            return Optional.empty();
        }
        String result = switch (request.method()) {
            case "initialize" -> GREETING;
            case "tools/call" -> ANSWER;
            default -> "{\"tools\":[]}";
        };
        return Optional.of(Frame.of("{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":" + result + "}"));
    }

    /** A link without a transport: what is sent has left at once. */
    private static class MemoryLink implements Link {
        private static final Sending GONE = new Sending() {
            @Override
            public boolean begun() {
                return true;
            }

            @Override
            public boolean withdraw() {
                return false;
            }
        };

        private final Sinks.Many<Line> lines = Sinks.unsafe().many().unicast().onBackpressureBuffer(new ArrayDeque<>());
        private final Sinks.One<Closed> closed = Sinks.unsafe().one();
        Frame sent = Frame.of("");

        void arrive(Frame line) {
            lines.tryEmitNext(line).orThrow();
        }

        @Override
        public Sending send(Frame frame) {
            sent = frame;
            return GONE;
        }

        @Override
        public Peer peer() {
            return new Peer("memory", OptionalLong.of(1), OptionalInt.of(1000));
        }

        @Override
        public Flux<Line> lines() {
            return lines.asFlux();
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

    /** A server that is answered for by the test. */
    private static final class MemoryChild extends MemoryLink implements ProcessLink {
        private final ArrayDeque<Frame> asked = new ArrayDeque<>();

        @Override
        public Sending send(Frame frame) {
            asked.add(frame);
            return super.send(frame);
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public List<String> lastWords() {
            return List.of();
        }

        @Override
        public Mono<Exit> exited() {
            return Mono.never();
        }

        @Override
        public Mono<Exit> end(Duration untilTerm, Duration untilKill) {
            return Mono.just(new Exit(0));
        }
    }
}
