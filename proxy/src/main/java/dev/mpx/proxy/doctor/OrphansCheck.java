package dev.mpx.proxy.doctor;

import dev.mpx.proxy.daemon.OrphanSearch;
import dev.mpx.proxy.status.OrphanView;
import java.util.ArrayList;
import java.util.List;

/** Mines of this palace that run beside mpx. */
final class OrphansCheck implements Check {
    @Override
    public String name() {
        return "orphans";
    }

    @Override
    public List<Finding> look(Patient patient) {
        List<Finding> findings = new ArrayList<>(List.of(Finding.ok("no mine of this palace runs beside mpx")));
        for (OrphanView orphan : new OrphanSearch(patient.home(), patient.palace()).find()) {
            findings.add(Finding.warn("a mine runs beside mpx: pid " + orphan.pid() + ", for " + age(orphan.age().toSeconds()) + ": "
                            + Processes.shortened(orphan.command()),
                    "It writes to the palace while the server does. Either the index breaks, or one of them is kept out for as long as"
                            + " the other lives.",
                    patient.command("run --reap") + "   # those older than 30 min; run mines by \"mpx run -- mempalace mine …\""));
        }
        return findings;
    }

    static String age(long seconds) {
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
