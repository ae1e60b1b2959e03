package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.Sending;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A link whose other side is the test. What the test types arrives as far as it was asked for; what is sent arrives
 * at the test at once, unless the test has stopped reading: then it waits in an outbox with a bound.
 *
 * <p>Signals come in the very call that causes them, which is the hardest case a {@link Link} allows.
 */
public class FakeLink implements Link {
    /** The outbox's bound where a test names none, in bytes. */
    public static final long OUTBOX = 1 << 20;

    private static final long CLOSE_PATIENCE_MILLIS = 2_000;

    private final Scheduler scheduler;
    private final ByteBudget budget;
    private final long bound;
    private final Peer peer;
    private final Queue<Line> unread = new ArrayDeque<>();
    private final Sinks.Many<Line> lines = Sinks.unsafe().many().unicast().onBackpressureBuffer(unread);
    private final Sinks.One<Closed> closed = Sinks.unsafe().one();
    private final ArrayDeque<Outgoing> outbox = new ArrayDeque<>();
    private final List<String> sent = new ArrayList<>();
    private int taken;
    private int accepted;
    private long pending;
    private boolean reading = true;
    private boolean closing;
    private boolean isClosed;
    private boolean ended;

    /** @param budget counts the outbox */
    public FakeLink(Scheduler scheduler, String transport, long pid, ByteBudget budget, long bound) {
        this.scheduler = scheduler;
        this.budget = budget;
        this.bound = bound;
        this.peer = new Peer(transport, OptionalLong.of(pid), OptionalInt.of(1000));
    }

    private final class Outgoing implements Sending {
        private final Frame frame;
        private boolean begun;

        Outgoing(Frame frame) {
            this.frame = frame;
        }

        @Override
        public boolean begun() {
            return begun;
        }

        @Override
        public boolean withdraw() {
            if (!begun && outbox.remove(this)) {
                discharge(this);
            }
            return !begun;
        }
    }

    // ---- the other side, as the test plays it

    /** The other side writes a line. */
    public void type(String line) {
        type(Frame.of(line));
    }

    /** The other side writes a line, perhaps one that is no text or was too long. */
    public void type(Line line) {
        if (!isClosed && !ended) {
            lines.tryEmitNext(line).orThrow();
        }
    }

    /** Lines that were typed and not asked for yet. */
    public int unread() {
        return unread.size();
    }

    /** Every line that has arrived at the other side. */
    public List<String> sent() {
        return List.copyOf(sent);
    }

    /** The lines that have arrived since this was last asked. */
    public List<String> take() {
        List<String> fresh = List.copyOf(sent.subList(taken, sent.size()));
        taken = sent.size();
        return fresh;
    }

    /** How many lines were ever given to this link, whether they have left or not. */
    public int accepted() {
        return accepted;
    }

    /** The other side stops reading: what is sent waits in the outbox. */
    public void stopReading() {
        reading = false;
    }

    /** The other side reads on, beginning with what waits. */
    public void readOn() {
        reading = true;
        flush();
    }

    /** The other side has read the beginning of the first waiting line, and no more. */
    public void readOneByte() {
        outbox.element().begun = true;
    }

    /** The other side ends its stream and still reads. */
    public void hangUp() {
        if (!ended) {
            ended = true;
            lines.tryEmitComplete();
        }
    }

    /** The other side is gone. */
    public void vanish() {
        shut(new Closed(Closed.Cause.PEER, "gone"));
    }

    public boolean isClosed() {
        return isClosed;
    }

    // ---- this side

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
        Outgoing outgoing = new Outgoing(frame);
        if (isClosed || closing) {
            return outgoing;
        }
        if (pending + frame.length() > bound) {
            shut(new Closed(Closed.Cause.SLOW, "the outbox is full"));
            return outgoing;
        }
        outbox.add(outgoing);
        accepted++;
        pending += frame.length();
        budget.take(frame.length());
        flush();
        return outgoing;
    }

    private void flush() {
        while (reading && !outbox.isEmpty()) {
            Outgoing next = outbox.remove();
            next.begun = true;
            discharge(next);
            String line = next.frame.toString();
            sent.add(line);
            onArrived(line);
        }
        if (closing && outbox.isEmpty()) {
            shut(new Closed(Closed.Cause.LOCAL, "closed"));
        }
    }

    /** A line has arrived at the other side. */
    protected void onArrived(String line) {}

    private void discharge(Outgoing outgoing) {
        pending -= outgoing.frame.length();
        budget.give(outgoing.frame.length());
    }

    @Override
    public long pending() {
        return pending;
    }

    @Override
    public void close() {
        if (!closing && !isClosed) {
            closing = true;
            flush();
            scheduler.schedule(this::abort, CLOSE_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void abort() {
        shut(new Closed(Closed.Cause.LOCAL, "aborted"));
    }

    @Override
    public Mono<Closed> closed() {
        return closed.asMono();
    }

    /** Closes once, for the first cause given. */
    protected void shut(Closed cause) {
        if (!isClosed) {
            isClosed = true;
            outbox.forEach(this::discharge);
            outbox.clear();
            closed.tryEmitValue(cause);
            hangUp();
        }
    }
}
