package dev.mpx.proxy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.fixtures.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ExaminationTest {
    @TempDir
    Path user;

    private interface Look {
        List<Finding> at(Patient patient) throws IOException, InterruptedException;
    }

    private static Check check(String name, Look look) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Duration limit() {
                return Duration.ofMillis(200);
            }

            @Override
            public List<Finding> look(Patient patient) throws IOException, InterruptedException {
                return look.at(patient);
            }
        };
    }

    private Report report(Check... checks) {
        Patient patient = Patients.of(user);
        return new Report(patient, Examination.of(patient, List.of(checks)));
    }

    @Test
    void aCheckThatHangsIsAFaultAndHoldsUpNobody() {
        CountDownLatch never = new CountDownLatch(1);
        Report report = report(
                check("deaf", patient -> {
                    boolean waits = true;
                    while (waits) {
                        try {
                            never.await();
                            waits = false;
                        } catch (InterruptedException notHeard) {
                            // as one that is stuck in the kernel
                        }
                    }
                    return List.of();
                }),
                check("other", patient -> List.of(Finding.ok("fine"))));
        never.countDown();
        assertThat(report.hasFaults()).isTrue();
        assertThat(report.opinions()).extracting(Opinion::severity).containsExactly(Severity.FAULT, Severity.OK);
        assertThat(report.opinions().get(0).findings().get(0).what()).contains("hangs");
    }

    @Test
    void anEndpointIsPrintedSoThatItCanBePasted() {
        String path = Patients.of(user).environment().userHome() + "/h/broker.sock";
        String text = new ReportText(200, false).of(report(check("daemon",
                patient -> List.of(Finding.fault("tried unix:" + path, "its file is " + path, "mend it")))));
        assertThat(text).contains("tried unix:" + path, "its file is ~/h/broker.sock");
    }

    @Test
    void whatCanNotBeLookedAtIsAWarningThatSaysWhy() {
        Report report = report(check("file", patient -> {
            throw new IOException("no such thing");
        }));
        assertThat(report.hasFaults()).isFalse();
        assertThat(report.opinions().get(0).findings().get(0)).matches(finding -> finding.severity() == Severity.WARN)
                .extracting(Finding::what).asString().contains("no such thing");
    }

    @Test
    void whatWasMendedCountsNoMoreAndWhatCouldNotBeIsSaid() {
        Report report = report(check("two", patient -> List.of(
                Finding.fault("broken", "it matters", "mend it").fixedBy("mend it", () -> "mended it"),
                Finding.fault("stuck", "it matters", "pull").fixedBy("pull", () -> {
                    throw new IOException("too heavy");
                }))));
        report.fix();
        assertThat(report.count(Severity.FAULT)).isEqualTo(1);
        assertThat(report.notDone()).singleElement().asString().contains("pull", "too heavy");
        assertThat(new ReportText(80, false).of(report)).contains("mended two", "done: mended it", "not done: pull: too heavy");
        Json json = Json.parse(ReportJson.of(report));
        assertThat(json.at("well").isTrue()).isFalse();
        Json first = json.at("checks").elements().get(0).at("findings").elements().get(0);
        assertThat(first.at("mended").text()).isEqualTo("mended it");
        assertThat(first.at("fixable").isTrue()).isFalse();
    }

    @Test
    void nothingThatIsQuotedBreaksTheLayoutOrTheTerminal() {
        String evil = "sh -c 'a\n  b\r\u202e\u001b[2J'";
        Report report = report(check("quotes", patient -> List.of(
                Finding.warn("pid 1 (" + evil + ")", "why " + evil, "kill 1 # " + evil),
                Finding.fault("broken", "", "mend").fixedBy(evil, () -> {
                    throw new IOException(evil);
                }))));
        report.fix();

        String text = new ReportText(100, false).of(report);

        assertThat(text.lines()).hasSize(8).allMatch(line -> line.startsWith("mpx doctor: ") || line.startsWith(" "));
        assertThat(text.chars()).noneMatch(c -> c != '\n' && (Character.isISOControl(c) || c == 0x202E));
        assertThat(text).contains("pid 1 (sh -c 'a\uFFFD  b\uFFFD\uFFFD\uFFFD[2J')");
        assertThat(ReportJson.of(report)).contains("a\\n  b\\r\\u202e\\u001b[2J").doesNotContain("\u202e");
    }

    @Test
    void aReportKeepsToItsWidthAndBreaksNoCommand() {
        String command = "mpx run -- find " + "/a/very/long/path".repeat(8) + " -delete";
        Report report = report(
                check("long", patient -> List.of(Finding.warn("many words ".repeat(20).strip(), "and more of them ".repeat(20).strip(),
                        command))),
                check("well", patient -> List.of(Finding.ok("all is as it should be ".repeat(9)))));
        String text = new ReportText(60, false).of(report);
        assertThat(text.lines().filter(line -> !line.contains("> "))).allMatch(line -> line.length() <= 60, "within 60 columns");
        assertThat(text.lines()).anyMatch(line -> line.endsWith("> " + command));
        assertThat(text.lines().filter(line -> line.startsWith("  ok"))).hasSize(1);
        assertThat(text).doesNotContain("\u001b");
        assertThat(new ReportText(60, true).of(report)).contains("\u001b[33m");
    }
}
