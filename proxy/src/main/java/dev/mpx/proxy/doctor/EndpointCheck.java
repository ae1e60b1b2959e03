package dev.mpx.proxy.doctor;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.SilentDaemonException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A daemon that is somewhere else, end to end: name, connection, greeting, status. By SSH the host's daemon is started if need be, as for
 * any agent from here; that is what {@code mpx ensure} does.
 */
final class EndpointCheck implements Check {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration ENSURE = Duration.ofSeconds(35);
    private static final Duration STATUS = Duration.ofSeconds(12);

    @Override
    public String name() {
        return "endpoint";
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(70);
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException, InterruptedException {
        Optional<Endpoint> endpoint;
        Discovery discovery = patient.discovery();
        try {
            endpoint = discovery.isElsewhere() ? discovery.endpoint() : Optional.empty();
        } catch (HomeException senseless) {
            return List.of(Finding.fault(senseless.getMessage(), "Agents get an error instead of a session.",
                    "correct or remove that setting"));
        }
        if (endpoint.isEmpty()) {
            return List.of(Finding.ok("none is set; the daemon is on this machine"
                    + advertised(patient)));
        }
        if (endpoint.get() instanceof Endpoint.Ssh ssh) {
            return ssh(patient, ssh);
        }
        if (endpoint.get() instanceof Endpoint.Tcp tcp) {
            Optional<Finding> unknown = resolve(tcp.host());
            if (unknown.isPresent()) {
                return List.of(unknown.get());
            }
        }
        return direct(discovery, endpoint.get());
    }

    /** Where guests from other machines come in. */
    private static String advertised(Patient patient) {
        List<String> far = patient.broker().map(broker -> broker.guests().stream().filter(guest -> !guest.startsWith("unix:")).toList())
                .orElse(List.of());
        return far.isEmpty() ? "" : ", others reach it at " + String.join(", ", far);
    }

    private static List<Finding> direct(Discovery discovery, Endpoint endpoint) {
        long begun = System.nanoTime();
        String where = "start it there (\"mpx ensure\"), or correct the endpoint in MEMPALACE_BROKER or ~/.config/mpx/mpx.toml";
        try {
            Optional<DaemonConnection> connection = discovery.find();
            if (connection.isEmpty()) {
                return List.of(Finding.fault(discovery.trouble().orElse("nobody answers at " + endpoint),
                        "Every agent here gets an error.", where));
            }
            try (DaemonConnection daemon = connection.get()) {
                JsonValue answer = daemon.ask("mpx-doctor", "mpx/status", "{\"format\":\"json\"}", ANSWER);
                Optional<JsonValue> status = answer.at("result", "status");
                String verdict = status.flatMap(one -> one.get("verdict")).flatMap(JsonValue::text).orElse("it gives no status");
                return List.of(Finding.ok(endpoint + ", " + verdict + ", answers in " + (System.nanoTime() - begun) / 1_000_000 + " ms"));
            }
        } catch (SilentDaemonException silent) {
            return List.of(Finding.fault(endpoint + " takes connections and does not answer",
                    "The daemon there hangs, or another program has that port.",
                    "\"mpx restart\" where it lives"));
        } catch (IOException hungUp) {
            return List.of(Finding.fault(endpoint + " hangs up"
                    + (endpoint instanceof Endpoint.Tcp ? ": the token is not its own, or it is just leaving" : ""),
                    "A daemon takes no client by TCP that does not show its token.",
                    endpoint instanceof Endpoint.Tcp ? "copy \"token\" from the broker.json of the daemon's home into"
                            + " ~/.config/mpx/mpx.toml here" : where));
        } catch (HomeException noToken) {
            return List.of(Finding.fault(noToken.getMessage(), "Every agent here gets an error.", where));
        }
    }

    private static Optional<Finding> resolve(String host) {
        try {
            InetAddress.getByName(host);
            return Optional.empty();
        } catch (UnknownHostException unknown) {
            return Optional.of(Finding.fault("no address is known for " + host, "Every agent here gets an error.",
                    "correct the endpoint, or the name: getent hosts " + host));
        }
    }

    private static List<Finding> ssh(Patient patient, Endpoint.Ssh endpoint) throws IOException, InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Optional<String> launcher = Installation.launcher().map(Object::toString);
        if (launcher.isEmpty()) {
            findings.add(Finding.note("the way itself was not tried: mpx does not know its launcher", "Start it as \"mpx\"."));
            SshSteps.of(patient.environment(), endpoint).look(findings);
            return findings;
        }
        Map<String, String> variables = Map.of("MEMPALACE_BROKER", endpoint.toString());
        long begun = System.nanoTime();
        Program ensure = Program.run(List.of(launcher.get(), "ensure"), variables, ENSURE);
        if (!ensure.isWell()) {
            findings.add(Finding.fault("no session gets to " + endpoint + ": " + ensure.complaint().replaceFirst("^mpx: ", ""),
                    "Every agent here gets this error.", "mpx ensure --endpoint " + endpoint + "   # when that is mended"));
            // only now: what is missing by itself may be had in another way
            SshSteps.of(patient.environment(), endpoint).look(findings);
            return findings;
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        Program status = Program.run(List.of(launcher.get(), "status"), variables, STATUS);
        String verdict = status.stdout().lines().findFirst().orElse(status.complaint());
        findings.add(Finding.ok(endpoint + ", a session gets there in " + millis + " ms; there: " + verdict));
        if (!status.isWell()) {
            findings.add(Finding.warn("the daemon there: " + verdict, "Calls may fail or wait.", "mpx status --endpoint " + endpoint));
        }
        return findings;
    }
}
