package dev.mpx.proxy.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Notices a borrower that neither goes on nor says so: one that was stopped, or hangs, holds its connection and would have the
 * palace for ever. On the multiplexer's scheduler.
 */
final class LoanWatch {
    /** Beyond its time: a guard ends what it guards within 13 s, and its borrower has to say so. */
    static final Duration GRACE = Duration.ofSeconds(30);
    static final Duration LOOK = Duration.ofSeconds(5);
    /** A borrower that is well begins at once, and gives back at once: so many looks in a row show one that is not. */
    static final int LOOKS = 4;

    private final Scheduler scheduler;
    private final Mono<Boolean> nothingRuns;
    private final Consumer<String> onLapse;
    private final Disposable.Swap limit = Disposables.swap();
    private final Disposable.Swap looks = Disposables.swap();
    private int inRow;

    /**
     * @param nothingRuns whether, as far as can be seen from outside, the borrower runs nothing; answers on the scheduler
     * @param onLapse called once at most; the clause says why it is given up
     */
    LoanWatch(Scheduler scheduler, Mono<Boolean> nothingRuns, Consumer<String> onLapse) {
        this.scheduler = scheduler;
        this.nothingRuns = nothingRuns;
        this.onLapse = onLapse;
    }

    /** @param time what the borrower's command is given; empty: there is no limit */
    void begin(Optional<Duration> time) {
        time.ifPresent(given -> limit.update(scheduler.schedule(
                () -> lapse("its time was over " + GRACE.toSeconds() + " s ago"), given.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)));
        // one look after the other: where a file system hangs, the first that does is the last
        looks.update(Mono.delay(LOOK, scheduler).then(nothingRuns).onErrorReturn(false).repeat().subscribe(this::onLook));
    }

    void end() {
        limit.dispose();
        looks.dispose();
    }

    private void onLook(boolean nothing) {
        inRow = nothing ? inRow + 1 : 0;
        if (inRow == LOOKS) {
            lapse("it has run nothing for " + LOOK.multipliedBy(LOOKS).toSeconds() + " s");
        }
    }

    private void lapse(String why) {
        end();
        onLapse.accept(why);
    }
}
