package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.HomeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to own the palace, told to those whom no lock reaches: other machines that see the same files. Every daemon
 * keeps one in home, and where that is on a shared mount one in each directory with data, and writes it anew every
 * {@link Pace#renewal}; one that does not change for {@link Pace#watch} counts as left behind. Only the watcher's own clock is used, so that no clocks are compared.
 *
 * <p>Best effort: a mount may show old content for longer than anybody waits, and an owner that was frozen goes on until it
 * looks. Between processes of one kernel the locks decide, as ever.
 */
final class Lease implements AutoCloseable {
    /**
     * @param renewal from one writing to the next
     * @param watch after this long without a change it counts as left behind
     * @param settle from writing it first to looking whether it stayed: whoever wrote in the same moment is seen by then
     * @param look from one look of a watcher to the next
     */
    record Pace(Duration renewal, Duration watch, Duration settle, Duration look) {
        /**
         * Five renewals must have failed to show; and the server of a daemon that was killed may live on for 13 s. FUSE and
         * NFS believe what they saw for up to 1 and 3 s.
         */
        static final Pace USUAL = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(16), Duration.ofSeconds(4), Duration.ofMillis(500));
    }

    private static final String IN_DATA = ".mpx-owner.lease";

    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    private final List<Path> files;
    private final boolean isShared;
    private final Pace pace;
    private final Thread thread;
    private LeaseRecord mine;
    private Consumer<String> lost = why -> {};
    private Optional<String> thief = Optional.empty();
    private boolean released;

    private Lease(List<Path> files, boolean isShared, Pace pace, LeaseRecord mine) {
        this.files = files;
        this.isShared = isShared;
        this.pace = pace;
        this.mine = mine;
        this.thread = new Thread(this::renew, "mpx-lease");
        thread.setDaemon(true);
    }

    /**
     * Takes the lease of the home and of the server's data. Waits for as long as it takes to see whether another owner lives.
     * Whoever calls this holds the lock of the election.
     *
     * @param isShared whether some of it is on a mount that others may see
     * @throws HomeException if another one owns them, or takes them in the same moment
     */
    static Lease take(DaemonOptions options, boolean isShared) throws IOException {
        List<Path> inData = WriterLocks.dataDirectories(options).stream().map(directory -> directory.resolve(IN_DATA)).toList();
        return take(options.home().lease(), inData, isShared, Pace.USUAL);
    }

    static Lease take(Path inHome, List<Path> inData, boolean isShared, Pace pace) throws IOException {
        LeaseRecord mine = LeaseRecord.mine();
        List<Path> all = new ArrayList<>(List.of(inHome));
        all.addAll(inData);
        Map<Path, LeaseRecord> others = new LinkedHashMap<>();
        for (Path file : all) {
            // On a file system of this machine's own, the locks decide among those of this boot.
            LeaseRecord.read(file)
                    .filter(other -> !other.isOfTheDead() && (isShared || !other.boot().equals(mine.boot())))
                    .ifPresent(other -> others.put(file, other));
        }
        boolean isDisputed = !others.isEmpty();
        if (isDisputed) {
            watch(others, pace);
        }
        List<Path> own = isShared ? all : List.of(inHome);
        for (Path file : own) {
            mine.write(file, isShared);
        }
        if (isShared || isDisputed) {
            pause(pace.settle());
            for (Path file : own) {
                Optional<LeaseRecord> there = LeaseRecord.read(file);
                if (there.isPresent() && !there.get().isOf(mine)) {
                    throw heldBy(file, there.get());
                }
            }
        }
        Lease lease = new Lease(own, isShared, pace, mine);
        lease.thread.start();
        return lease;
    }

    /** Returns once none of them has changed for long enough, or all are gone. */
    private static void watch(Map<Path, LeaseRecord> others, Pace pace) throws IOException {
        long begun = System.nanoTime();
        boolean isLongEnough = false;
        while (!isLongEnough && !others.isEmpty()) {
            pause(pace.look());
            // before the last look: this process may have been stopped since the one before
            isLongEnough = System.nanoTime() - begun > pace.watch().toNanos();
            for (Map.Entry<Path, LeaseRecord> other : others.entrySet()) {
                Optional<LeaseRecord> there = LeaseRecord.read(other.getKey());
                if (there.isPresent() && !there.get().equals(other.getValue())) {
                    throw heldBy(other.getKey(), there.get());
                }
            }
            others.keySet().removeIf(file -> !Files.exists(file));
        }
    }

    private static HomeException heldBy(Path file, LeaseRecord owner) {
        return new HomeException("Another machine or container owns these data: " + owner.describe() + " renews its lease in " + file
                + ". Your data is safe: mpx starts no second server beside it. Stop that one (\"mpx stop\" over there), or connect to"
                + " it: set MEMPALACE_BROKER, or endpoint in ~/.config/mpx/mpx.toml, to ssh://USER@HOST, unix:/path of a forwarded"
                + " socket, or tcp://HOST:PORT.");
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
            }
        } catch (InterruptedException end) {
            LOG.debug("the lease is not renewed any more", end);
        }
    }

    private synchronized boolean waits() throws InterruptedException {
        if (!released) {
            wait(pace.renewal().toMillis());
        }
        return !released && thief.isEmpty();
    }

    private synchronized void renewOnce() {
        mine = mine.next();
        for (Path file : files) {
            try {
                Optional<LeaseRecord> there = LeaseRecord.read(file);
                if (there.isPresent() && !there.get().isOf(mine)) {
                    thief = Optional.of(there.get().describe() + " has taken the lease " + file);
                    LOG.error("{}: it has not seen this daemon renew it. This one ends its server at once and leaves", thief.get());
                    lost.accept(thief.get());
                    return;
                }
                mine.write(file, isShared);
            } catch (IOException e) {
                LOG.warn("the lease {} can't be renewed: {}", file, e.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        release();
    }

    /** Gives the lease up. The server must have ended. Idempotent. */
    synchronized void release() throws IOException {
        if (released) {
            return;
        }
        released = true;
        notifyAll();
        for (Path file : files) {
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
