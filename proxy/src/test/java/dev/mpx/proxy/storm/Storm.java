package dev.mpx.proxy.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.whole.OsProcess;
import dev.mpx.proxy.whole.UserHome;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Clients that write all the while, and rounds: in each, one fault or two strike; then the clients must get through
 * again, and everything that has happened by then is checked. The order comes from a seed; what the machine does with it
 * does not. Every kind of fault has its turn before one has its second.
 *
 * <p>Properties: {@code mpx.storm.minutes}, how long new rounds are begun (default: each kind of fault once);
 * {@code mpx.storm.seed}, default random.
 */
public final class Storm implements AutoCloseable {
    private static final int CLIENTS = 8;
    /** Between two writes of one client, so that an hour's writes can be kept and compared. */
    private static final long PAUSE_MILLIS = 40;
    private static final Duration REQUEST = Duration.ofSeconds(2);
    private static final Duration TOTAL = Duration.ofSeconds(8);
    private static final Duration START = Duration.ofSeconds(15);
    /** From here on a person wants to know why. */
    private static final Duration SLOW = Duration.ofSeconds(15);
    /** For ticks, and for a machine that has more to do than two processors can. */
    private static final Duration SLACK = Duration.ofSeconds(3);
    private static final Duration LONG_STOP = Duration.ofSeconds(10);
    private static final Duration SHORT_STOP = Duration.ofSeconds(3);
    /** The guard of a daemon that was killed gives a stopped server 10 s, and 3 s more. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final UserHome user;
    private final Ground ground;
    private final Scene scene;
    private final Random random;
    private final String title;
    private final Optional<Duration> length;
    private final Ledger ledger = new Ledger();
    private final Figures figures = new Figures();
    private final Stops stops = new Stops();
    private final List<Agent> agents = new ArrayList<>();
    private final Map<String, Integer> struck = new TreeMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(CLIENTS);
    private int rounds;

    public Storm(UserHome user, Ground ground) {
        this.user = user;
        this.ground = ground;
        this.scene = new Scene(user, ground);
        long seed = Long.getLong("mpx.storm.seed", new Random().nextInt(100_000));
        this.random = new Random(seed);
        this.length = Optional.ofNullable(Integer.getInteger("mpx.storm.minutes")).map(Duration::ofMinutes);
        this.title = ground.getClass().getSimpleName() + ", seed " + seed;
        user.set("MPX_TIMEOUTS_REQUEST", REQUEST.toSeconds() + "s");
        user.set("MPX_TIMEOUTS_MAX", REQUEST.toSeconds() + "s");
        user.set("MPX_TIMEOUTS_TOTAL", TOTAL.toSeconds() + "s");
        user.set("MPX_TIMEOUTS_GRACE", "1s");
        // A server that is stopped before it has answered initialize is given up by this alone.
        user.set("MPX_TIMEOUTS_INITIALIZE", START.toSeconds() + "s");
        user.set("MPX_DAEMON_DRAIN", "1s");
        for (int i = 1; i <= CLIENTS; i++) {
            agents.add(new Agent("agent-" + i, () -> user.agent(ground.server()), TOTAL.plus(REQUEST).plus(SLACK), ledger, figures, stops));
        }
    }

    /** Runs it; fails when a rule is broken. */
    public void rage() throws Exception {
        long end = System.nanoTime() + length.orElse(Duration.ZERO).toNanos();
        System.out.println("storm over " + title + " begins");
        try (WriterWatch watch = new WriterWatch(scene, figures)) {
            agents.forEach(agent -> threads.scheduleWithFixedDelay(agent::step, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
            try {
                awaitProgress();
                do {
                    everyFaultOnce();
                } while (System.nanoTime() - end < 0);
                calm();
            } finally {
                String name = rounds + " rounds over " + title;
                System.out.println(figures.block(name, struck, ledger.figures(), watch.daemons(), watch.servers()));
            }
        }
    }

    private void everyFaultOnce() throws Exception {
        List<Fault> bag = new ArrayList<>(List.of(Fault.values()));
        Collections.shuffle(bag, random);
        for (Fault fault : bag) {
            round(fault);
        }
    }

    private void round(Fault fault) throws Exception {
        rounds++;
        StringBuilder told = new StringBuilder("round " + rounds + ":");
        long start = System.nanoTime();
        strike(fault, told);
        if (random.nextInt(2) == 0) {
            pass(Duration.ofMillis(random.nextInt(1500)));
            strike(Fault.values()[random.nextInt(Fault.values().length)], told);
        }
        awaitProgress();
        await("processes that belong to nobody").atMost(RECOVERY).until(() -> scene.orphans().isEmpty());
        check();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("%s; well again after %.1f s%n", told, took.toMillis() / 1000.0);
        if (took.compareTo(SLOW) > 0) {
            String since = Instant.now().minus(took).toString();
            user.logged(user.home(), "Z ").stream().filter(line -> line.compareTo(since) > 0)
                    .forEach(line -> System.out.println("    " + line));
        }
    }

    private void strike(Fault fault, StringBuilder told) throws IOException, InterruptedException {
        boolean hit = fault.strike(this);
        told.append(' ').append(fault).append(hit ? "" : " (nobody there)");
        if (hit) {
            struck.merge(fault.toString(), 1, Integer::sum);
        }
    }

    /** All clients together get through as often as there are clients. */
    private void awaitProgress() {
        long before = figures.acknowledgements();
        await("acknowledged writes").atMost(RECOVERY).pollInterval(Duration.ofMillis(100))
                .until(() -> figures.acknowledgements() >= before + 2 * CLIENTS);
    }

    private void check() throws SQLException, IOException {
        Map<String, Ledger.Fate> told = ledger.snapshot();
        Map<String, Long> facts = ground.facts();
        ground.inspect();
        assertThat(figures.violations()).isEmpty();
        assertThat(Ledger.discrepancies(told, facts)).isEmpty();
    }

    /** No more clients, no more daemon: nothing may be left but the file. */
    private void calm() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(RECOVERY.toSeconds(), TimeUnit.SECONDS)).as("every call has ended").isTrue();
        agents.forEach(Agent::close);
        user.stop();
        await().atMost(RECOVERY).untilAsserted(() -> assertThat(scene.mine()).filteredOn(OsProcess::isAlive).isEmpty());
        check();
        assertThat(ledger.figures().getOrDefault(Ledger.Fate.OPEN, 0L)).as("requests without an answer").isZero();
    }

    Scene scene() {
        return scene;
    }

    void writeLarge() {
        agents.forEach(Agent::writeLarge);
    }

    boolean killShim() {
        return agents.get(random.nextInt(CLIENTS)).killShim();
    }

    boolean stopDaemon() throws IOException, InterruptedException {
        Optional<OsProcess> daemon = scene.daemon();
        if (daemon.isPresent()) {
            stops.begin();
            daemon.get().signal("STOP");
            pass(length.isPresent() ? LONG_STOP : SHORT_STOP);
            daemon.get().signal("CONT");
            stops.end();
        }
        return daemon.isPresent();
    }

    /** Time is part of the fault. */
    private static void pass(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        agents.forEach(Agent::close);
    }
}
