package dev.mpx.proxy.doctor;

import java.util.Comparator;
import java.util.List;

/**
 * What one check has come to.
 *
 * @param check its name
 * @param findings never empty
 */
record Opinion(String check, List<Finding> findings) {
    Opinion {
        findings = List.copyOf(findings);
    }

    /** That of its worst finding. */
    Severity severity() {
        return findings.stream().map(Finding::severity).max(Comparator.naturalOrder()).orElse(Severity.OK);
    }
}
