package dev.mpx.transports.tcp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/** Counts who was turned away and logs it, not more than one line in ten seconds. On the loop's thread; the count from any. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Scheduler scheduler;
    private volatile long count;
    private long logged;
    private boolean resting;

    Refusals(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    long count() {
        return count;
    }

    void add(Object from, String why) {
        count = count + 1;
        if (!resting) {
            logged = count;
            LOG.warn("turned away a client from {}: it {}", from, why);
            rest();
        }
    }

    private void rest() {
        resting = true;
        scheduler.schedule(this::goOn, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void goOn() {
        resting = false;
        if (count > logged) {
            LOG.warn("turned away {} more clients who showed no valid token", count - logged);
            logged = count;
            rest();
        }
    }
}
