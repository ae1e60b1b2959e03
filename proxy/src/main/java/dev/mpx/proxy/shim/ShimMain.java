package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code mpx} and {@code mpx connect}: what an agent starts in place of the server. */
public final class ShimMain {
    private static final int WRONG_USAGE = 2;
    /** An agent that asks something else before it begins a session waits 3 s for the answer, daemon or not. */
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final int SETTLE_MILLIS = 50;
    private static final int RELEASE_MILLIS = 50;

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
        if (LentServer.isMeant(invocation)) {
            // Before anything is read of what is the server's.
            Runtime.getRuntime().halt(LentServer.run(invocation));
        }
        Ending ending = new Ending(new Parent(parent()));
        AgentPipes agent = new AgentPipes();
        Relay relay = new Relay(agent, ending);
        start("agent-to-daemon", new Agent(relay));
        start("daemon-to-agent", new Session(relay, ending, invocation));
        ending.await(SLOW);
        if (!ending.isInputEnded()) {
            start("slow", new Slow(relay)); // beside this thread, which looks after the parent
        }
        int status = ending.await();
        if (ending.isInputEnded()) {
            start("settlement", new Settlement(relay)).join(SETTLE_MILLIS);
        }
        Thread release = start("release", new Release(relay, agent));
        release.join(RELEASE_MILLIS);
        Runtime.getRuntime().halt(status);
    }

    /** The agent's process as the launcher saw it: it may be gone before a JVM is up. */
    private static long parent() {
        String seen = System.getProperty("mpx.parent", "");
        return seen.isEmpty() ? ProcessStat.self().parent() : Long.parseLong(seen);
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    // Classes of their own, not lambdas: the first lambda of a process costs it several milliseconds.

    private record Agent(Relay relay) implements Runnable {
        @Override
        public void run() {
            relay.readAgent();
        }
    }

    private record Slow(Relay relay) implements Runnable {
        @Override
        public void run() {
            relay.becomesSlow();
        }
    }

    /** Every request gets an answer before the shim is gone, as long as the agent may still read it. */
    private record Settlement(Relay relay) implements Runnable {
        @Override
        public void run() {
            try {
                relay.settle();
            } catch (IOException agentGone) {
                // Then nobody waits for one.
            }
        }
    }

    /** A JVM that ends waits up to 300 ms for threads that are in a system call: get them out of it first. */
    private record Release(Relay relay, AgentPipes agent) implements Runnable {
        @Override
        public void run() {
            try {
                relay.hangUp();
                agent.close();
            } catch (IOException e) {
                // It ends a little later then.
            }
        }
    }

    private record Session(Relay relay, Ending ending, Invocation invocation) implements Runnable {
        @Override
        public void run() {
            try {
                serve(System.nanoTime());
            } catch (NoDaemonException e) {
                relay.fail(Failure.refused(e.reason(), e.getMessage(), e.log()));
            } catch (HomeException e) {
                relay.fail(Failure.refused(NoDaemonException.NO_DAEMON, e.getMessage(), List.of()));
            } catch (IOException agentGone) {
                ending.finish(0);
            } catch (RuntimeException | Error bug) {
                System.err.println("mpx: internal error: " + bug);
                ending.finish(1);
            }
        }

        private void serve(long begin) throws IOException, NoDaemonException {
            Target target = invocation.target(Environment.ofProcess());
            Discovery discovery = new Discovery(target.home(), target.environment());
            Optional<DaemonConnection> connection = findServing(discovery, target);
            Reconnection reconnection = null; // most sessions never need it
            long since = begin;
            while (true) {
                if (connection.isEmpty()) {
                    if (reconnection == null) {
                        reconnection = new Reconnection(discovery, target, relay);
                    }
                    connection = Optional.of(reconnection.next(since));
                }
                if (!relay.relay(connection.get())) {
                    return;
                }
                connection = Optional.empty();
                since = System.nanoTime();
            }
        }

        /** Empty also where it is worth another try. */
        private static Optional<DaemonConnection> findServing(Discovery discovery, Target target) throws NoDaemonException {
            try {
                return discovery.findServing(target);
            } catch (NoDaemonException none) {
                if (none.outlook() == NoDaemonException.Outlook.REFUSED) {
                    throw none;
                }
                return Optional.empty();
            }
        }
    }
}
