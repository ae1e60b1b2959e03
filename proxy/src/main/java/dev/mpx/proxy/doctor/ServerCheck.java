package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.ServerCommand;
import dev.mpx.proxy.home.ShellWords;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The server that is shared: whether it is there, and, if it is a palace's, whether its version has known faults. It is not started. */
final class ServerCheck implements Check {
    @Override
    public String name() {
        return "server";
    }

    @Override
    public Duration limit() {
        return Duration.ofSeconds(8);
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException, InterruptedException {
        if (patient.server().isEmpty()) {
            return patient.discovery().isElsewhere()
                    ? List.of(Finding.ok("it runs where the daemon runs, not here"))
                    : List.of(Finding.fault(patient.noServer().orElse("there is none"), "Without it the daemon has nothing to share.",
                            "pip install mempalace, or name the server: mpx -- COMMAND ARGS…"));
        }
        ServerCommand server = patient.server().get();
        Path program = server.program(patient.environment());
        Optional<String> missing = server.missing(patient.environment());
        if (missing.isPresent()) {
            return patient.discovery().isElsewhere()
                    ? List.of(Finding.ok("it runs where the daemon runs, not here"))
                    : List.of(Finding.fault(missing.get(),
                            "The daemon can't start its server: calls fail with -32012.",
                                    "install it again, or name another: mpx -- COMMAND ARGS…"));
        }
        return server.palace().isPresent() ? palace(program, server) : List.of(Finding.ok(ShellWords.join(server.argv())));
    }

    private static List<Finding> palace(Path program, ServerCommand server) throws IOException, InterruptedException {
        Path runs = program.getFileName().toString().equals("env") ? Path.of(server.argv().get(server.argv().size() - 1)) : program;
        Optional<String> version = runs.isAbsolute() ? PalaceRelease.of(runs) : Optional.empty();
        Optional<ReleaseNumber> number = version.flatMap(ReleaseNumber::of);
        if (number.isEmpty()) {
            return List.of(Finding.ok("a palace server of unknown version, " + program));
        }
        List<Finding> findings = new ArrayList<>(List.of(Finding.ok("MemPalace " + version.get() + ", " + program)));
        List<KnownFault> known = KnownFault.all().stream().filter(fault -> fault.isIn(number.get())).toList();
        known.stream().filter(fault -> fault.severity() == Severity.FAULT)
                .forEach(fault -> findings.add(finding(number.get(), List.of(fault))));
        for (Severity severity : List.of(Severity.WARN, Severity.NOTE)) {
            List<KnownFault> such = known.stream().filter(fault -> fault.severity() == severity).toList();
            if (!such.isEmpty()) {
                findings.add(finding(number.get(), such));
            }
        }
        return findings;
    }

    /** One for all of them, which have one severity. */
    private static Finding finding(ReleaseNumber version, List<KnownFault> faults) {
        String what = "MemPalace " + version + ": " + faults.stream().map(KnownFault::what).collect(Collectors.joining("; "));
        String why = faults.stream().map(fault -> fault.why() + " (" + fault.source() + ")").collect(Collectors.joining(" "));
        Finding finding = new Finding(faults.get(0).severity(), what, why, Optional.empty(), Optional.empty());
        return faults.stream().flatMap(fault -> fault.before().stream()).max(Comparator.naturalOrder())
                .map(mended -> finding.curedBy("pip install -U 'mempalace>=" + mended + "', then: mpx restart")).orElse(finding);
    }
}
