package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that end without an answer of the child: it has died or can't be had, or their deadline has passed. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private final Calls.Port port;
    private final OpenCalls open;
    private final FairQueue queue;
    private final Window window;
    private final Deadlines deadlines;
    private final KnownReads reads;
    private final Pings pings;
    private final CallRecall recall;
    private final CallEndings endings;
    private final Counters counters;

    Failures(
            Calls.Port port,
            OpenCalls open,
            FairQueue queue,
            Window window,
            Deadlines deadlines,
            KnownReads reads,
            Pings pings,
            CallRecall recall,
            CallEndings endings,
            Counters counters) {
        this.port = port;
        this.open = open;
        this.queue = queue;
        this.window = window;
        this.deadlines = deadlines;
        this.reads = reads;
        this.pings = pings;
        this.recall = recall;
        this.endings = endings;
        this.counters = counters;
    }

    /**
     * The child has died with these, oldest first. What it never saw waits for the next one, before all else; known
     * reads are asked once more; anything else it may have carried out, so it fails.
     */
    void died(List<Call> lost, Optional<Fault.ChildState> who, List<String> lastWords) {
        Collections.reverse(lost);
        for (Call call : lost) {
            if (call.state == Call.State.SENT && mayBeAskedAgain(call)) {
                call.state = Call.State.QUEUED;
                queue.addFirst(call);
            } else {
                call.rule.onLost(call);
                if (call.state == Call.State.SENT) {
                    endings.fail(call, CallFaults.childDied(lastWords), who);
                }
            }
        }
    }

    private boolean mayBeAskedAgain(Call call) {
        if (call.sending.withdraw()) {
            call.onWithdrawn();
            return true;
        }
        if (call.replayed || !reads.contains(call)) {
            return false;
        }
        LOG.info("{}: only reads, so the next server is asked", CallLog.name(call));
        call.replayed = true;
        deadlines.onAskedAgain(call);
        return true;
    }

    /** Answers every call that is not on the child with the same fault. */
    void failWaiting(CallFaults.Cause cause) {
        open.waiting().forEach(call -> failWaiting(call, cause));
    }

    /**
     * Answers the calls that have waited for the child for so long, from when they came or from that moment if it was later.
     *
     * @param now on the patient clock, like {@code since}
     */
    void failThoseThatWait(long since, long now, Duration limit, CallFaults.Cause cause) {
        open.waiting().stream()
                .filter(call -> now - Math.max(call.submittedAt, since) >= limit.toMillis())
                .forEach(call -> failWaiting(call, cause));
    }

    private void failWaiting(Call call, CallFaults.Cause cause) {
        // a client that is told of one call may take back others, or leave
        if (call.state == Call.State.QUEUED || call.state == Call.State.HELD) {
            recall.takesOut(call);
            call.rule.onLost(call);
            endings.fail(call, cause);
        }
    }

    /**
     * Answers every call the child has not answered; their places in the window stay taken.
     *
     * @param unsent for those of which not one byte has left, nor ever will
     */
    void failSent(CallFaults.Cause begun, CallFaults.Cause unsent) {
        for (Call call : window.all()) {
            if (call.state == Call.State.SENT) {
                boolean takenBack = recall.takesOut(call);
                if (takenBack) {
                    call.rule.onLost(call);
                }
                endings.fail(call, takenBack ? unsent : begun);
            }
        }
    }

    /** The call waited too long for its turn. */
    void expireWaiting(Call call) {
        counters.count(Counter.CALLS_EXPIRED);
        failWaiting(call, call.refusedBy.map(CallFaults::held).orElseGet(CallFaults::waitedTooLong));
    }

    /** The call was on the child too long; nobody may wait for it any more. */
    void expireOnChild(Call call) {
        counters.count(Counter.CALLS_EXPIRED);
        if (recall.takesOut(call)) {
            call.rule.onLost(call);
            endings.fail(call, CallFaults.neverRead());
        } else {
            endings.fail(call, CallFaults.tookTooLong());
            port.send(Notices.cancelled(call.upstreamId.json(), "its deadline has passed"));
            pings.after(call);
        }
    }
}
