package dev.mpx.proxy.cli;

import dev.mpx.proxy.doctor.Examination;
import dev.mpx.proxy.doctor.Patient;
import dev.mpx.proxy.doctor.Report;
import dev.mpx.proxy.doctor.ReportJson;
import dev.mpx.proxy.doctor.ReportText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mpx doctor}. Starts no server and opens no palace. */
@Command(name = "doctor", mixinStandardHelpOptions = true,
        description = "What is wrong with this installation, home or palace, why it matters, and what mends it."
                + " Exit status 0 without a fault, 1 with one.")
final class DoctorCommand implements Callable<Integer> {
    private static final int USUAL = 80;

    @Mixin
    private ServerOptions server;

    @Option(names = "--fix", description = "Mend what can be mended without risk, and say what was done.")
    private boolean fix;

    @Option(names = "--json", description = "For programs.")
    private boolean json;

    @Override
    public Integer call() {
        Patient patient = server.patient();
        Report report = Examination.of(patient);
        if (fix) {
            report.fix();
        }
        // Paths in it may hold any character, whatever the locale.
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        if (json) {
            out.println(ReportJson.of(report));
        } else {
            OutputTerminal terminal = OutputTerminal.ofProcess();
            out.print(new ReportText(terminal.isThere() ? terminal.columns() : USUAL, terminal.wantsColours()).of(report));
        }
        return report.hasFaults() ? ExitStatus.DEGRADED : ExitStatus.WELL;
    }
}
