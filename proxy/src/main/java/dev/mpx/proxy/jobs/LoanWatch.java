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
    /** A borrower that is well gives back at once when its command is over: so many looks in a row show one that is not. */
    static final int LOOKS = 4;

    private final Scheduler scheduler;
    private final Mono<String> latestOver;
    private final Consumer<String> onLapse;
    private final Disposable.Swap limit = Disposables.swap();
    private final Disposable.Swap looks = Disposables.swap();
    private String before = "";
    private int inRow;

    /**
     * @param latestOver tells by some name which command was the latest to be over, as far as that can be seen from outside; empty
     *     while one runs, or if nobody knows. Answers on the scheduler
     * @param onLapse called once at most; the clause says why it is given up
     */
    LoanWatch(Scheduler scheduler, Mono<String> latestOver, Consumer<String> onLapse) {
        this.scheduler = scheduler;
        this.latestOver = latestOver;
        this.onLapse = onLapse;
    }

    /** @param time what the borrower's command is given; empty: there is no limit */
    void begin(Optional<Duration> time) {
        time.ifPresent(given -> limit.update(scheduler.schedule(
                () -> lapse("its time was over " + GRACE.toSeconds() + " s ago"), given.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)));
        // one look after the other: where a file system hangs, the first that does is the last
        Mono<String> look = latestOver.onErrorReturn("");
        looks.update(look.doOnNext(over -> before = over)
                .thenMany(Mono.delay(LOOK, scheduler).then(look).repeat())
                .subscribe(this::onLook));
    }

    void end() {
        limit.dispose();
        looks.dispose();
    }

    /** Where none but the one before is over, the borrower's has not begun: it may wait for a lock. */
    private void onLook(String over) {
        inRow = over.isEmpty() || over.equals(before) ? 0 : inRow + 1;
        if (inRow == LOOKS) {
            lapse("its command has been over for " + LOOK.multipliedBy(LOOKS).toSeconds() + " s");
        }
    }

    private void lapse(String why) {
        end();
        onLapse.accept(why);
    }
}
