package dev.mpx.proxy.forward;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Keeps a way open: makes it again, with growing and random pauses, whenever it is lost. The first try must succeed: until
 * then whoever has asked for it waits, and is told.
 */
final class Keeper {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);

    /** Ctrl-C ends ssh a moment before it comes here. */
    private static final Duration SETTLED = Duration.ofMillis(200);

    private final Way way;
    private final Runnable works;
    private final Consumer<String> tell;
    private volatile Optional<Thread> thread = Optional.empty();
    private volatile boolean leaving;
    private boolean hasWorked;
    private Optional<String> told = Optional.empty();

    /** @param works called once, when the first session has been had @param tell gets sentences for a person */
    Keeper(Way way, Runnable works, Consumer<String> tell) {
        this.way = way;
        this.works = works;
        this.tell = tell;
    }

    /** Blocks until it is told to leave. @throws ForwardFailure if it can't be had in the first place */
    void keep() throws ForwardFailure, IOException {
        thread = Optional.of(Thread.currentThread());
        try {
            int failures = 0;
            while (!leaving) {
                failures = once() ? 0 : failures + 1;
                if (!leaving) {
                    Thread.sleep(pause(failures).toMillis());
                }
            }
        } catch (InterruptedException asked) {
            // to leave
        } finally {
            close();
        }
    }

    /** @return whether there was a way */
    private boolean once() throws ForwardFailure, InterruptedException, IOException {
        boolean worked = false;
        try (Witness witness = way.open()) {
            worked = true;
            works();
            while (!leaving) {
                witness.watch(LOOK);
                witness.ping(ANSWER);
            }
        } catch (ForwardFailure failure) {
            if (!hasWorked) {
                throw failure;
            }
            trouble(failure.getMessage());
        } catch (IOException lost) {
            if (!hasWorked) {
                throw lost;
            }
            Thread.sleep(SETTLED.toMillis());
            if (!leaving) {
                trouble("The connection to the host's daemon was lost (" + lost.getMessage() + "); making it again.");
            }
        }
        return worked;
    }

    private void works() {
        if (!hasWorked) {
            hasWorked = true;
            works.run();
        } else if (told.isPresent()) {
            tell.accept("The forwarded socket works again, " + way.told() + ".");
        }
        told = Optional.empty();
    }

    private void trouble(String why) throws IOException {
        if (!told.equals(Optional.of(why))) {
            tell.accept(why);
        }
        told = Optional.of(why);
        way.record(told);
    }

    private static Duration pause(int failures) {
        long grown = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
        return Duration.ofMillis(grown / 2 + ThreadLocalRandom.current().nextLong(grown));
    }

    /** Asks it to leave; any thread. */
    void leave() {
        leaving = true;
        thread.ifPresent(Thread::interrupt);
    }

    private void close() throws IOException {
        thread = Optional.empty();
        Thread.interrupted(); // what follows takes a moment, and is to be done
        try {
            way.close();
        } catch (InterruptedException twice) {
            Thread.currentThread().interrupt();
        }
    }
}
