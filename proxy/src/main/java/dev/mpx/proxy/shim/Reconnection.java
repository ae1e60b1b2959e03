package dev.mpx.proxy.shim;

import dev.mpx.framing.JsonValue;
import dev.mpx.framing.Message;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds the next daemon for a session that has none, for as long as it takes, and introduces the session to it. One
 * thread; beside it, for each search, one that watches how long it takes.
 */
final class Reconnection {
    private static final long FIRST_PAUSE = 50;
    private static final long LONGEST_PAUSE = 5000;
    /** Where nobody is kept waiting: a try may cost two JVMs, so they become rare until somebody asks. */
    private static final long LONGEST_CALM_PAUSE = 30_000;
    /** A daemon that lived for less is not worth hurrying for again. */
    private static final Duration HEALTHY = Duration.ofSeconds(5);
    /** A daemon without a record of its server's answers needs its server first. */
    private static final Duration WELCOME_LIMIT = Duration.ofSeconds(150);

    private final Discovery discovery;
    private final Target target;
    private final Relay relay;
    /** After this long without a daemon nobody is kept waiting any more. */
    private final Duration patience = Duration.ofMillis(Long.getLong("mpx.patience", 60_000));

    private long pause;
    private long connectedAt = System.nanoTime() - HEALTHY.toNanos();
    private volatile Optional<NoDaemonException> trouble = Optional.empty();

    Reconnection(Discovery discovery, Target target, Relay relay) {
        this.discovery = discovery;
        this.target = target;
        this.relay = relay;
    }

    /**
     * Blocks until there is one.
     *
     * @param since when the session lost its daemon or was begun, by the system's timer
     * @throws NoDaemonException if the daemon refuses a session that none has served before
     * @throws HomeException if such a session has a home or a setting that is unusable
     * @throws IOException if the agent is gone
     */
    DaemonConnection next(long since) throws IOException, NoDaemonException {
        if (System.nanoTime() - connectedAt > HEALTHY.toNanos()) {
            pause = 0;
        }
        trouble = Optional.empty();
        int loss = relay.losses();
        boolean isNew = loss == 0;
        Watch watch = new Watch(this, loss, since);
        Thread thread = new Thread(watch, "patience");
        thread.setDaemon(true);
        thread.start();
        while (true) {
            pause();
            try {
                DaemonConnection connection = discovery.findOrStart(target);
                if (isWelcome(connection)) {
                    connectedAt = System.nanoTime();
                    thread.interrupt();
                    return connection;
                }
            } catch (NoDaemonException none) {
                if (isNew && none.outlook() == NoDaemonException.Outlook.REFUSED) {
                    thread.interrupt();
                    throw none;
                }
                trouble = Optional.of(none);
                // once the agent was told why, it is told what the reason is now
                if (isNew && none.outlook() == NoDaemonException.Outlook.FAILED || relay.isSilent()) {
                    relay.stopWaiting(loss, Failure.unavailable(none));
                }
            } catch (HomeException unusable) {
                if (isNew) {
                    thread.interrupt();
                    throw unusable;
                }
                trouble = Optional.of(NoDaemonException.failed(unusable.getMessage()));
            }
            watch.tellIfOverdue();
        }
    }

    private void pause() throws IOException {
        // Not in step with all the others that have lost it; the clock's last digits are random enough.
        long millis = pause == 0 ? 0 : pause / 2 + System.nanoTime() % pause;
        boolean wasAsked = relay.rest(millis, Math.min(millis, LONGEST_PAUSE));
        long longest = relay.isSilent() && !wasAsked ? LONGEST_CALM_PAUSE : LONGEST_PAUSE;
        pause = pause == 0 ? FIRST_PAUSE : Math.min(2 * pause, longest);
    }

    /** Repeats the agent's {@code initialize}, if one was answered, and keeps the answer from it. */
    private boolean isWelcome(DaemonConnection connection) throws IOException {
        Optional<Message.Request> initialize = relay.memory().handshake();
        if (initialize.isEmpty()) {
            return true;
        }
        String why;
        try {
            Message.Response answer = connection.repeat(initialize.get(), WELCOME_LIMIT, relay);
            if (answer.error().isEmpty()) {
                return true;
            }
            Optional<JsonValue> message = answer.error().get().get("message");
            Optional<String> text = message.isPresent() ? message.get().text() : Optional.empty();
            why = text.isPresent() ? text.get() : answer.error().get().toString();
        } catch (SilentDaemonException silent) {
            why = "It has not answered the session's initialize for " + WELCOME_LIMIT.toSeconds() + " s.";
        } catch (DaemonConnection.GoneException gone) {
            why = "It went away at once.";
        }
        trouble = Optional.of(NoDaemonException.failed("The next daemon does not take the session: " + why));
        connection.close();
        return false;
    }

    private record Watch(Reconnection of, int loss, long since) implements Runnable {
        @Override
        public void run() {
            try {
                Thread.sleep(Math.max(0, of.patience.toMillis() - (System.nanoTime() - since) / 1_000_000 + 1));
                tellIfOverdue();
            } catch (InterruptedException notNeededAnyMore) {
                // There is a daemon again.
            }
        }

        void tellIfOverdue() {
            Duration waited = Duration.ofNanos(System.nanoTime() - since);
            if (waited.compareTo(of.patience) >= 0) {
                of.relay.stopWaiting(loss, Failure.unavailable(waited, of.trouble.isPresent() ? of.trouble.get() : of.discovery.stillBusy()));
            }
        }
    }
}
