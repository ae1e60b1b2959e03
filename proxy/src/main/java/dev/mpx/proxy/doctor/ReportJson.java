package dev.mpx.proxy.doctor;

import dev.mpx.framing.JsonText;
import dev.mpx.proxy.status.Plain;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A report for programs: docs/doctor.md says what stands in it. Stateless. */
public final class ReportJson {
    private ReportJson() {}

    /** One object, without a line break; what would do something to a terminal is escaped. */
    public static String of(Report report) {
        return Plain.json("{\"format\":1,\"well\":" + !report.hasFaults()
                + ",\"faults\":" + report.count(Severity.FAULT) + ",\"warnings\":" + report.count(Severity.WARN)
                + ",\"home\":" + quote(report.patient().home().directory().toString())
                + ",\"checks\":" + array(report.opinions().stream().map(opinion -> check(report, opinion)).toList())
                + ",\"notMended\":" + array(report.notDone().stream().map(ReportJson::quote).toList()) + "}");
    }

    private static String check(Report report, Opinion opinion) {
        return "{\"name\":" + quote(opinion.check()) + ",\"severity\":" + quote(opinion.severity().word())
                + ",\"findings\":" + array(opinion.findings().stream().map(finding -> finding(report.done(finding), finding)).toList())
                        + "}";
    }

    private static String finding(Optional<String> done, Finding finding) {
        return "{\"severity\":" + quote(finding.severity().word()) + ",\"what\":" + quote(finding.what())
                + (finding.why().isEmpty() ? "" : ",\"why\":" + quote(finding.why()))
                + finding.cure().map(cure -> ",\"cure\":" + quote(cure)).orElse("")
                + ",\"fixable\":" + (finding.fix().isPresent() && done.isEmpty())
                + done.map(deed -> ",\"mended\":" + quote(deed)).orElse("") + "}";
    }

    private static String array(List<String> elements) {
        return elements.stream().collect(Collectors.joining(",", "[", "]"));
    }

    private static String quote(String text) {
        return new String(JsonText.quote(text), StandardCharsets.UTF_8);
    }
}
