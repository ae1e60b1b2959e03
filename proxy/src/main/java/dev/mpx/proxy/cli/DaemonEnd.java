package dev.mpx.proxy.cli;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.daemon.Leftovers;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.ChildLock;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.SilentDaemonException;
import dev.mpx.proxy.status.Plain;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/**
 * The end of a home's daemon: asked for on its socket, and where it does not answer there, of its process. That process
 * is the one that {@code broker.json} names, by boot and start time, so whoever has got its pid since is never
 * signalled. Says in plain sentences what it does; an end that is only asked for needs none. Blocks.
 *
 * <p>It starts nobody and takes no lock: who may be the next daemon or the next writer is decided by the locks alone.
 */
final class DaemonEnd {
    /** What became of it. */
    enum Outcome {
        /** There was none. */
        NO_DAEMON,
        /** Daemon and server are gone. */
        GONE,
        /** The daemon is gone; what is left of its server still ends. */
        SERVER_LEFT,
        /** It is still there, or may be. */
        FAILED
    }

    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** A daemon drains its calls and ends its child within 60 s, or leaves without. */
    private static final Duration LEAVING = Duration.ofSeconds(75);
    private static final Duration UNTIL_KILL = Duration.ofSeconds(15);
    private static final Duration UNTIL_DEAD = Duration.ofSeconds(10);
    /** End of input, 10 s, SIGTERM, 3 s, SIGKILL (native/README.md); and some. */
    private static final Duration GUARD = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Home home;
    private final Discovery discovery;
    private final PrintStream tell;
    private final Optional<BrokerFile> broker;
    /** The daemon's process, if it is known for certain. */
    private final Optional<ProcessIdentity> process;

    /** Looks who the daemon is just now. */
    DaemonEnd(Home home, Discovery discovery, PrintStream tell) {
        this.home = home;
        this.discovery = discovery;
        this.tell = tell;
        this.broker = BrokerFile.read(home.brokerFile()).filter(this::isMeant);
        this.process = broker.flatMap(BrokerFile::livingDaemon);
    }

    /** One that a setting names may live anywhere, and be another than this home's. */
    private boolean isMeant(BrokerFile file) {
        return discovery.endpoint().filter(endpoint -> file.endpoints().contains(endpoint.toString())).isPresent();
    }

    /** Asks the daemon to leave, sees it gone, and ends it by force if it does not answer or does not go. */
    Outcome stop() {
        Optional<DaemonConnection> running = discovery.find();
        if (running.isEmpty()) {
            return process.isEmpty() ? Outcome.NO_DAEMON : seeOut();
        }
        try (DaemonConnection connection = running.get()) {
            Optional<JsonValue> error = connection.ask("mpx-stop", "mpx/stop", "{}", ANSWER).get("error");
            if (error.isPresent()) {
                say("the daemon" + tried() + " won't stop: "
                        + error.get().get("message").flatMap(JsonValue::text).orElse(error.get().toString()));
                return Outcome.FAILED;
            }
            return connection.awaitEnd(LEAVING) ? Outcome.GONE : force("is still not gone after " + LEAVING.toSeconds() + " s");
        } catch (EOFException leaving) {
            return process.isEmpty() ? Outcome.GONE : seeOut();
        } catch (SilentDaemonException silent) {
            return force("takes connections but has not answered for " + ANSWER.toSeconds() + " s");
        } catch (IOException broken) {
            return force("can't be told to stop (" + broken.getMessage() + ")");
        }
    }

    /** Ends the daemon by force if it hangs; one that answers is left to be asked. Empty if nothing had to be done. */
    Optional<Outcome> endIfItHangs() {
        Optional<DaemonConnection> running = discovery.find();
        if (running.isEmpty()) {
            return process.isEmpty() ? Optional.empty() : Optional.of(seeOut());
        }
        try (DaemonConnection connection = running.get()) {
            connection.ask("mpx-ping", "ping", "{}", ANSWER);
            return Optional.empty();
        } catch (SilentDaemonException silent) {
            return Optional.of(force("takes connections but has not answered for " + ANSWER.toSeconds() + " s"));
        } catch (IOException leaving) {
            return Optional.empty();
        }
    }

    /** Ends by force the daemon that was there at first, if it still is. */
    Optional<Outcome> endIfItStayed() {
        return process.filter(ProcessIdentity::isLiving).map(same -> force("does not leave"));
    }

    /** It takes no connections: it is leaving, or it hangs there. */
    private Outcome seeOut() {
        ProcessIdentity daemon = process.orElseThrow();
        if (!gone(daemon, LOOK.multipliedBy(50))) {
            say("the daemon (process " + daemon.pid() + ") takes no connections" + tried() + ", so it may be leaving; waiting up to "
                    + LEAVING.toSeconds() + " s for it.");
        }
        return gone(daemon, LEAVING) ? Outcome.GONE : force("takes no connections and is still not gone after " + LEAVING.toSeconds() + " s");
    }

    private Outcome force(String why) {
        if (process.isEmpty()) {
            say("the daemon of " + home.directory() + tried() + " " + why + ", and which process it is can't be told for certain: "
                    + home.brokerFile() + " names "
                    + broker.map(file -> "process " + file.pid() + ", which is another one now or of another boot or machine").orElse("none")
                    + ". So mpx ends nobody; if you know the daemon's process, end that. Its log is " + Unit.log(home) + ".");
            return Outcome.FAILED;
        }
        ProcessIdentity daemon = process.get();
        Optional<ProcessIdentity> guard = ChildLock.livingGuard(home.childLock());
        say("the daemon of " + home.directory() + tried() + " " + why + ". Telling its process " + daemon.pid() + " to end (SIGTERM).");
        daemon.handle().ifPresent(ProcessHandle::destroy);
        if (!gone(daemon, UNTIL_KILL)) {
            say("it has not ended within " + UNTIL_KILL.toSeconds() + " s. Killing process " + daemon.pid()
                    + " (SIGKILL); calls that it was working on may or may not have been carried out.");
            daemon.handle().ifPresent(ProcessHandle::destroyForcibly);
            if (!gone(daemon, UNTIL_DEAD)) {
                say("process " + daemon.pid() + " does not end even by SIGKILL: it hangs in the kernel, as when a file system hangs."
                        + " Until it is gone no other daemon can serve " + home.directory()
                        + "; bring that file system back, or restart the machine.");
                return Outcome.FAILED;
            }
        }
        return seeServerOut(guard);
    }

    private Outcome seeServerOut(Optional<ProcessIdentity> guard) {
        if (guard.isPresent() && !gone(guard.get(), GUARD)) {
            say("the daemon is gone, but its server still ends (guard process " + guard.get().pid()
                    + "). Your data is safe: the next daemon starts no other server before it is gone.");
            return Outcome.SERVER_LEFT;
        }
        try {
            Leftovers.reap(broker, this::say);
        } catch (IOException stays) {
            say("the daemon is gone, but " + stays.getMessage() + ".");
            return Outcome.SERVER_LEFT;
        }
        say("the daemon and its server are gone.");
        return Outcome.GONE;
    }

    private static boolean gone(ProcessIdentity process, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (process.isLiving()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** The endpoint, for a sentence; empty where there is none to try. */
    private String tried() {
        return discovery.endpoint().map(Endpoint::toString).map(endpoint -> " (tried " + endpoint + ")").orElse("");
    }

    private void say(String sentence) {
        tell.println("mpx: " + Plain.escaped(sentence));
    }
}
