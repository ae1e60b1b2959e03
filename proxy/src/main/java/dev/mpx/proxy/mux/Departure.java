package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/** How a multiplexer leaves: whoever waits is refused, what is on the child may finish, then sessions and child are ended. */
final class Departure {
    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);
    private static final String NOTHING_SENT =
            "mpx is shutting down; nothing of this was sent. Send it again: the next mpx will take it.";

    private enum Stage { NOT_ASKED, DRAINING, CLOSING }

    private final Calls calls;
    private final Child child;
    private final Welcome welcome;
    private final ClientRequests requests;
    private final Sessions sessions;
    private final Scheduler scheduler;
    private final Disposable.Swap timer = Disposables.swap();
    private final Sinks.Empty<Void> left = Sinks.empty();
    private Stage stage = Stage.NOT_ASKED;

    Departure(
            Calls calls, Child child, Welcome welcome, ClientRequests requests, Sessions sessions, Scheduler scheduler) {
        this.calls = calls;
        this.child = child;
        this.welcome = welcome;
        this.requests = requests;
        this.sessions = sessions;
        this.scheduler = scheduler;
    }

    /** Idempotent; only the first patience counts. Completes when no process is left. */
    Mono<Void> begin(Duration patience) {
        if (stage == Stage.NOT_ASKED) {
            stage = Stage.DRAINING;
            Fault fault = Fault.unsent(Fault.SHUTTING_DOWN, "shutting-down", NOTHING_SENT);
            requests.refuseAll(fault);
            // before the calls: with the last of them every session may be closed
            welcome.onUnavailable(fault);
            failWaiting();
            if (calls.open().awaited()) {
                timer.update(scheduler.schedule(this::giveUp, patience.toMillis(), TimeUnit.MILLISECONDS));
            } else {
                close();
            }
        }
        return left.asMono();
    }

    /** Whether it has begun: then no other child is started for what one gave back. */
    boolean hasBegun() {
        return stage != Stage.NOT_ASKED;
    }

    /** Whether sessions are being closed: whoever comes now has come too late. */
    boolean isClosing() {
        return stage == Stage.CLOSING;
    }

    /** A call has been answered, perhaps the last that anybody waited for. */
    void onSettled() {
        if (stage == Stage.DRAINING && !calls.open().awaited()) {
            close();
        }
    }

    /** Answers whatever is not on the child. */
    void failWaiting() {
        calls.failures().failWaiting(unsent());
    }

    private static CallFaults.Cause unsent() {
        return new CallFaults.Cause(Fault.SHUTTING_DOWN, "shutting-down", NOTHING_SENT);
    }

    private void giveUp() {
        // refused for another writer's sake, or taken back from a dead child, since draining began
        failWaiting();
        calls.failures().failSent(
                new CallFaults.Cause(
                        Fault.SHUTTING_DOWN,
                        "shutting-down",
                        "mpx is shutting down and did not wait longer for this call. Whether it was carried out is not "
                                + "known: look before you repeat it."),
                unsent());
    }

    private void close() {
        if (stage == Stage.CLOSING) {
            return;
        }
        stage = Stage.CLOSING;
        timer.dispose();
        for (Session session : sessions) {
            // one that asked mpx itself may be waiting for the daemon's end: it sees it when the process goes
            if (!session.asksMpxItself) {
                session.link.close();
            }
        }
        child.retire().subscribe(null, error -> LOG.error("ending the server", error), left::tryEmitEmpty);
    }
}
