package dev.mpx.proxy.mux;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.scheduler.Scheduler;

/**
 * What is open at the moment: which calls wait, which are on the child, and whether anybody waits for any of them. To be
 * asked now and then; some answers look through all sessions.
 */
final class OpenCalls {
    private final Sessions sessions;
    private final FairQueue queue;
    private final Window window;
    private final OwnRequests own;
    private final Scheduler scheduler;

    OpenCalls(Sessions sessions, FairQueue queue, Window window, OwnRequests own, Scheduler scheduler) {
        this.sessions = sessions;
        this.queue = queue;
        this.window = window;
        this.own = own;
        this.scheduler = scheduler;
    }

    /** Calls that are not on the child. */
    List<Call> waiting() {
        return sessions.calls().filter(call -> !window.holds(call)).toList();
    }

    /** How many wait in their sessions' queues. */
    int queued() {
        return queue.size();
    }

    /** The calls on the child, oldest first. */
    List<Call> running() {
        return window.all();
    }

    /** See {@link Window#sessions}. */
    Set<Session> sessionsOnChild() {
        return window.sessions(now());
    }

    /** Requests the child still has to answer, mpx's own included. */
    int owed() {
        return window.size() + own.size();
    }

    /** Whether the child has anything to do that arrived before that. */
    boolean hasWorkBefore(long arrival) {
        return !window.isEmpty() || sessions.calls().anyMatch(call -> call.arrival < arrival);
    }

    /** Whether any client waits for an answer. */
    boolean awaited() {
        return sessions.calls().findAny().isPresent();
    }

    boolean isIdle() {
        return window.isEmpty() && !awaited();
    }

    /** How long the oldest of the calls has waited that are not on the child. */
    Optional<Duration> longestWait() {
        return waiting().stream().mapToLong(call -> now() - call.queuedAt()).boxed().max(Long::compare).map(Duration::ofMillis);
    }

    private long now() {
        return scheduler.now(TimeUnit.MILLISECONDS);
    }
}
