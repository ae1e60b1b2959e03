package dev.mpx.proxy.mux.sim;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Line;
import dev.mpx.transports.ByteBudget;
import dev.mpx.transports.Closed;
import dev.mpx.transports.Link;
import dev.mpx.transports.Peer;
import dev.mpx.transports.Sending;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A link whose other side reads when it likes: every line in, every frame out and the end are events of their own.
 *
 * @param <M> what a line means to its writer
 */
class SimLink<M> implements Link {
    private static final long CLOSING_MILLIS = 3000;

    final VirtualTime time;
    private final ByteBudget budget;
    private final long outboxLimit;
    private final LongSupplier readerDelay;
    private final String name;
    Wiring<M> wiring;
    /** Whether its end is told in the very call that causes it, the hardest case a {@link Link} allows. */
    boolean sudden;

    private final ArrayDeque<Parcel<M>> unread = new ArrayDeque<>();
    private CoreSubscriber<? super Line> subscriber;
    private long demand;
    private boolean deliveryDue;
    private boolean ended;
    private boolean completed;

    private final ArrayDeque<Out> outbox = new ArrayDeque<>();
    private long pending;
    private boolean readingDue;
    private boolean open = true;
    private boolean closing;
    private boolean readerGone;
    private boolean readerStopped;
    private final Sinks.One<Closed> closed = Sinks.one();

    /** @param readerDelay how long the other side takes for each frame, in milliseconds */
    SimLink(VirtualTime time, ByteBudget budget, long outboxLimit, LongSupplier readerDelay, String name) {
        this.time = time;
        this.budget = budget;
        this.outboxLimit = outboxLimit;
        this.readerDelay = readerDelay;
        this.name = name;
    }

    // ---- the other side

    /** The other side has written a line. */
    void write(Parcel<M> parcel) {
        if (open && !ended) {
            unread.add(parcel);
            deliverSoon();
        }
    }

    /** The other side writes no more, but may still read. */
    void endStream() {
        ended = true;
        deliverSoon();
    }

    /** The other side is gone. */
    void hangUp() {
        finish(Closed.Cause.PEER);
    }

    /** Nobody reads the outbox any more. */
    void stopReading() {
        readerGone = true;
    }

    /** The other side reads nothing, until it goes on. */
    void readerStops(boolean stops) {
        readerStopped = stops;
        readSoon();
    }

    boolean isOpen() {
        return open;
    }

    /** Whether what is sent now can still arrive. */
    boolean carries() {
        return open && !closing;
    }

    boolean drained() {
        return unread.isEmpty();
    }

    private void deliverSoon() {
        if (!deliveryDue) {
            deliveryDue = true;
            time.after(0, this::deliver);
        }
    }

    private void deliver() {
        deliveryDue = false;
        if (!open || subscriber == null || completed) {
            return;
        }
        if (demand > 0 && !unread.isEmpty()) {
            demand--;
            CoreSubscriber<? super Line> reader = subscriber;
            wiring.read(unread.poll(), reader::onNext);
            deliverSoon();
        } else if (unread.isEmpty() && ended) {
            completed = true;
            wiring.ended();
            subscriber.onComplete();
        }
    }

    private void readSoon() {
        if (!readingDue && !readerGone && !readerStopped && !outbox.isEmpty()) {
            readingDue = true;
            time.after(readerDelay.getAsLong(), this::beginReading);
        }
    }

    /** A frame leaves in two steps, so that a link can die with half of one gone. */
    private void beginReading() {
        if (open && !readerGone && !readerStopped && !outbox.isEmpty()) {
            begin(outbox.peek());
            time.after(readerDelay.getAsLong() / 4, this::finishReading);
        } else {
            readingDue = false;
        }
    }

    private void begin(Out out) {
        if (!out.begun()) {
            out.begin();
            wiring.begun(out);
        }
    }

    private void finishReading() {
        readingDue = false;
        if (!open || readerGone || readerStopped || outbox.isEmpty()) {
            return;
        }
        Out out = outbox.poll();
        discharge(out);
        wiring.received(out);
        if (outbox.isEmpty() && closing) {
            finish(Closed.Cause.LOCAL);
        }
        readSoon();
    }

    private void discharge(Out out) {
        pending -= out.frame.length();
        budget.give(out.frame.length());
    }

    void withdrawn(Out out) {
        if (outbox.remove(out)) {
            discharge(out);
        }
        wiring.withdrawn(out);
    }

    void finish(Closed.Cause cause) {
        if (!open) {
            return;
        }
        open = false;
        outbox.forEach(this::discharge);
        outbox.clear();
        unread.clear();
        Closed how = new Closed(cause, "simulated");
        if (sudden) {
            tellClosed(how);
        } else {
            time.after(0, () -> tellClosed(how));
        }
    }

    private void tellClosed(Closed how) {
        wiring.closed(how);
        closed.tryEmitValue(how);
    }

    // ---- the multiplexer's side

    @Override
    public Peer peer() {
        return new Peer("simulated", OptionalLong.empty(), OptionalInt.empty());
    }

    @Override
    public Flux<Line> lines() {
        return Flux.from(actual -> {
            subscriber = (CoreSubscriber<? super Line>) actual;
            actual.onSubscribe(new Subscription() {
                @Override
                public void request(long n) {
                    demand += n;
                    deliverSoon();
                }

                @Override
                public void cancel() {
                    subscriber = null;
                }
            });
        });
    }

    @Override
    public Sending send(Frame frame) {
        Out[] last = {new Out(this, frame)};
        wiring.sending(frame, f -> last[0] = enqueue(f));
        return last[0];
    }

    private Out enqueue(Frame frame) {
        Out out = new Out(this, frame);
        if (carries() && pending + frame.length() > outboxLimit) {
            finish(Closed.Cause.SLOW);
        }
        wiring.sent(out);
        if (carries()) {
            outbox.add(out);
            pending += frame.length();
            budget.take(frame.length());
            readSoon();
        }
        return out;
    }

    @Override
    public long pending() {
        return pending;
    }

    @Override
    public void close() {
        if (carries()) {
            closing = true;
            if (outbox.isEmpty()) {
                finish(Closed.Cause.LOCAL);
            } else {
                time.after(CLOSING_MILLIS, () -> finish(Closed.Cause.LOCAL));
            }
        }
    }

    @Override
    public void abort() {
        finish(Closed.Cause.LOCAL);
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public Mono<Closed> closed() {
        return closed.asMono();
    }
}
