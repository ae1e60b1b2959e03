package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Mount;
import dev.mpx.proxy.home.Ownership;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The long-lived process that owns the child: elected, serving, and leaving, in this order. */
public final class Daemon {
    /** Somebody else is the daemon, or this one has done its work. */
    private static final int WELL = 0;

    private static final int FAILED = 1;

    private Daemon() {}

    /**
     * Runs until the daemon ends; blocks the calling thread.
     *
     * @return the exit status: 0 after an orderly end, or when another daemon serves this home; 1 if it could not serve
     */
    public static int run(DaemonOptions options) {
        try {
            Optional<Mount> shared = Ownership.check(options.home(), options.server(), options.environment());
            options.home().prepare();
            Optional<Election> won = Election.win(options.home());
            if (won.isEmpty()) {
                System.err.println("mpx: another daemon serves " + options.home().directory() + " already.");
                return WELL;
            }
            return serve(options, won.get(), shared.isPresent());
        } catch (HomeException e) {
            System.err.println("mpx: " + e.getMessage());
            return FAILED;
        } catch (IOException e) {
            System.err.println("mpx: the daemon can't serve " + options.home().directory() + ": " + e);
            return FAILED;
        }
    }

    private static int serve(DaemonOptions options, Election election, boolean isShared) throws IOException {
        Logs logs = Logs.open(options.home());
        Logger log = LoggerFactory.getLogger(Daemon.class);
        Signals signals = new Signals();
        try (Lease lease = Lease.take(options, isShared);
                Service service = Service.open(options, Settings.load(options), logs)) {
            signals.watch(service::leave);
            lease.onLost(service::abandon);
            log.info("serving {} for {}", options.server().argv(), options.home().directory());
            service.awaitEnd();
            // before the lock, or the next daemon would wait and see whether the lease's owner lives
            lease.release();
            // before the lock, which the next daemon may be waiting for: it would find the log files in use, and start others
            logs.close();
            // before the last links close, which they do with the process: whoever waits for that finds the lock free
            election.close();
            return service.isDispossessed() ? FAILED : WELL;
        } catch (HomeException e) {
            log.error(e.getMessage());
            System.err.println("mpx: " + e.getMessage());
            return FAILED;
        } catch (IOException | RuntimeException e) {
            log.error("the daemon has failed", e);
            System.err.println("mpx: the daemon has failed: " + e);
            return FAILED;
        } finally {
            election.close();
            logs.close();
            signals.done();
        }
    }
}
