package dev.mpx.proxy.doctor;

import dev.mpx.proxy.daemon.SettingsReview;
import dev.mpx.proxy.home.Endpoint;
import dev.mpx.proxy.home.HomeException;
import dev.mpx.proxy.home.MachineSettings;
import dev.mpx.proxy.home.Ownership;
import dev.mpx.proxy.home.SshWay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files {@code mpx.toml}: whether they can be read, say what can be meant, and nothing that nobody reads. */
final class SettingsCheck implements Check {
    @Override
    public String name() {
        return "settings";
    }

    @Override
    public List<Finding> look(Patient patient) {
        List<Path> files = SettingsReview.files(patient.home(), patient.environment());
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(files.isEmpty() ? "none, and none are needed"
                : String.join(", ", files.stream().map(Path::toString).toList())));
        for (String problem : SettingsReview.problems(patient.home(), patient.environment())) {
            findings.add(Finding.fault(withoutDot(problem), "The daemon does not start with it.", "correct what stands there, then: "
                    + patient.restart()));
        }
        for (String key : SettingsReview.unread(patient.home(), patient.environment())) {
            findings.add(Finding.warn(key + " is no setting of mpx", "It has no effect. Perhaps it is misspelt, or of another version.",
                    "see docs/settings.md for the names that there are"));
        }
        lookAtMachine(patient, findings);
        return findings;
    }

    /** What shims read by themselves. */
    private static void lookAtMachine(Patient patient, List<Finding> findings) {
        List<Runnable> readings = List.of(
                () -> new MachineSettings(patient.environment()).endpoint().ifPresent(Endpoint::parse),
                () -> patient.environment().get("MEMPALACE_BROKER").ifPresent(Endpoint::parse),
                () -> Ownership.isAllowed(patient.environment()),
                () -> SshWay.chosen(patient.environment()));
        for (Runnable reading : readings) {
            try {
                reading.run();
            } catch (HomeException senseless) {
                findings.add(Finding.fault(withoutDot(senseless.getMessage()), "Agents get an error instead of a session.",
                        "correct or remove that setting"));
            }
        }
    }

    private static String withoutDot(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
