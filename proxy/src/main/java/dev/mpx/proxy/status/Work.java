package dev.mpx.proxy.status;

import dev.mpx.proxy.jobs.JobView;
import dev.mpx.proxy.mux.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is being done: calls that run and wait, jobs, and mines beside mpx. */
final class Work {
    private static final int INDENT = 10;
    private static final int MOST = 8;
    private static final int WHAT = 36;
    private static final int WHO = 24;
    private static final Duration SOON = Duration.ofSeconds(10);

    private Work() {}

    static void writeTo(Page page, DaemonView daemon, Snapshot snapshot) {
        running(page, snapshot);
        jobs(page, daemon.jobs());
        orphans(page, daemon);
    }

    private static void running(Page page, Snapshot snapshot) {
        List<Snapshot.Running> running = snapshot.running();
        page.add("running", Amounts.count(running.size(), "call") + ", " + snapshot.queued() + " waiting"
                + snapshot.longestWait().map(wait -> " (for " + Amounts.age(wait) + " at most)").orElse(""));
        Map<Long, String> names = snapshot.clients().stream().collect(Collectors.toMap(Snapshot.Client::number, SessionTable::agent));
        int shown = page.layout().all() ? running.size() : Math.min(MOST, running.size());
        Table table = new Table(new Table.Column("", WHAT, false), new Table.Column("", WHO, false), new Table.Column("", 12, false),
                new Table.Column("", 0, false));
        for (Snapshot.Running call : running.subList(0, shown)) {
            table.row(style(call), what(call), names.getOrDefault(call.session(), "a client that has left"), "for " + Amounts.age(call.age()),
                    bound(call));
        }
        table.writeTo(page, INDENT);
        if (shown < running.size()) {
            page.add(Page.below().add("and " + (running.size() - shown) + " more: mpx status --all"));
        }
    }

    private static String what(Snapshot.Running call) {
        return call.target().isEmpty() ? call.method() : call.method().equals("tools/call") ? call.target() : call.method() + " " + call.target();
    }

    private static String bound(Snapshot.Running call) {
        return call.abandoned() ? "nobody waits for it any more"
                : call.left().map(left -> Amounts.age(left) + " left").orElse("no deadline");
    }

    private static Style style(Snapshot.Running call) {
        boolean isLate = call.left().filter(left -> left.compareTo(SOON) < 0).isPresent();
        return call.abandoned() ? Style.FAINT : isLate ? Style.WARNING : Style.NONE;
    }

    private static void jobs(Page page, List<JobView> jobs) {
        String title = "jobs";
        for (JobView job : jobs) {
            Optional<Long> failed = job.status().filter(status -> status != 0);
            Style style = failed.isPresent() ? Style.WARNING : job.state().equals("ended") ? Style.FAINT : Style.NONE;
            page.add(Page.labelled(title).add(style, describe(job)));
            title = "";
        }
    }

    private static String describe(JobView job) {
        boolean hasEnded = job.state().equals("ended");
        return job.state() + (job.number() == 0 ? "" : " " + job.number()) + (hasEnded ? ", took " : ", for ") + Amounts.age(job.age())
                + (job.pid().isPresent() && !hasEnded ? ", pid " + job.pid().getAsLong() : "")
                + job.status().map(status -> ", status " + status).orElse("") + (job.joined() > 0 ? ", " + job.joined() + " joined" : "")
                + ": " + Plain.of(job.command()) + (job.directory().isEmpty() ? "" : ", in " + Plain.of(job.directory()));
    }

    private static void orphans(Page page, DaemonView daemon) {
        String title = "orphans";
        for (OrphanView orphan : daemon.orphans()) {
            page.add(Page.labelled(title).add(Style.WARNING,
                    "pid " + orphan.pid() + ", for " + Amounts.age(orphan.age()) + ": " + Plain.of(orphan.command())));
            title = "";
        }
        if (!daemon.orphans().isEmpty()) {
            page.wrap("", "started beside mpx; this ends those that are old enough: mpx run --reap" + daemon.homeOption(), 2);
        }
    }
}
