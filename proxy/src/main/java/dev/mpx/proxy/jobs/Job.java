package dev.mpx.proxy.jobs;

import dev.mpx.proxy.mux.Control.Asker;
import dev.mpx.proxy.mux.Lending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One order on its way: who runs it, and who has joined. Its state is changed by {@link JobQueue} alone. */
final class Job {
    /** One who wants the same done, and waits for its end. */
    record Follower(Order order, Asker asker) {}

    final long number;
    final Order order;
    final Asker asker;
    /** By the scheduler's clock, in milliseconds. */
    final long asked;
    final List<Follower> followers = new ArrayList<>();
    final Disposable.Swap patience = Disposables.swap();
    /** How many have joined, those that did not wait for its end included. */
    int joined;
    Optional<Lending.Turn> turn = Optional.empty();

    Job(long number, Order order, Asker asker, long asked) {
        this.number = number;
        this.order = order;
        this.asker = asker;
        this.asked = asked;
    }

    /** Whether the palace is its borrower's. */
    boolean runs() {
        return turn.flatMap(Lending.Turn::since).isPresent();
    }
}
