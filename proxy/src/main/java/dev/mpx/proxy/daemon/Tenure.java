package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Bearings;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.status.Plain;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One home's tenure: elected, serving, and leaving, in this order. It is the same for whoever serves a home, be it a daemon
 * with a server of its own or a relay to another one's.
 */
public final class Tenure {
    /** Somebody else serves, or this one has done its work. */
    static final int WELL = 0;

    static final int FAILED = 1;

    /** Whoever serves. */
    public interface Incumbent extends AutoCloseable {
        /** Asks it to leave; returns at once. Any thread; only the first reason counts. */
        void leave(String why);

        /** Blocks until it was asked to leave and has seen to everything. @return the exit status */
        int serve() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Whoever has won the election and is about to serve. */
    public interface Candidate {
        Incumbent begin(Logs logs) throws IOException;
    }

    private Tenure() {}

    /**
     * Runs until the incumbent ends; blocks the calling thread.
     *
     * @param home that is served; it is prepared here
     * @param what serves it, in a word, for messages
     * @return the exit status: 0 after an orderly end, or when somebody else serves this home; 1 if it could not serve
     */
    public static int run(Home home, String what, Candidate candidate) {
        try {
            home.prepare();
            Optional<Election> won = Election.win(home);
            if (won.isEmpty()) {
                System.err.println("mpx: another " + what + " serves "
                        + Plain.escaped(home.directory() + " already. " + Bearings.of(home)));
                return WELL;
            }
            return serve(home, what, candidate, won.get());
        } catch (HomeException e) {
            return refuse(e);
        } catch (IOException e) {
            System.err.println("mpx: the " + what + " can't serve " + Plain.escaped(home.directory() + ": " + e));
            return FAILED;
        }
    }

    /** Says why it can't be. @return the exit status */
    static int refuse(HomeException e) {
        System.err.println("mpx: " + Plain.escaped(e.getMessage()));
        return FAILED;
    }

    private static int serve(Home home, String what, Candidate candidate, Election election) throws IOException {
        Logs logs = Logs.open(home);
        Logger log = LoggerFactory.getLogger(Tenure.class);
        Signals signals = new Signals();
        // before the world is told of a daemon: who finds it may end it in the same moment, and its server has to be ended in order
        signals.watch();
        try (Incumbent incumbent = candidate.begin(logs)) {
            signals.tell(incumbent::leave);
            int status = incumbent.serve();
            // before the lock, which the next one may be waiting for: it would find the log files in use, and start others
            logs.close();
            // before the last links close, which they do with the process: whoever waits for that finds the lock free
            election.close();
            return status;
        } catch (HomeException e) {
            log.error(e.getMessage());
            return refuse(e);
        } catch (IOException | RuntimeException e) {
            log.error("the {} has failed", what, e);
            System.err.println("mpx: the " + what + " has failed: " + Plain.escaped(e.toString()));
            return FAILED;
        } finally {
            election.close();
            logs.close();
            signals.done();
        }
    }
}
