package dev.mpx.proxy.shim;

import java.time.Duration;

/**
 * When the shim ends, and with which status: the agent's end of input, the parent's death, or the relay's own end.
 * Agents follow up with signals within half a second, so nothing here waits longer than 300 ms. Thread-safe.
 */
final class Ending {
    /** How often the parent is looked after. */
    private static final Duration POLL = Duration.ofMillis(100);
    /** How long answers are still relayed once the agent has closed its side; the rest of the 300 ms is for the JVM to end. */
    private static final Duration LAST_ANSWERS = Duration.ofMillis(200);

    private final Parent parent;
    private boolean finished;
    private int status;
    private boolean inputEnded;
    private long lastMoment;

    /** @param parent the process without which this one has no business */
    Ending(Parent parent) {
        this.parent = parent;
    }

    /** The agent will say nothing more. @param status to end with unless something else comes first */
    synchronized void inputEnded(int status) {
        if (!inputEnded) {
            inputEnded = true;
            this.status = status;
            lastMoment = System.nanoTime() + LAST_ANSWERS.toNanos();
            notifyAll();
        }
    }

    synchronized boolean isInputEnded() {
        return inputEnded;
    }

    synchronized void finish(int status) {
        if (!finished) {
            finished = true;
            this.status = status;
            notifyAll();
        }
    }

    /** Waits for the end, but not for longer than this. */
    synchronized void await(Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!finished && !inputEnded && !parent.isGone() && System.nanoTime() - end < 0) {
            wait(POLL.toMillis());
        }
    }

    /** Waits for the end. @return the exit status */
    synchronized int await() throws InterruptedException {
        while (!finished) {
            long wait = POLL.toMillis();
            if (inputEnded) {
                long left = (lastMoment - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return status;
                }
                wait = Math.min(wait, left);
            }
            wait(wait);
            if (parent.isGone()) {
                return inputEnded ? status : 0;
            }
        }
        return status;
    }
}
