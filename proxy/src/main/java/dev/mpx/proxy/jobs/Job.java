package dev.mpx.proxy.jobs;

import dev.mpx.proxy.mux.Lending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One thing to do on its way: who runs it, and who has joined. Its state is changed by {@link JobQueue} alone. */
final class Job {
    final long number;
    /** By the scheduler's clock, in milliseconds. */
    final long asked;
    /** Those who wait for its end, or to see that it begins, in the order in which they came. */
    final List<Applicant> followers = new ArrayList<>();
    Applicant borrower;
    /** How many have joined, those that were answered at once included. */
    int joined;
    Optional<Lending.Turn> turn = Optional.empty();
    /** There once it was lent. */
    Optional<LoanWatch> watch = Optional.empty();

    Job(long number, Applicant borrower, long asked) {
        this.number = number;
        this.asked = asked;
        lead(borrower);
    }

    /** That one runs it from now on. */
    void lead(Applicant one) {
        borrower = one;
        one.job = this;
    }

    void follow(Applicant one) {
        followers.add(one);
        one.job = this;
    }

    Order order() {
        return borrower.order;
    }

    /** Whether the palace is its borrower's. */
    boolean runs() {
        return turn.flatMap(Lending.Turn::since).isPresent();
    }
}
