package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.HomeException;
import java.util.List;
import java.util.Optional;

/** {@code mpx} and {@code mpx connect}: what an agent starts in place of the server. */
public final class ShimMain {
    private static final int WRONG_USAGE = 2;

    private ShimMain() {}

    public static void main(String[] args) throws InterruptedException {
        Invocation invocation;
        try {
            // Under the server's own name every argument is the server's.
            invocation = Boolean.getBoolean("mpx.alias")
                    ? new Invocation(Optional.empty(), List.of(args), Optional.empty())
                    : Invocation.parse(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("mpx: " + e.getMessage() + " See: mpx --help");
            Runtime.getRuntime().halt(WRONG_USAGE);
            return;
        }
        Ending ending = new Ending(parent());
        Relay relay = new Relay(new AgentPipes(), ending);
        start("agent-to-daemon", new Agent(relay));
        start("daemon-to-agent", new Session(relay, ending, invocation));
        // Not exit(): a write to an agent that does not read would keep it waiting.
        Runtime.getRuntime().halt(ending.await());
    }

    /** The agent's process as the launcher saw it: it may be gone before a JVM is up. */
    private static long parent() {
        String seen = System.getProperty("mpx.parent", "");
        return seen.isEmpty() ? ProcessStat.self().parent() : Long.parseLong(seen);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    // Classes of their own, not lambdas: the first lambda of a process costs it several milliseconds.

    private record Agent(Relay relay) implements Runnable {
        @Override
        public void run() {
            relay.readAgent();
        }
    }

    private record Session(Relay relay, Ending ending, Invocation invocation) implements Runnable {
        @Override
        public void run() {
            try {
                DaemonConnection connection;
                try {
                    Target target = invocation.target(Environment.ofProcess());
                    connection = new Discovery(target.home(), target.environment()).findOrStart(target);
                } catch (NoDaemonException e) {
                    relay.fail(Failure.unavailable(e.reason(), e.getMessage()));
                    return;
                } catch (HomeException e) {
                    relay.fail(Failure.unavailable(NoDaemonException.NO_DAEMON, e.getMessage()));
                    return;
                }
                relay.relay(connection);
            } catch (RuntimeException | Error bug) {
                System.err.println("mpx: internal error: " + bug);
                ending.finish(1);
            }
        }
    }
}
