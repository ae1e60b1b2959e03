package dev.mpx.transports.flow;

import dev.mpx.framing.Line;
import dev.mpx.framing.LineSplitter;
import dev.mpx.transports.ByteBudget;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The lines of one link, cut from chunks as they are asked for: the rest of a chunk is kept when the demand runs
 * out, and the source is told when there is demand that nothing kept here can meet. No queue, no thread.
 *
 * <p>What is kept is accounted in the budget: the rest of a chunk, and a line that is growing once it is past
 * {@link #SMALL}. A line that is handed on is the subscriber's to account.
 *
 * <p>Used on one thread. One subscriber; a second one gets an error.
 */
public final class Inlet extends Flux<Line> implements Subscription {
    /** Bytes of a growing line that are ordinary traffic and neither accounted nor ever held up. */
    public static final int SMALL = 64 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Where the chunks come from. */
    public interface Source {
        /** There is demand, and a chunk would be welcome. */
        void demanded();

        /** No further line will be wanted: the last one was delivered, or the subscriber cancelled. */
        void finished();
    }

    private final LineSplitter splitter;
    private final ByteBudget budget;
    private final Source source;
    private CoreSubscriber<? super Line> subscriber;
    private long demand;
    private boolean delivering;
    /** All input has come. */
    private boolean ended;
    /** Neither lines nor completion are to be delivered any more. */
    private boolean over;
    /** Lines are not delivered any more, completion still is. */
    private boolean stopped;
    private ByteBuffer rest = NOTHING;
    /** What stood at the end without a newline; null until that is known. */
    private Optional<Line> last;
    private long accounted;

    /** @param lineLimit the longest line in bytes */
    public Inlet(int lineLimit, ByteBudget budget, Source source) {
        this.splitter = new LineSplitter(lineLimit);
        this.budget = budget;
        this.source = source;
    }

    @Override
    public void subscribe(CoreSubscriber<? super Line> actual) {
        if (subscriber != null) {
            Operators.error(actual, new IllegalStateException("the lines of a link have one subscriber"));
            return;
        }
        subscriber = actual;
        actual.onSubscribe(this);
        finishIfDone();
    }

    @Override
    public void request(long n) {
        if (!Operators.validate(n)) {
            return;
        }
        demand = Operators.addCap(demand, n);
        if (delivering) {
            return;
        }
        if (rest.hasRemaining()) {
            ByteBuffer kept = rest;
            rest = NOTHING;
            deliver(kept, true);
        }
        finishIfDone();
        if (wantsMore()) {
            source.demanded();
        }
    }

    @Override
    public void cancel() {
        if (!over) {
            over = true;
            forget();
            source.finished();
        }
    }

    /** Whether a chunk would be welcome now. */
    public boolean wantsMore() {
        return demand > 0 && !ended && !stopped && !over && !rest.hasRemaining();
    }

    /** Whether no line will be wanted any more. */
    public boolean isFinished() {
        return over;
    }

    /** Bytes of the line that is growing. */
    public long growing() {
        return over || stopped ? 0 : splitter.held();
    }

    /** Takes a chunk, of which nothing is referred to afterwards: it is used up or copied. Only while {@link #wantsMore}. */
    public void accept(ByteBuffer chunk) {
        deliver(chunk, false);
        finishIfDone();
    }

    /** The stream has ended; completes once everything kept has been delivered. */
    public void end() {
        ended = true;
        finishIfDone();
    }

    /** Delivers no further line and forgets what is kept. */
    public void stop() {
        stopped = true;
        forget();
    }

    /** {@link #stop}s, and completes the subscriber, now or when it comes; not to be called from within a signal. */
    public void terminate() {
        stop();
        ended = true;
        finishIfDone();
    }

    private void deliver(ByteBuffer chunk, boolean own) {
        delivering = true;
        try {
            while (demand > 0 && !stopped && !over) {
                Optional<Line> line = splitter.next(chunk);
                if (line.isEmpty()) {
                    break;
                }
                account(chunk.remaining());
                emit(line.get());
            }
        } finally {
            delivering = false;
            if (!stopped && !over) {
                keep(chunk, own);
            }
        }
    }

    private void emit(Line line) {
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        subscriber.onNext(line);
    }

    private void keep(ByteBuffer chunk, boolean own) {
        if (!chunk.hasRemaining()) {
            rest = NOTHING;
        } else if (own) {
            rest = chunk;
        } else {
            rest = ByteBuffer.allocate(chunk.remaining()).put(chunk).flip();
        }
        account(rest.remaining());
    }

    private void finishIfDone() {
        if (!ended || over || subscriber == null || delivering || rest.hasRemaining()) {
            return;
        }
        if (!stopped && last == null) {
            last = splitter.end();
        }
        if (!stopped && last.isPresent()) {
            if (demand == 0) {
                return;
            }
            settle(0);
            Line line = last.get();
            last = Optional.empty();
            delivering = true;
            try {
                emit(line);
            } finally {
                delivering = false;
            }
        }
        if (!over) {
            over = true;
            settle(0);
            subscriber.onComplete();
            source.finished();
        }
    }

    private void forget() {
        rest = NOTHING;
        last = Optional.empty();
        settle(0);
    }

    private void account(int kept) {
        int growing = splitter.held();
        settle(kept + (growing > SMALL ? growing : 0));
    }

    private void settle(long now) {
        if (now > accounted) {
            budget.take(now - accounted);
        } else if (now < accounted) {
            budget.give(accounted - now);
        }
        accounted = now;
    }
}
