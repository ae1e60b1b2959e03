package dev.mpx.proxy.jobs;

import dev.mpx.proxy.mux.Control.Asker;
import reactor.core.Disposable;
import reactor.core.Disposables;

/** One who wants a job done: its job's borrower, or one that has joined. Its state is changed by {@link JobQueue} alone. */
final class Applicant {
    final Order order;
    final Asker asker;
    final Disposable.Swap patience = Disposables.swap();
    /** The latest it belonged to. */
    Job job;

    Applicant(Order order, Asker asker) {
        this.order = order;
        this.asker = asker;
    }
}
