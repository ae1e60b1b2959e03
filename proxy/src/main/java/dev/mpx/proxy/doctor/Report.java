package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an examination has come to, and what was done about it. Not thread-safe. */
public final class Report {
    private final Patient patient;
    private final List<Opinion> opinions;
    /** What became of the fixes that were taken, by finding. */
    private final Map<Finding, String> done = new LinkedHashMap<>();
    private final List<String> notDone = new ArrayList<>();

    Report(Patient patient, List<Opinion> opinions) {
        this.patient = patient;
        this.opinions = List.copyOf(opinions);
    }

    Patient patient() {
        return patient;
    }

    List<Opinion> opinions() {
        return opinions;
    }

    /** What was done about it, if anything. */
    Optional<String> done(Finding finding) {
        return Optional.ofNullable(done.get(finding));
    }

    /** Whether there is a fault that was not mended. */
    public boolean hasFaults() {
        return count(Severity.FAULT) > 0;
    }

    /** How many there are of it that were not mended. */
    int count(Severity severity) {
        return (int) findings().stream().filter(finding -> finding.severity() == severity && !done.containsKey(finding)).count();
    }

    /** Takes all fixes there are. Blocks. */
    public void fix() {
        for (Finding finding : findings()) {
            if (finding.fix().isPresent()) {
                try {
                    done.put(finding, finding.fix().get().step().take());
                } catch (IOException | RuntimeException failed) {
                    // it stays what it was
                    notDone.add("not done: " + finding.fix().get().promise() + ": " + failed.getMessage());
                }
            }
        }
    }

    /** Which fixes could not be taken, and why: sentences. */
    List<String> notDone() {
        return notDone;
    }

    private List<Finding> findings() {
        return opinions.stream().flatMap(opinion -> opinion.findings().stream()).toList();
    }

    /** How many of the findings that are left {@link #fix} could mend. */
    int fixable() {
        return (int) findings().stream().filter(finding -> finding.fix().isPresent() && !done.containsKey(finding)).count();
    }

    /** One line: whether it is well. */
    String verdict() {
        int faults = count(Severity.FAULT);
        int warnings = count(Severity.WARN);
        String found = faults + warnings == 0 ? "all is well" : plural(faults, "fault") + (faults > 0 && warnings > 0 ? ", " : "")
                + plural(warnings, "warning");
        return "mpx doctor: " + found + " (" + patient.home().directory() + ")" + (done.isEmpty() ? "" : ", " + done.size() + " mended");
    }

    private static String plural(int count, String what) {
        return count == 0 ? "" : count + " " + what + (count == 1 ? "" : "s");
    }
}
