package dev.mpx.proxy.relay;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay's last moments: nothing more is taken from its sessions, and each is closed when the host's daemon has answered all of its
 * calls, the last ones when the time is over. Blocks.
 */
final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    private static final long LOOK_MILLIS = 100;
    private static final long ANSWER_MILLIS = 1000;
    /** For what is written already and not yet read. */
    private static final Duration FLUSH = Duration.ofSeconds(1);

    private final Uplink uplink;
    private final LocalLoop loop;
    private final Supplier<List<LocalClient>> sessions;

    /** @param sessions those that are left */
    Drain(Uplink uplink, LocalLoop loop, Supplier<List<LocalClient>> sessions) {
        this.uplink = uplink;
        this.loop = loop;
        this.sessions = sessions;
    }

    void run(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        sessions.get().forEach(session -> loop.execute(session::takeNoMore));
        try {
            // twice without a call, since the last one may have been under way at the first look
            Set<LocalClient> quietBefore = new HashSet<>();
            while (!sessions.get().isEmpty() && System.nanoTime() - end < 0) {
                Optional<Set<BusyGuests.Guest>> busy = busy();
                if (busy.isEmpty()) {
                    break;
                }
                List<LocalClient> quiet = sessions.get().stream().filter(session -> !busy.get().contains(session.guest())).toList();
                quiet.stream().filter(quietBefore::contains).forEach(session -> loop.execute(session::finish));
                quietBefore.addAll(quiet);
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            sessions.get().forEach(session -> loop.execute(session::finish));
            end = System.nanoTime() + FLUSH.toNanos();
            while (!sessions.get().isEmpty() && System.nanoTime() - end < 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS / 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty if nobody can tell, and so nobody could answer either. */
    private Optional<Set<BusyGuests.Guest>> busy() throws InterruptedException {
        if (uplink.condition().since().isEmpty()) {
            return Optional.empty();
        }
        try {
            Link.Answered answered = uplink.ask(BusyGuests.QUESTION).get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
            answered.stream().stream().close();
            return BusyGuests.in(answered.answer());
        } catch (ExecutionException | TimeoutException unknown) {
            LOG.info("the host does not say whose calls it has: {}", unknown.toString());
            return Optional.empty();
        }
    }
}
