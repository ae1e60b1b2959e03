package dev.mpx.proxy.doctor;

import dev.mpx.framing.JsonValue;
import dev.mpx.proxy.home.BrokerFile;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.ProcessIdentity;
import dev.mpx.proxy.home.Unit;
import dev.mpx.proxy.home.Version;
import dev.mpx.proxy.shim.DaemonConnection;
import dev.mpx.proxy.shim.Discovery;
import dev.mpx.proxy.shim.SilentDaemonException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The home's daemon: whether it answers, how fast, whether it is this version, and how it says that it is. None is started. */
final class DaemonCheck implements Check {
    private static final Duration ANSWER = Duration.ofSeconds(4);
    private static final long SLOW_MS = 500;

    @Override
    public String name() {
        return "daemon";
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(12);
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException {
        Discovery discovery = patient.discovery();
        try {
            if (discovery.isElsewhere()) {
                return List.of(Finding.ok("on another machine, or where a setting says: see \"endpoint\""));
            }
        } catch (HomeException senseless) {
            return List.of(Finding.ok("a setting makes no sense: see \"settings\""));
        }
        long begun = System.nanoTime();
        Optional<DaemonConnection> running = discovery.find();
        if (running.isEmpty()) {
            return List.of(nobody(patient, discovery));
        }
        try (DaemonConnection connection = running.get()) {
            JsonValue answer = connection.ask("mpx-doctor", "mpx/status", "{\"format\":\"json\"}", ANSWER);
            return about(patient, answer, (System.nanoTime() - begun) / 1_000_000);
        } catch (SilentDaemonException silent) {
            return List.of(hangs(patient, discovery, "takes connections and has not answered for " + ANSWER.toSeconds() + " s"));
        }
    }

    private static Finding nobody(Patient patient, Discovery discovery) {
        Optional<ProcessIdentity> living = patient.broker().flatMap(BrokerFile::livingDaemon);
        if (living.isPresent()) {
            return hangs(patient, discovery, "takes no connections (process " + living.get().pid() + "), since it leaves or hangs");
        }
        if (HomeLock.isHeld(patient.home())) {
            return Finding.warn("one is just starting or leaving: it holds " + patient.home().brokerLock()
                    + " and does not say where it listens",
                    "If it stays so, it hangs, and no other can take its place. Its log is " + Unit.log(patient.home()) + ".",
                    "run this again in a minute; if it is the same: " + patient.restart());
        }
        return Finding.ok("none runs; the first agent starts one");
    }

    private static Finding hangs(Patient patient, Discovery discovery, String how) {
        String pid = patient.broker().flatMap(BrokerFile::livingDaemon).map(daemon -> " (process " + daemon.pid()
                + (Processes.state(daemon.pid()) == 'T' ? ", which is stopped: kill -CONT " + daemon.pid() + " wakes it" : "") + ")")
                        .orElse("");
        return Finding.fault("it " + how + pid + " (tried " + discovery.endpoint().map(Endpoint::toString).orElse("nothing") + ")",
                "Agents wait for it and then get an error; nothing is lost. Its log is " + Unit.log(patient.home()) + ".",
                        patient.restart());
    }

    /** What its answer to {@code mpx/status} tells. */
    static List<Finding> about(Patient patient, JsonValue answer, long millis) {
        List<Finding> findings = new ArrayList<>();
        Optional<JsonValue> status = answer.at("result", "status");
        if (status.isEmpty()) {
            return List.of(Finding.fault("it gives no status: " + answer, "It is no mpx daemon, or one of another kind.",
                    patient.restart()));
        }
        Optional<String> version = status.get().at("daemon", "version").flatMap(JsonValue::text);
        long pid = status.get().at("daemon", "pid").flatMap(JsonValue::integer).orElse(0L);
        String verdict = status.get().get("verdict").flatMap(JsonValue::text).orElse("unknown");
        findings.add(Finding.ok("process " + pid + ", version " + version.orElse("unknown") + ", " + verdict + ", answers in " + millis
                + " ms"));
        if (version.isPresent() && !version.get().equals(Version.current())) {
            findings.add(Finding.warn("the daemon is mpx " + version.get() + ", this is " + Version.current(),
                    "A newer mpx takes over from an older one as soon as an agent starts it; an older one does not.", patient.restart()));
        }
        if (millis > SLOW_MS) {
            findings.add(Finding.warn("it takes " + millis + " ms to answer", "The machine is busy, or the daemon has too much to do.",
                    patient.command("status")));
        }
        boolean isWell = status.get().get("well").map(JsonValue::isTrue).orElse(verdict.equals("well"));
        if (!isWell) {
            String sentence = status.get().get("sentence").flatMap(JsonValue::text).orElse("it is " + verdict);
            Optional<String> failure = status.get().at("child", "failure").flatMap(JsonValue::text);
            String command = patient.command("status");
            findings.add(failure.isPresent()
                    ? Finding.fault("it says: " + sentence + ": " + failure.get(), "Every call fails with -32012 until it can be.",
                            status.get().get("advice").flatMap(JsonValue::text).orElse(command))
                    : Finding.warn("it says: " + sentence, "Calls may fail or wait; its status tells who and what.", command));
        }
        return findings;
    }
}
