package dev.mpx.proxy.status;

import dev.mpx.proxy.home.Bearings;
import dev.mpx.proxy.mux.Snapshot;
import java.util.Optional;

/**
 * Is it well? One word for programs, and for people a sentence and what to do. docs/status.md lists the cases: degraded is what
 * keeps calls from being answered now, or a promise of mpx's from being kept.
 *
 * @param word {@code well} or {@code degraded}
 * @param advice what to do; empty where there is nothing to be done
 */
public record Verdict(String word, String sentence, Optional<String> advice) {
    private static final String WELL = "well";

    public static Verdict of(DaemonView daemon, Snapshot snapshot) {
        Snapshot.ChildView child = snapshot.child();
        Optional<Verdict> bad = trouble(daemon, child);
        if (bad.isPresent()) {
            return bad.get();
        }
        if (!daemon.guarded()) {
            return degraded("no guard, so a crash may leave processes behind",
                    "Install a C compiler (Debian: apt install gcc make libc6-dev), run install.sh again, then: " + daemon.restart());
        }
        return switch (child.state()) {
            case "ready" -> well("the server is ready");
            case "starting" -> well("the server is starting");
            case "stopped" -> well("the server is not running; the next client starts it");
            case "stopping" -> well("the server is being ended in order");
            case "backing-off" -> well("the server is not running; mpx starts it shortly");
            case "lent" -> well("the palace is lent to a job");
            default -> degraded("the server is " + child.state(), "See what it says: " + log(daemon));
        };
    }

    private static Optional<Verdict> trouble(DaemonView daemon, Snapshot.ChildView child) {
        Optional<Snapshot.LastEnd> crash = child.lastEnd().filter(end -> !end.orderly());
        return Optional.ofNullable(switch (child.state()) {
            case "wedged" -> degraded("the server hangs in the kernel and can't be ended; no other one is started beside it",
                    "Bring its file system back, or restart the machine. Who hangs: " + log(daemon));
            case "stalled" -> degraded("the server answers nobody and is being killed; a new one follows",
                    "Nothing: calls that wait are kept. What it was at: " + log(daemon));
            case "stopping" -> child.leaves() ? null
                    : degraded("the server is of no use and is being ended; a new one follows", "Nothing, if it is rare. Why: " + log(daemon));
            case "stopped", "starting", "backing-off" -> child.failure().isPresent()
                    ? degraded("the server could not be started; mpx tries again " + when(child),
                            mending(daemon, child.failure().get()))
                    : crash.map(end -> degraded("the server is gone: " + end.why() + "; mpx starts it again " + when(child),
                            "Nothing, if it is rare. What it said: " + log(daemon))).orElse(null);
            default -> null;
        });
    }

    /** Where another home's daemon is in the way, replacing this one's is of no use: ending that is. */
    private static String mending(DaemonView daemon, String failure) {
        return Bearings.end(failure)
                .map(end -> "Use one home for one palace, or end the other daemon: " + end)
                .orElseGet(() -> "Mend what it says below (all of it: " + log(daemon) + "), then: " + daemon.restart());
    }

    private static String when(Snapshot.ChildView child) {
        return child.state().equals("starting") ? "now"
                : child.retryIn().map(wait -> "in " + Amounts.age(wait)).orElse("at the next call");
    }

    private static String log(DaemonView daemon) {
        return "mpx logs --child" + daemon.homeOption();
    }

    private static Verdict well(String sentence) {
        return new Verdict(WELL, sentence, Optional.empty());
    }

    private static Verdict degraded(String sentence, String advice) {
        return new Verdict("degraded", sentence, Optional.of(advice));
    }

    public boolean isWell() {
        return word.equals(WELL);
    }
}
