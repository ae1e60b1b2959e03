package dev.mpx.proxy.status;

import dev.mpx.proxy.mux.Snapshot;

/** Is it well? One word for programs and one sentence for people. */
public record Verdict(String word, String sentence) {
    public static Verdict of(DaemonView daemon, Snapshot snapshot) {
        if (snapshot.child().failure().isPresent()) {
            return new Verdict("degraded", "the server could not be started; mpx tries again at the next call");
        }
        if (!daemon.guarded()) {
            return new Verdict("degraded", "no guard, so a crash may leave processes behind (install a C compiler and run install.sh)");
        }
        String state = snapshot.child().state();
        return switch (state) {
            case "ready" -> new Verdict("well", "the server is ready");
            case "starting" -> new Verdict("well", "the server is starting");
            case "stopped" -> new Verdict("well", "the server is not running; the next client starts it");
            case "lent" -> new Verdict("well", "the palace is lent to a job");
            case "backing-off" -> new Verdict("degraded", "the server has ended; mpx starts it again shortly");
            default -> new Verdict("degraded", "the server is " + state);
        };
    }

    public boolean isWell() {
        return word.equals("well");
    }
}
