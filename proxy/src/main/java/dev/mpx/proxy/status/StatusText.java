package dev.mpx.proxy.status;

import dev.mpx.proxy.jobs.JobView;
import dev.mpx.proxy.mux.Counter;
import dev.mpx.proxy.mux.Introduction;
import dev.mpx.proxy.mux.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** The status as one screen of text: {@code mpx status}. */
public final class StatusText {
    private static final List<Counter> TROUBLE = List.of(
            Counter.CHILD_DEATHS,
            Counter.ANSWERS_LATE,
            Counter.ANSWERS_UNKNOWN,
            Counter.CHILD_LINES_UNREADABLE,
            Counter.CHILD_LINES_TOO_LONG,
            Counter.CLIENT_LINES_UNREADABLE,
            Counter.CLIENT_LINES_TOO_LONG,
            Counter.SERVER_REQUESTS_REFUSED,
            Counter.SESSIONS_SLOW,
            Counter.JOBS_REFUSED);

    private StatusText() {}

    /** @param width of the terminal in columns; longer lines are cut */
    public static String render(DaemonView daemon, Snapshot snapshot, int width) {
        StringBuilder screen = new StringBuilder(1024);
        List<Snapshot.Client> sessions =
                snapshot.clients().stream().filter(StatusText::isSession).toList();
        Verdict verdict = Verdict.of(daemon, snapshot);
        line(screen, width, "mpx is %s: %s, %s.", verdict.word(), verdict.sentence(), count(sessions.size(), "session"));
        line(screen, width, "");
        daemon.palace().ifPresent(palace -> line(screen, width, "palace    %s", palace));
        line(screen, width, "server    %s", String.join(" ", daemon.command()));
        line(screen, width, "          %s", describe(snapshot.child()));
        snapshot.child().failure().ifPresent(why -> line(screen, width, "          %s", why));
        if (!snapshot.adapted().schemas().isEmpty()) {
            line(screen, width, "schemas   rewritten for model APIs: %s", String.join(", ", snapshot.adapted().schemas()));
        }
        for (Snapshot.Poll poll : snapshot.adapted().polls()) {
            line(screen, width, "polls     %s waits %s at most (%s cut short)", poll.tool(), age(poll.most()), count(poll.capped(), "call"));
        }
        line(screen, width, "daemon    mpx %s, pid %d, up %s, home %s",
                daemon.version(), daemon.pid(), age(daemon.upFor()), daemon.home());
        if (!sessions.isEmpty()) {
            line(screen, width, "");
            line(screen, width, "%-22s %-10s %8s %8s %6s %9s  %s", "agent", "version", "pid", "here for", "open", "answered", "directory");
            for (Snapshot.Client client : sessions) {
                line(screen, width, "%-22s %-10s %8s %8s %6d %9d  %s",
                        cut(agent(client), 22),
                        cut(client.version(), 10),
                        pid(client),
                        age(client.connectedFor()),
                        client.open(),
                        client.answered(),
                        place(client));
            }
        }
        line(screen, width, "");
        line(screen, width, "running   %s, %d waiting", count(snapshot.running().size(), "call"), snapshot.queued());
        for (Snapshot.Running call : snapshot.running()) {
            line(screen, width, "          %s %s, %s, for %s%s",
                    call.method(), call.target(), asker(snapshot, call), age(call.age()),
                    call.abandoned() ? " (nobody waits for it any more)" : "");
        }
        jobs(screen, width, daemon.jobs());
        orphans(screen, width, daemon);
        line(screen, width, "answered  %s", count(snapshot.counters().getOrDefault(Counter.CALLS_ANSWERED, 0L), "call"));
        trouble(screen, width, snapshot.counters());
        return screen.toString();
    }

    private static void jobs(StringBuilder screen, int width, List<JobView> jobs) {
        String title = "jobs";
        for (JobView job : jobs) {
            line(screen, width, "%-9s %s%s, %s %s%s%s%s", title, job.state(), job.number() == 0 ? "" : " " + job.number(),
                    job.state().equals("ended") ? "took" : "for", age(job.age()),
                    job.pid().isPresent() && !job.state().equals("ended") ? ", pid " + job.pid().getAsLong() : "",
                    job.status().map(status -> ", status " + status).orElse(""),
                    job.joined() > 0 ? ", " + job.joined() + " joined" : "");
            line(screen, width, "          %s%s", job.command(), job.directory().isEmpty() ? "" : ", in " + job.directory());
            title = "";
        }
    }

    private static void orphans(StringBuilder screen, int width, DaemonView daemon) {
        String title = "orphans";
        for (OrphanView orphan : daemon.orphans()) {
            line(screen, width, "%-9s pid %d, for %s: %s", title, orphan.pid(), age(orphan.age()), orphan.command());
            title = "";
        }
        if (!daemon.orphans().isEmpty()) {
            line(screen, width, "          started beside mpx; this ends those that are old enough: mpx run --reap%s", daemon.homeOption());
        }
    }

    /** A connection that only asked for this status is not worth a line. */
    private static boolean isSession(Snapshot.Client client) {
        return client.introduction().isPresent() || !client.revision().isEmpty() || client.open() > 0;
    }

    private static String describe(Snapshot.ChildView child) {
        StringBuilder words = new StringBuilder(child.state());
        child.pid().ifPresent(pid -> words.append(", pid ").append(pid));
        child.readyFor().ifPresent(up -> words.append(", up ").append(age(up)));
        if (!child.name().isEmpty()) {
            words.append(", ").append(child.name()).append(' ').append(child.version())
                    .append(", revision ").append(child.revision());
        }
        return words.append(", ").append(count(child.restarts(), "restart")).toString();
    }

    private static String agent(Snapshot.Client client) {
        return client.name().isEmpty()
                ? client.introduction().map(Introduction::parent).orElse("")
                : client.name();
    }

    /** The directory, with its machine for one who comes from another. */
    private static String place(Snapshot.Client client) {
        if (client.introduction().isEmpty()) {
            return "";
        }
        Introduction who = client.introduction().get();
        return client.peer().isGuest() ? who.host() + ":" + who.directory() : who.directory();
    }

    private static String pid(Snapshot.Client client) {
        OptionalLong known = client.peer().isGuest() ? OptionalLong.empty() : client.peer().pid(); // that of sshd, for a guest
        OptionalLong agent = client.introduction().map(Introduction::parentPid).orElse(known);
        return agent.isPresent() ? Long.toString(agent.getAsLong()) : "";
    }

    private static String asker(Snapshot snapshot, Snapshot.Running call) {
        return snapshot.clients().stream()
                .filter(client -> client.number() == call.session())
                .map(StatusText::agent)
                .findFirst()
                .orElse("a client that has left");
    }

    private static void trouble(StringBuilder screen, int width, Map<Counter, Long> counters) {
        for (Counter counter : TROUBLE) {
            long count = counters.getOrDefault(counter, 0L);
            if (count > 0) {
                line(screen, width, "          %d %s", count, counter.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            }
        }
    }

    private static void line(StringBuilder screen, int width, String format, Object... values) {
        screen.append(cut(String.format(Locale.ROOT, format, values), width).stripTrailing()).append('\n');
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }

    private static String count(long n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }

    private static String age(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", age.toMillis() / 1000.0);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
