package dev.mpx.proxy.shim;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.LentHomes;
import java.io.IOException;

/**
 * The server itself, in place of a shim that is part of a job: the palace is lent to that job, and a shim that asked the daemon
 * would wait for its own job to end (docs/jobs.md). The native shim becomes the server; a JVM can only start it and hand on
 * its status, so an agent has one process more, and SIGKILL to this one leaves the server to the job's guard.
 */
final class LentServer {
    private static final int CANNOT_RUN = 126;

    private LentServer() {}

    /** Whether this process is part of a job of the home that it would look for a daemon in. */
    static boolean isMeant(Invocation invocation) {
        if (System.getenv(LentHomes.VARIABLE) == null) {
            return false;
        }
        try {
            return LentHomes.haveThisProcess(invocation.target(Environment.ofProcess()).home());
        } catch (HomeException unusable) {
            return false; // the shim says what is wrong
        }
    }

    /** Runs it with this process's own streams, to its end; its exit status. */
    static int run(Invocation invocation) throws InterruptedException {
        Process server;
        try {
            server = new ProcessBuilder(invocation.target(Environment.ofProcess()).server().argv()).inheritIO().start();
        } catch (IOException e) {
            System.err.println("mpx: " + e.getMessage());
            return CANNOT_RUN;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(new Ended(server), "server"));
        return server.waitFor();
    }

    /** An agent that ends this process means the server. */
    private record Ended(Process server) implements Runnable {
        @Override
        public void run() {
            server.destroy();
        }
    }
}
