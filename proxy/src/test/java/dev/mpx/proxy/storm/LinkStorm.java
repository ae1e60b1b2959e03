package dev.mpx.proxy.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.topology.HostAndContainer;
import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The storm with half of the clients on the host and half in a container that is another machine. What strikes is mostly the
 * way between them; each fault has its turn, in an order that comes from a seed, and after each the clients of both sides must
 * get through again and everything is checked. At the end nothing may be left of all the connections that were lost.
 *
 * <p>Properties: {@code mpx.storm.minutes}, how long new rounds are begun, with each fault of the route (default: the faults that
 * the test names, once); {@code mpx.storm.seed}; {@code mpx.storm.cut} and {@code mpx.storm.freeze}, for how many seconds the network
 * is cut (20) and the container frozen (5, by TCP 20: longer than the keepalive).
 */
final class LinkStorm implements AutoCloseable {
    private static final int CLIENTS_OF_A_SIDE = 4;
    private static final long PAUSE_MILLIS = 40;
    private static final Duration REQUEST = Duration.ofSeconds(2);
    private static final Duration TOTAL = Duration.ofSeconds(8);
    /** In which a peer that is gone is noticed. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(15);
    private static final Duration SLACK = Duration.ofSeconds(3);
    /** A server that is started anew, and all that wait for it. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);
    private static final Duration CUT = Duration.ofSeconds(Long.getLong("mpx.storm.cut", 20));
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** The clients of one side, and what is counted there. */
    private static final class Side {
        final List<Agent> agents = new ArrayList<>();
        final Figures figures = new Figures();
        final Stops stops = new Stops();
    }

    private final HostAndContainer sides;
    private final LinkRoute route;
    private final Set<LinkFault> faults;
    private final Duration freeze;
    private final DemoGround ground;
    private final Scene scene;
    private final Random random;
    private final String title;
    private final Optional<Duration> length = Optional.ofNullable(Integer.getInteger("mpx.storm.minutes")).map(Duration::ofMinutes);
    private final Ledger ledger = new Ledger();
    private final Side host = new Side();
    private final Side container = new Side();
    private final Map<String, Integer> struck = new TreeMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2 * CLIENTS_OF_A_SIDE);
    private Duration longestInFlight = Duration.ZERO;
    private int rounds;

    /** @param faults what strikes; all that the route knows if the storm has a length */
    LinkStorm(HostAndContainer sides, LinkRoute route, Set<LinkFault> faults) throws IOException {
        this.sides = sides;
        this.route = route;
        this.freeze = Duration.ofSeconds(Long.getLong("mpx.storm.freeze", route.freeze().toSeconds()));
        this.faults = length.isPresent() ? route.faults() : faults;
        this.ground = DemoGround.ofUser(sides.host().directory());
        this.scene = new Scene(sides.host(), ground);
        long seed = Long.getLong("mpx.storm.seed", new Random().nextInt(100_000));
        this.random = new Random(seed);
        this.title = "host and container by " + route + ", seed " + seed;
        route.prepare(sides);
        sides.settings("[timeouts]\nrequest = \"" + REQUEST.toSeconds() + "s\"\nmax = \"" + REQUEST.toSeconds() + "s\"\ntotal = \""
                + TOTAL.toSeconds() + "s\"\ngrace = \"1s\"\n[daemon]\ndrain = \"1s\"\n");
        Duration served = TOTAL.plus(REQUEST).plus(SLACK);
        for (int i = 1; i <= CLIENTS_OF_A_SIDE; i++) {
            host.agents.add(new Agent("host-" + i, sides::hostAgent, served, ledger, host.figures, host.stops).patient());
            container.agents.add(new Agent("container-" + i, sides::containerAgent, served.plus(KEEPALIVE), ledger, container.figures,
                    container.stops).patient());
        }
    }

    /** Runs it; fails when a rule is broken. */
    public void rage() throws Exception {
        sides.sshd().start();
        sides.onHost("ensure"); // who comes before the host has ever had a daemon does not find it, and need not
        long end = System.nanoTime() + length.orElse(Duration.ZERO).toNanos();
        System.out.println("storm over " + title + " begins");
        try (WriterWatch watch = new WriterWatch(scene, host.figures)) {
            for (Side side : List.of(host, container)) {
                side.agents.forEach(agent -> threads.scheduleWithFixedDelay(agent::step, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS));
            }
            try {
                awaitProgress(host, container);
                Held before = Held.by(CLIENTS_OF_A_SIDE, sides, route, scene);
                do {
                    everyFaultOnce(LinkFault.OF_THE_ENDS);
                    everyFaultOnce(LinkFault.OF_THE_WAY); // the last, so that what is left open by them is not ended by the others
                    before.holdsStill(sides, route, scene);
                } while (System.nanoTime() - end < 0);
                calm();
            } finally {
                String name = rounds + " rounds over " + title;
                System.out.println(host.figures.block("host: " + name, struck, ledger.figures(), watch.daemons(), watch.servers()));
                System.out.println(container.figures.block("container: " + name, struck, ledger.figures(), watch.daemons(), watch.servers()));
                if (struck.containsKey(LinkFault.NETWORK_CUT.toString())) {
                    System.out.printf("in flight when the network was cut: the last was answered after %.1f s%n", longestInFlight.toMillis() / 1000.0);
                }
            }
        }
    }

    private void everyFaultOnce(Set<LinkFault> kind) throws Exception {
        List<LinkFault> bag = new ArrayList<>(kind);
        bag.retainAll(faults);
        Collections.shuffle(bag, random);
        for (LinkFault fault : bag) {
            rounds++;
            long start = System.nanoTime();
            strike(fault);
            struck.merge(fault.toString(), 1, Integer::sum);
            awaitProgress(host, container);
            await("processes that belong to nobody").atMost(RECOVERY).until(() -> scene.orphans().isEmpty());
            check();
            System.out.printf("round %d: %s; well again after %.1f s%n", rounds, fault, (System.nanoTime() - start) / 1e9);
        }
    }

    private void strike(LinkFault fault) throws Exception {
        switch (fault) {
            case NETWORK_CUT -> cutNetwork();
            case SSHD_KILL -> {
                sides.sshd().stop();
                pass(MOMENT);
                sides.sshd().start();
            }
            case CONNECTION_KILL -> sides.sshd().cutConnections();
            case CONTAINER_FREEZE -> {
                container.stops.begin();
                sides.container().freeze();
                awaitProgress(host);
                pass(freeze);
                sides.container().thaw();
                container.stops.end();
            }
            case CARRIER_KILL -> {
                assertThat(route.carriers(sides)).hasSize(1);
                route.carriers(sides).forEach(OsProcess::kill);
            }
            case CARRIER_TERM -> {
                for (OsProcess carrier : route.carriers(sides)) {
                    carrier.signal("TERM");
                }
            }
            case DAEMON_KILL -> scene.daemon().ifPresent(OsProcess::kill);
            case CHILD_KILL -> scene.server().ifPresent(OsProcess::kill);
        }
    }

    /** What was in flight is answered while the network is still down; meanwhile the host goes on. */
    private void cutNetwork() throws Exception {
        long begun = System.nanoTime();
        container.stops.begin();
        sides.container().cutNetwork();
        pass(MOMENT);
        Set<String> inFlight = open();
        assertThat(inFlight).as("writes of the container's clients in flight").isNotEmpty();
        awaitProgress(host);
        await("an answer to each of " + inFlight).atMost(KEEPALIVE.plus(SLACK).minus(since(begun))).pollInterval(Duration.ofMillis(20))
                .until(() -> Collections.disjoint(open(), inFlight));
        longestInFlight = Collections.max(List.of(longestInFlight, since(begun)));
        Map<String, Ledger.Fate> told = ledger.snapshot();
        assertThat(inFlight).allSatisfy(fact -> assertThat(told.get(fact)).isIn(Ledger.Fate.UNKNOWN, Ledger.Fate.ACKNOWLEDGED));
        pass(CUT.minus(since(begun)));
        awaitProgress(host);
        sides.container().mendNetwork();
        container.stops.end();
    }

    private Set<String> open() {
        return ledger.snapshot().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("container-") && entry.getValue() == Ledger.Fate.OPEN)
                .map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Every client of these sides gets through, twice. */
    private static void awaitProgress(Side... all) {
        Map<Agent, Integer> before = Stream.of(all).flatMap(side -> side.agents.stream())
                .collect(Collectors.toMap(agent -> agent, Agent::acknowledgements));
        await("acknowledged writes").atMost(RECOVERY).pollInterval(Duration.ofMillis(100)).until(() -> before.entrySet().stream()
                .allMatch(agent -> agent.getKey().acknowledgements() >= agent.getValue() + 2));
    }

    private void check() throws SQLException, IOException {
        Map<String, Ledger.Fate> told = ledger.snapshot();
        Map<String, Long> facts = ground.facts();
        ground.inspect();
        assertThat(host.figures.violations()).as("on the host").isEmpty();
        assertThat(container.figures.violations()).as("in the container").isEmpty();
        assertThat(Ledger.discrepancies(told, facts)).isEmpty();
    }

    /** No more clients, nobody who carries them, no more daemon: nothing may be left on either side but the file. */
    private void calm() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(RECOVERY.toSeconds(), TimeUnit.SECONDS)).as("every call has ended").isTrue();
        container.agents.forEach(Agent::close);
        await("the host's sessions of clients that are gone").atMost(RECOVERY).until(() -> sides.guests().isEmpty());
        host.agents.forEach(Agent::close);
        route.end(sides);
        await("connections to the sshd, and what ran by them").atMost(RECOVERY).until(() -> sides.sshd().everything().isEmpty());
        await("processes in the container").atMost(RECOVERY).until(() -> sides.container().processes().isEmpty());
        assertThat(sides.onHost("stop").status()).isZero();
        await("processes on the host").atMost(RECOVERY)
                .untilAsserted(() -> assertThat(scene.mine()).filteredOn(OsProcess::isAlive).filteredOn(one -> !sides.isSshd(one)).isEmpty());
        check();
        assertThat(ledger.figures().getOrDefault(Ledger.Fate.OPEN, 0L)).as("requests without an answer").isZero();
    }

    /** Time is part of the fault. */
    private static void pass(Duration time) throws InterruptedException {
        new CountDownLatch(1).await(Math.max(0, time.toMillis()), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        host.agents.forEach(Agent::close);
        container.agents.forEach(Agent::close);
    }
}
