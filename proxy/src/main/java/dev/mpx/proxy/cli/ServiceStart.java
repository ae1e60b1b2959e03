package dev.mpx.proxy.cli;

import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.Succession;
import dev.mpx.proxy.service.ServiceHost;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;

/** A service that was told to start, until its daemon answers or it is known that it won't. Blocks. */
final class ServiceStart {
    private static final Duration LOOK = Duration.ofMillis(50);
    /** Each such look starts a process. */
    private static final Duration LOOK_AT_STATE = Duration.ofMillis(500);
    private static final Duration SILENT = Duration.ofSeconds(2);

    private final ServiceHost host;
    private final Home home;
    private final Discovery discovery;
    private final PrintStream err;

    ServiceStart(ServiceHost host, Home home, Discovery discovery, PrintStream err) {
        this.host = host;
        this.home = home;
        this.discovery = discovery;
        this.err = err;
    }

    /** @throws IOException if it failed, or does not answer in time; says where that is to be looked up */
    void await() throws IOException {
        long begun = System.nanoTime();
        long nextState = begun + LOOK_AT_STATE.toNanos();
        boolean hasTold = false;
        while (System.nanoTime() - begun < Succession.START.toNanos()) {
            Optional<DaemonConnection> running = discovery.find();
            if (running.isPresent()) {
                running.get().close();
                return;
            }
            if (System.nanoTime() - nextState > 0) {
                failIfItHasFailed();
                nextState = System.nanoTime() + LOOK_AT_STATE.toNanos();
            }
            if (!hasTold && System.nanoTime() - begun > SILENT.toNanos()) {
                hasTold = true;
                err.println("mpx: waiting for the daemon of " + host.unit() + " to answer, " + Succession.START.toSeconds() + " s at most; "
                        + log() + ".");
            }
            pause();
        }
        throw new IOException("its daemon has not answered for " + Succession.START.toSeconds() + " s; " + log());
    }

    private void failIfItHasFailed() throws IOException {
        Optional<String> failure = host.failure();
        if (failure.isPresent()) {
            host.lastLines().forEach(line -> err.println("mpx:   " + Plain.of(line)));
            throw new IOException(failure.get() + "; " + log());
        }
    }

    private String log() {
        return "its log is " + home.mpxLog() + ", and what it printed: " + host.log();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
