package dev.mpx.proxy.doctor;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.daemon.WantedPort;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.status.TakenPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The TCP ports that settings name, for guests and for metrics: whether the daemon has them, or, where none runs or settings are
 * younger than it, whether it could have them.
 */
final class PortsCheck implements Check {
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final String WHY = "The daemon serves without it: who asks there meets somebody else.";

    @Override
    public String name() {
        return "ports";
    }

    @Override
    public List<Finding> look(Patient patient) {
        List<WantedPort> wanted;
        try {
            if (patient.discovery().isElsewhere()) {
                return List.of(Finding.ok("the daemon's own machine has them"));
            }
            wanted = WantedPort.of(patient.home(), patient.environment());
        } catch (HomeException senseless) {
            return List.of(Finding.ok("a setting makes no sense: see \"settings\""));
        }
        Set<String> missing = new LinkedHashSet<>();
        List<Finding> findings = new ArrayList<>();
        for (JsonValue taken : missedByDaemon(patient.discovery())) {
            missing.add(text(taken, "address"));
            findings.add(Finding.warn(text(taken, "sentence"), WHY, text(taken, "advice") + "; then: " + patient.restart()));
        }
        OptionalLong daemon = patient.broker().flatMap(BrokerFile::livingDaemon).map(living -> OptionalLong.of(living.pid()))
                .orElse(OptionalLong.empty());
        for (WantedPort port : wanted) {
            Optional<TakenPort> taken = port.takenByOther(daemon).filter(one -> !missing.contains(one.address()));
            taken.ifPresent(one -> findings.add(Finding.warn(one.sentence(), WHY,
                    one.cure() + (daemon.isPresent() ? "; then: " + patient.restart() : ""))));
        }
        findings.add(0, Finding.ok(wanted.isEmpty() ? "none are set" : String.join(", ", wanted.stream().map(WantedPort::text).toList())));
        return findings;
    }

    /** What a daemon that answers says of it; nothing, if none does: see {@link DaemonCheck}. */
    private static List<JsonValue> missedByDaemon(Discovery discovery) {
        try {
            Optional<DaemonConnection> running = discovery.find();
            if (running.isEmpty()) {
                return List.of();
            }
            try (DaemonConnection connection = running.get()) {
                return connection.ask("mpx-doctor", "mpx/status", "{\"format\":\"json\"}", ANSWER)
                        .at("result", "status", "daemon", "portsTaken").map(JsonValue::elements).orElse(List.of());
            }
        } catch (IOException silent) {
            return List.of();
        }
    }

    private static String text(JsonValue taken, String name) {
        return taken.get(name).flatMap(JsonValue::text).orElse("");
    }
}
