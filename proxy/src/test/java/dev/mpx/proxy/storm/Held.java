package dev.mpx.proxy.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mpx.proxy.topology.HostAndContainer;
import dev.mpx.proxy.whole.OsProcess;
import java.io.IOException;
import java.time.Duration;

/**
 * What the sessions of the container keep open between them and the host's daemon, all together.
 *
 * @param carrier descriptors of who carries the container's sessions, if somebody does
 * @param daemon descriptors of the host's daemon
 * @param connections processes of sshd, and what runs by them
 * @param sessions of the container's shims, on the host
 */
record Held(long carrier, long daemon, long connections, long sessions) {
    /** A packet that is sent again and again after a cut may come as late as this. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Held now(HostAndContainer sides, LinkRoute route, Scene scene) throws IOException, InterruptedException {
        long carrier = 0;
        for (OsProcess one : route.carriers(sides)) {
            carrier += HostAndContainer.descriptors(one);
        }
        long daemon = 0;
        for (OsProcess one : scene.daemons()) {
            daemon += HostAndContainer.descriptors(one);
        }
        return new Held(carrier, daemon, sides.sshd().everything().size(), sides.guests().size());
    }

    /** What is held when each side has that many sessions. */
    static Held by(int clients, HostAndContainer sides, LinkRoute route, Scene scene) throws IOException, InterruptedException {
        await("sessions").atMost(PATIENCE).until(() -> sides.guests().size() == clients && sides.sessions().size() >= 2 * clients);
        return now(sides, route, scene);
    }

    /** Fails if more is held now, with the same number of clients. */
    void holdsStill(HostAndContainer sides, LinkRoute route, Scene scene) {
        await("what is held, in the end").atMost(PATIENCE).untilAsserted(() -> {
            Held now = now(sides, route, scene);
            assertThat(now.carrier).as("descriptors of who carries the sessions").isLessThanOrEqualTo(carrier);
            assertThat(now.daemon).as("descriptors of the daemon").isLessThanOrEqualTo(daemon);
            assertThat(now.connections).as("processes of sshd").isEqualTo(route.connections());
            assertThat(now.sessions).as("sessions of the container").isLessThanOrEqualTo(sessions);
        });
    }
}
