package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to own the palace, told to those whom no lock reaches: other machines that see the same files. Every daemon
 * keeps one in home and writes it anew every {@link #RENEWAL}; one that does not change for {@link #WATCH} counts as
 * left behind. Only the watcher's own clock is used, so that no clocks are compared.
 *
 * <p>Best effort: a mount may show old content for longer than anybody waits, and an owner that was frozen goes on until it
 * looks. Between processes of one kernel the locks decide, as ever.
 */
final class Lease implements AutoCloseable {
    static final Duration RENEWAL = Duration.ofSeconds(3);
    /** Not one of five renewals was seen; and longer than the 13 s that the server of a daemon which was killed may live on. */
    static final Duration WATCH = Duration.ofSeconds(16);
    /** After writing: whoever wrote in the same moment is seen by then. FUSE and NFS believe what they saw for up to 1 and 3 s. */
    private static final Duration SETTLE = Duration.ofSeconds(4);
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final Path file;
    private final boolean isShared;
    private final Thread thread;
    private LeaseRecord mine;
    private Consumer<String> lost = why -> {};
    private Optional<String> thief = Optional.empty();
    private boolean closed;

    private Lease(Path file, boolean isShared, LeaseRecord mine) {
        this.file = file;
        this.isShared = isShared;
        this.mine = mine;
        this.thread = new Thread(this::renew, "mpx-lease");
        thread.setDaemon(true);
    }

    /**
     * Takes the lease; waits for as long as it takes to see whether another owner lives. Whoever calls this holds the lock of
     * the election.
     *
     * @param isShared whether home is on a mount that others may see
     * @throws HomeException if another one owns the palace, or takes it in the same moment
     */
    static Lease take(Home home, boolean isShared) throws IOException {
        Path file = home.lease();
        Optional<LeaseRecord> other = LeaseRecord.read(file);
        LeaseRecord mine = LeaseRecord.mine();
        // On a file system of this machine's own, one of this boot can only be of a daemon whose lock this one holds now.
        boolean isOver = other.isPresent() && (other.get().isOfTheDead() || !isShared && other.get().boot().equals(mine.boot()));
        if (other.isPresent() && !isOver) {
            watch(home, other.get());
        }
        mine.write(file, isShared);
        if (isShared || other.isPresent() && !isOver) {
            pause(SETTLE);
            Optional<LeaseRecord> there = LeaseRecord.read(file);
            if (there.isEmpty() || !there.get().isOf(mine)) {
                throw heldBy(home, there.orElse(mine));
            }
        }
        Lease lease = new Lease(file, isShared, mine);
        lease.thread.start();
        return lease;
    }

    /** Returns once the other's lease has not changed for long enough, or is gone. */
    private static void watch(Home home, LeaseRecord other) throws IOException {
        long begun = System.nanoTime();
        boolean isLongEnough;
        do {
            isLongEnough = System.nanoTime() - begun > WATCH.toNanos();
            Optional<LeaseRecord> there = LeaseRecord.read(home.lease());
            if (there.isPresent() && !there.get().equals(other)) {
                throw heldBy(home, there.get());
            }
            if (there.isEmpty() && !Files.exists(home.lease())) {
                return;
            }
            pause(LOOK);
        } while (!isLongEnough);
    }

    private static HomeException heldBy(Home home, LeaseRecord owner) {
        return new HomeException("Another machine or container owns the data of " + home.directory() + ": " + owner.describe()
                + " renews the lease in " + home.lease() + ". Your data is safe: mpx starts no second server beside it. Stop that one"
                + " (\"mpx stop\" over there), or connect to it: set MEMPALACE_BROKER, or endpoint in ~/.config/mpx/mpx.toml, to"
                + " ssh://USER@HOST, unix:/path of a forwarded socket, or tcp://HOST:PORT.");
    }

    /** @param told once, on a thread of the lease's own, when somebody else has taken it; at once if that is so already */
    synchronized void onLost(Consumer<String> told) {
        lost = told;
        thief.ifPresent(told);
    }

    private void renew() {
        try {
            while (waits()) {
                renewOnce();
                if (isStolen()) {
                    return;
                }
            }
        } catch (InterruptedException end) {
            LOG.debug("the lease is not renewed any more", end);
        }
    }

    private synchronized boolean isStolen() {
        if (thief.isPresent()) {
            LOG.error("{}; this daemon was not seen for too long. It ends its server at once and leaves", thief.get());
            lost.accept(thief.get());
        }
        return thief.isPresent();
    }

    private synchronized boolean waits() throws InterruptedException {
        if (!closed) {
            wait(RENEWAL.toMillis());
        }
        return !closed;
    }

    private synchronized void renewOnce() {
        try {
            Optional<LeaseRecord> there = LeaseRecord.read(file);
            if (there.isPresent() && !there.get().isOf(mine)) {
                thief = Optional.of(there.get().describe() + " has taken the lease of the data");
                return;
            }
            mine = mine.next();
            mine.write(file, isShared);
        } catch (IOException e) {
            LOG.warn("the lease {} can't be renewed: {}", file, e.toString());
        }
    }

    @Override
    public void close() throws IOException {
        release();
    }

    /** Gives the lease up. The server must have ended. Idempotent. */
    synchronized void release() throws IOException {
        if (!closed) {
            closed = true;
            notifyAll();
            Optional<LeaseRecord> there = LeaseRecord.read(file);
            if (there.isPresent() && there.get().isOf(mine)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void pause(Duration length) throws IOException {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while watching the lease", e);
        }
    }
}
