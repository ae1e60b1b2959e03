package dev.mpx.proxy.doctor;

import dev.mpx.proxy.home.Unit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The service that keeps the daemon, where one is installed: whether it runs, and does not start again and again. */
final class ServiceCheck implements Check {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final int MANY = 3;

    @Override
    public String name() {
        return "service";
    }

    @Override
    public List<Finding> look(Patient patient) throws IOException, InterruptedException {
        Optional<Unit> recorded = Unit.of(patient.home());
        Optional<Path> systemctl = Program.find("systemctl", patient.environment().get("PATH").orElse("/usr/bin:/bin"));
        if (systemctl.isEmpty()) {
            return List.of(Finding.ok(recorded.map(unit -> unit.name() + " keeps the daemon")
                    .orElse("none is needed, and none is looked for without systemctl")));
        }
        List<Finding> findings = new ArrayList<>();
        int units = 0;
        String what = recorded.map(Unit::name).filter(name -> name.endsWith(".service")).orElse("mpx*.service");
        for (Map<String, String> unit : units(systemctl.get(), what)) {
            if (unit.getOrDefault("LoadState", "").equals("loaded")) {
                units++;
                judge(unit, findings);
            }
        }
        findings.add(0, Finding.ok(units == 0 ? "none is installed, and none is needed" : units + " installed (" + what + ")"));
        return findings;
    }

    private static List<Map<String, String>> units(Path systemctl, String pattern) throws IOException, InterruptedException {
        Program run = Program.run(List.of(systemctl.toString(), "--user", "show", pattern,
                "--property=Id,LoadState,ActiveState,SubState,Result,NRestarts"),
                Map.of(), LIMIT);
        List<Map<String, String>> units = new ArrayList<>();
        Map<String, String> unit = new LinkedHashMap<>();
        for (String line : (run.isWell() ? run.stdout() + "\n\n" : "").split("\n", -1)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                unit.put(line.substring(0, equals), line.substring(equals + 1));
            } else if (!unit.isEmpty()) {
                units.add(unit);
                unit = new LinkedHashMap<>();
            }
        }
        return units;
    }

    private static void judge(Map<String, String> unit, List<Finding> findings) {
        String name = unit.getOrDefault("Id", "the unit");
        String state = unit.getOrDefault("ActiveState", "");
        String log = "journalctl --user -u " + name + " -n 50   # then: systemctl --user restart " + name;
        int restarts = number(unit.getOrDefault("NRestarts", "0"));
        if (state.equals("failed")) {
            findings.add(Finding.fault(name + " has failed (" + unit.getOrDefault("Result", "unknown") + ")",
                    "The daemon is not kept. An agent starts one of its own meanwhile, which leaves when nobody needs it.", log));
        } else if (restarts >= MANY) {
            findings.add(Finding.warn(name + " was started again " + restarts + " times",
                    "Something ends the daemon, or keeps it from starting.", log));
        } else if (!state.equals("active") && !state.equals("activating")) {
            findings.add(Finding.note(name + " is installed and " + state, "An agent starts a daemon of its own then."));
        }
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException none) {
            return 0;
        }
    }
}
