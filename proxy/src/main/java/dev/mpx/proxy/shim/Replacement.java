package dev.mpx.proxy.shim;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ShellWords;
import dev.mpx.proxy.home.Succession;
import dev.mpx.proxy.home.Unit;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Puts a daemon where there is none, or where there is one to be replaced. Whoever starts or ends a daemon holds the
 * start lock meanwhile, so that nobody starts another one in between. Not thread-safe.
 */
final class Replacement {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final long RETRY_PAUSE = 20;
    /** Two hundred that look again every 20 ms leave the one that starts no time to start. */
    private static final long LONGEST_PAUSE = 320;

    private final Discovery discovery;
    private final Target target;
    private final Home home;
    private final boolean replacesAny;

    /** @param replacesAny whether one that runs is replaced even if it is not older */
    Replacement(Discovery discovery, Target target, boolean replacesAny) {
        this.discovery = discovery;
        this.target = target;
        this.home = target.home();
        this.replacesAny = replacesAny;
    }

    /** @return a connection on which a daemon has taken this client */
    DaemonConnection run() throws NoDaemonException {
        long end = System.nanoTime() + Succession.START.toNanos();
        long pause = RETRY_PAUSE;
        while (System.nanoTime() - end < 0) {
            try (StartLock lock = StartLock.tryAcquire(home)) {
                // Whoever held the lock before may have started one by now.
                Optional<DaemonConnection> running = discovery.greet(target);
                if (running.isPresent() && !replacesAny && !discovery.isOlder(running.get())) {
                    return running.get();
                }
                if (lock.isHeld() && (running.isEmpty() || handsOver(running.get()))) {
                    return start();
                }
                Discovery.close(running);
            } catch (IOException e) {
                throw NoDaemonException.failed("mpx can't use its lock file " + home.startLock() + ": " + e.getMessage() + ".");
            }
            // Not in step with the others; what is random about the clock's last digits is enough for that.
            pause(pause + System.nanoTime() % pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE);
        }
        throw discovery.stillBusy();
    }

    /** Asks a daemon to leave. @return whether it is gone */
    private boolean handsOver(DaemonConnection daemon) throws NoDaemonException {
        String why = "it does not end within " + Succession.HANDOVER.toSeconds() + " s";
        try {
            Optional<JsonValue> error = daemon.ask("mpx-stop", "mpx/stop", "{}", ANSWER_LIMIT).get("error");
            if (error.isPresent()) {
                why = error.get().toString();
            } else if (daemon.awaitEnd(Succession.HANDOVER)) {
                return true;
            }
        } catch (EOFException leaving) {
            return true;
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        if (replacesAny) {
            throw NoDaemonException.failed("The mpx daemon" + discovery.tried() + " won't leave: " + why + ". Its log is "
                    + Unit.log(home) + ".");
        }
        discovery.keepOlder();
        return false;
    }

    private DaemonConnection start() throws NoDaemonException {
        long end = System.nanoTime() + Succession.START.toNanos();
        DetachedProcess first = DaemonStarter.start(target);
        Optional<DaemonConnection> running = awaitStart(first, end);
        if (running.isPresent()) {
            return running.get();
        }
        // It may have given way to one that was there and has left since.
        DetachedProcess daemon = first.isAlive() ? first : DaemonStarter.start(target);
        running = awaitStart(daemon, end);
        if (running.isPresent()) {
            return running.get();
        }
        throw NoDaemonException.failed((daemon.isAlive()
                ? "The mpx daemon was started (process " + daemon.pid() + ") but did not answer within " + Succession.START.toSeconds() + " s"
                : "The mpx daemon was started and ended before it served")
                + discovery.tried() + ". Its log is " + home.daemonLog()
                + "; to see it start, run: mpx serve" + discovery.homeOption()
                + (target.relayed().isPresent() ? " --relay " + ShellWords.quote(target.relayed().get().toString())
                        : " -- " + ShellWords.join(target.server().argv()))
                + (Unit.of(home).isPresent() ? "." + Unit.hint(home) : ""),
                daemon.logTail());
    }

    /** Empty if it ended, or did not answer in time. */
    private Optional<DaemonConnection> awaitStart(DetachedProcess daemon, long end) throws NoDaemonException {
        boolean isAlive = true;
        while (isAlive && System.nanoTime() - end < 0) {
            // In this order: one that ends because another daemon was quicker leaves that one to be found.
            isAlive = daemon.isAlive();
            Optional<DaemonConnection> running = discovery.greet(target);
            if (running.isPresent()) {
                return running;
            }
            pause(RETRY_PAUSE);
        }
        return Optional.empty();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
