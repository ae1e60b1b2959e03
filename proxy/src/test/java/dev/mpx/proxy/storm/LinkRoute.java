package dev.mpx.proxy.storm;

import static dev.mpx.proxy.storm.LinkFault.CARRIER_KILL;
import static dev.mpx.proxy.storm.LinkFault.CHILD_KILL;
import static dev.mpx.proxy.storm.LinkFault.CONTAINER_FREEZE;
import static dev.mpx.proxy.storm.LinkFault.DAEMON_KILL;
import static dev.mpx.proxy.storm.LinkFault.NETWORK_CUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.topology.HostAndContainer;
import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** By which way the container's sessions reach the host, and what of it is there when nobody has a session any more. */
enum LinkRoute {
    /** The relay on Java. */
    RELAY(EnumSet.allOf(LinkFault.class), EnumSet.allOf(LinkFault.class), 1, Duration.ofSeconds(5)) {
        @Override
        void prepare(HostAndContainer sides) throws IOException {
            sides.advertise();
        }

        @Override
        List<OsProcess> carriers(HostAndContainer sides) {
            return sides.daemonsInside();
        }

        @Override
        void end(HostAndContainer sides) throws Exception {
            assertThat(sides.inContainer("stop").status()).isZero();
        }
    },

    /** The native program by the user's ssh, all sessions over one connection. */
    OPENSSH(EnumSet.allOf(LinkFault.class), EnumSet.of(NETWORK_CUT, CARRIER_KILL), 1, Duration.ofSeconds(5)) {
        @Override
        void prepare(HostAndContainer sides) throws IOException {
            sides.inside().set("MPX_SSH", "openssh");
            sides.advertise();
        }

        @Override
        List<OsProcess> carriers(HostAndContainer sides) {
            return sides.inside().processes().filter(LinkRoute::isMaster).toList();
        }

        /** The shared connection stays for a while without a session; what sessions had of their own does not. */
        @Override
        void end(HostAndContainer sides) throws Exception {
            await("processes in the container but the shared connection").atMost(PATIENCE).untilAsserted(() -> assertThat(
                    sides.container().processes().stream().map(one -> new OsProcess(one.pid())).filter(OsProcess::isAlive))
                    .allMatch(LinkRoute::isMaster).hasSizeLessThanOrEqualTo(1));
            await("what ran by the sshd for sessions").atMost(PATIENCE).untilAsserted(() ->
                    assertThat(sides.sshd().everything()).hasSameSizeAs(sides.sshd().connections()).hasSizeLessThanOrEqualTo(1));
            for (OsProcess master : carriers(sides)) {
                master.signal("TERM");
            }
        }
    },

    /** No SSH: the daemon's own port, its token in the home that both sides see. */
    TCP(EnumSet.of(NETWORK_CUT, CONTAINER_FREEZE, DAEMON_KILL, CHILD_KILL), EnumSet.of(NETWORK_CUT, CONTAINER_FREEZE, DAEMON_KILL), 0, Duration.ofSeconds(20)) {
        @Override
        void prepare(HostAndContainer sides) throws IOException {
            String address = sides.container().hostAddress();
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(address))) {
                port = free.getLocalPort();
            }
            sides.settings("[tcp]\nport = " + port + "\nbind = \"" + address + "\"\n[guest]\nendpoints = [\"tcp://" + address + ":" + port + "\"]\n");
        }

        @Override
        List<OsProcess> carriers(HostAndContainer sides) {
            return List.of();
        }

        @Override
        void end(HostAndContainer sides) {
            // nobody stands between
        }
    };

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Set<LinkFault> faults;
    private final Set<LinkFault> few;
    private final int connections;
    private final Duration freeze;

    LinkRoute(Set<LinkFault> faults, Set<LinkFault> few, int connections, Duration freeze) {
        this.faults = faults;
        this.few = few;
        this.connections = connections;
        this.freeze = freeze;
    }

    /** Settings on both sides, before anything runs. */
    abstract void prepare(HostAndContainer sides) throws IOException;

    /** Who in the container carries all of its sessions. */
    abstract List<OsProcess> carriers(HostAndContainer sides);

    /** Sees that nothing is left of the sessions, when all have ended, and ends what stays without one. */
    abstract void end(HostAndContainer sides) throws Exception;

    /** What can happen to it. */
    Set<LinkFault> faults() {
        return faults;
    }

    /** Some of that, for a run that must be short. */
    Set<LinkFault> few() {
        return few;
    }

    /** How many processes of the sshd stand for all sessions together. */
    int connections() {
        return connections;
    }

    /** For how long the container stands still, where a run says nothing else: by one of the ways for longer than the keepalive. */
    Duration freeze() {
        return freeze;
    }

    private static boolean isMaster(OsProcess process) {
        return process.commandLine().contains("ControlMaster=yes");
    }
}
