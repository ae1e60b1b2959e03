package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.Mount;
import dev.mpx.proxy.home.Ownership;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The long-lived process that owns the child. */
public final class Daemon {
    private Daemon() {}

    /**
     * Runs until the daemon ends; blocks the calling thread.
     *
     * @return the exit status: 0 after an orderly end, or when another daemon serves this home; 1 if it could not serve
     */
    public static int run(DaemonOptions options) {
        Optional<Mount> shared;
        try {
            shared = Ownership.check(options.home(), options.server(), options.environment());
        } catch (HomeException e) {
            return Tenure.refuse(e);
        }
        return Tenure.run(options.home(), "daemon", logs -> Owner.begin(options, shared.isPresent(), logs));
    }

    /** A daemon that serves, and the lease by which it may, where the locks don't reach everybody. */
    private record Owner(Lease lease, Service service) implements Tenure.Incumbent {
        static Owner begin(DaemonOptions options, boolean isShared, Logs logs) throws IOException {
            Logger log = LoggerFactory.getLogger(Daemon.class);
            Lease lease = Lease.take(options, isShared);
            try {
                Settings settings = Settings.load(options);
                logs.level(settings.log());
                Service service = Service.open(options, settings, logs);
                lease.onLost(service::abandon);
                log.info("serving {} for {}", options.server().argv(), options.home().directory());
                return new Owner(lease, service);
            } catch (IOException | RuntimeException e) {
                lease.close();
                throw e;
            }
        }

        @Override
        public void leave(String why) {
            service.leave(why);
        }

        @Override
        public int serve() throws IOException {
            service.awaitEnd();
            // before the lock, or the next daemon would wait and see whether the lease's owner lives
            lease.release();
            return service.isDispossessed() ? Tenure.FAILED : Tenure.WELL;
        }

        @Override
        public void close() throws IOException {
            try {
                service.close();
            } finally {
                lease.close();
            }
        }
    }
}
