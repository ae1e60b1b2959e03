package dev.mpx.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.ThreadMXBean;
import dev.mpx.framing.Frame;
import dev.mpx.transports.Sending;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Holds the multiplexer's share of the budget "allocation per small call" (docs/performance.md): all that is made between a
 * line that is there and the frame that is sent. What sockets and processes need comes on top of it.
 *
 * <p>The JVM counts it to the byte, so a busy machine makes no difference. A JVM that has not compiled anything yet makes 1.18
 * KiB: that is the most it can be. One whose heap is so large that references take eight bytes makes a third more, and is let off.
 */
@Timeout(120)
class RouteAllocationTest {
    private static final int WARM_UP = 50_000;
    private static final int CALLS = 50_000;
    /** 2 KiB are the whole daemon's; its links make about 600 of it. */
    private static final long MOST_BYTES = 1250;

    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"search\",\"arguments\":{\"q\":\"x\"}%s}}";
    private static final String META = ",\"_meta\":{\"progressToken\":%d}";
    /** With a text of sixteen bytes. */
    private static final int ANSWER = 92;

    private static final int ID_AT = "{\"jsonrpc\":\"2.0\",\"id\":".length();

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final HeldChild child = new HeldChild();
    private final Exchange exchange = new Exchange(child);

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
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            Client client = new Client();
            exchange.connect(client);
            clients.add(client);
        }
        child.holds = true;
        calls(clients, meta, WARM_UP);
        return calls(clients, meta, CALLS) / CALLS;
    }

    /** What they allocate, but for the messages that clients and child bring. */
    private long calls(List<Client> clients, String meta, int count) {
        long allocated = 0;
        for (int i = 0; i < count; i++) {
            Client client = clients.get(i % clients.size());
            int id = 1000 + i % 1000;
            Frame call = Frame.of(CALL.formatted(id, meta.formatted(id)));
            long before = allocated();
            client.arrive(call);
            exchange.runDue();
            allocated += allocated() - before - child.ownBytes;

            before = allocated();
            child.answer();
            exchange.runDue();
            allocated += allocated() - before;
            String answer = client.last.toString();
            if (!answer.substring(0, answer.indexOf(',', ID_AT)).strip().equals("{\"jsonrpc\":\"2.0\",\"id\":" + id)) {
                throw new AssertionError("call " + id + " was answered with " + client.last);
            }
        }
        return allocated;
    }

    /** All that this thread has ever made, in bytes. */
    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Keeps what it was sent last. */
    private static final class Client extends MemoryLink {
        private Frame last = Frame.of("");

        Client() {
            super("unix");
        }

        @Override
        public Sending send(Frame frame) {
            last = frame;
            return super.send(frame);
        }
    }

    /** A child that has its answer ready and waits until it is told to give it, so that what making it took can be told. */
    private static final class HeldChild extends AnsweringChild {
        private boolean holds;
        private Frame held = Frame.of("");
        private long ownBytes;

        HeldChild() {
            super(ANSWER);
        }

        @Override
        public Sending send(Frame frame) {
            long before = allocated();
            Sending sending = super.send(frame);
            ownBytes = allocated() - before;
            return sending;
        }

        @Override
        void arrive(Frame line) {
            if (holds) {
                held = line;
            } else {
                super.arrive(line);
            }
        }

        void answer() {
            super.arrive(held);
        }
    }
}
