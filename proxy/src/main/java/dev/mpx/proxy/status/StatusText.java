package dev.mpx.proxy.status;

import dev.mpx.proxy.mux.Counter;
import dev.mpx.proxy.mux.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The status as one screen of text: {@code mpx status}; docs/status.md explains it. The verdict stands first, then what to do
 * about it. Nothing that somebody else has named reaches the screen but as {@link Plain} text.
 */
public final class StatusText {
    private static final List<Counter> TROUBLE = List.of(
            Counter.ANSWERS_UNKNOWN,
            Counter.CHILD_LINES_UNREADABLE,
            Counter.CHILD_LINES_TOO_LONG,
            Counter.CLIENT_LINES_UNREADABLE,
            Counter.CLIENT_LINES_TOO_LONG,
            Counter.SERVER_REQUESTS_REFUSED,
            Counter.SESSIONS_SLOW,
            Counter.JOBS_REFUSED);

    private static final int MOST_LINES_OF_PATHS = 4;
    private static final int MOST_LINES_OF_A_REASON = 4;
    private static final int MOST_TOOLS = 8;
    private static final int MOST_LATENCIES = 5;
    private static final int WIDEST_TOOL = 32;
    private static final int LABEL = 10;

    private StatusText() {}

    public static String render(DaemonView daemon, Snapshot snapshot, Layout layout) {
        SessionTable sessions = new SessionTable(snapshot);
        Page page = new Page(layout);
        verdict(page, Verdict.of(daemon, snapshot), sessions.size(), snapshot);
        page.blank();
        about(page, daemon, snapshot);
        Page rest = new Page(layout);
        rest.blank();
        Work.writeTo(rest, daemon, snapshot);
        latency(rest, snapshot);
        totals(rest, snapshot);
        adapted(rest, snapshot.adapted());
        sessions.writeTo(page, page.size() + rest.size() + 1);
        page.add(rest);
        return page.render();
    }

    private static void verdict(Page page, Verdict verdict, int sessions, Snapshot snapshot) {
        Style style = verdict.isWell() ? Style.GOOD : Style.BAD;
        Line first = new Line().add(style, "mpx is " + verdict.word()).add(": ");
        String calls = snapshot.running().isEmpty() ? "" : ", " + Amounts.count(snapshot.running().size(), "call") + " running";
        page.wrap(first, 2, Style.NONE, verdict.sentence() + ", " + Amounts.count(sessions, "session") + calls + ".", MOST_LINES_OF_A_REASON);
        verdict.advice().ifPresent(advice -> page.wrap(
                new Line().add(Style.STRONG, "What to do: "), 2, Style.NONE, advice, MOST_LINES_OF_A_REASON));
    }

    // ---- what it consists of

    private static void about(Page page, DaemonView daemon, Snapshot snapshot) {
        Snapshot.ChildView child = snapshot.child();
        daemon.palace().ifPresent(palace -> page.add(Page.labelled("palace").add(path(page, palace.toString(), 10))));
        page.wrap("server", String.join(" ", daemon.command()), 2);
        page.wrap("", server(daemon, child), 2);
        boolean isSaidAlready = child.failure().isPresent() || child.state().equals("lent");
        child.lastEnd().filter(end -> !isSaidAlready && (child.restarts() > 0 || !end.orderly())).ifPresent(end -> page.wrap("",
                "the one before ended " + Amounts.age(end.ago()) + " ago: " + end.why(), 2));
        child.failure().ifPresent(why -> page.wrap(Page.below(), 10, Style.WARNING, why, MOST_LINES_OF_A_REASON));
        page.wrap("daemon", "mpx " + daemon.version() + ", pid " + daemon.pid() + ", up " + Amounts.age(daemon.upFor()) + ", home "
                + daemon.home(), MOST_LINES_OF_PATHS);
        if (!daemon.endpoints().isEmpty()) {
            page.wrap("endpoints", String.join(", ", daemon.endpoints()), MOST_LINES_OF_PATHS);
        }
        if (!daemon.guestEndpoints().isEmpty()) {
            page.wrap("", "for guests " + String.join(", ", daemon.guestEndpoints()), 3);
        }
        for (TakenPort port : daemon.portsTaken()) {
            page.wrap(Page.labelled("port"), LABEL, Style.WARNING, port.sentence() + ". To have it: " + port.cure() + "; then: "
                    + daemon.restart(), MOST_LINES_OF_A_REASON);
        }
    }

    private static String path(Page page, String path, int indent) {
        return Columns.cutBefore(Plain.of(path), page.layout().width() - indent);
    }

    private static String server(DaemonView daemon, Snapshot.ChildView child) {
        StringBuilder words = new StringBuilder(child.state());
        child.pid().ifPresent(pid -> words.append(", pid ").append(pid));
        daemon.tree().ifPresent(tree -> words.append(" (").append(tree.processes()).append(tree.processes() == 1 ? " process, " : " processes, ")
                .append(Amounts.bytes(tree.residentBytes())).append(')'));
        child.readyFor().ifPresent(up -> words.append(", up ").append(Amounts.age(up)));
        if (!child.name().isEmpty()) {
            words.append(", ").append(child.name()).append(' ').append(child.version()).append(", revision ").append(child.revision());
        }
        return words.append(", ").append(Amounts.count(child.restarts(), "restart")).toString();
    }

    // ---- what has come of it

    private static void latency(Page page, Snapshot snapshot) {
        List<Snapshot.Latency> tools = snapshot.latencies();
        if (tools.isEmpty()) {
            return;
        }
        int shown = page.layout().all() ? tools.size() : Math.min(MOST_LATENCIES, tools.size());
        Table table = new Table(
                new Table.Column("tool", WIDEST_TOOL, false), new Table.Column("calls", 8, true), new Table.Column("failed", 8, true),
                new Table.Column("p50", 8, true), new Table.Column("p99", 8, true), new Table.Column("max", 8, true),
                new Table.Column("", 0, false));
        for (Snapshot.Latency tool : tools.subList(0, shown)) {
            table.row(Style.NONE, tool.tool(), Long.toString(tool.calls()), Long.toString(tool.failed()), Amounts.latency(tool.p50()),
                    Amounts.latency(tool.p99()), Amounts.latency(tool.max()), "");
        }
        table.writeTo(page, Page.labelled("latency"), LABEL);
        if (shown < tools.size()) {
            page.add(Page.below().add("and " + (tools.size() - shown) + " more: mpx status --all"));
        }
    }

    private static void totals(Page page, Snapshot snapshot) {
        Map<Counter, Long> counters = snapshot.counters();
        List<String> words = new ArrayList<>();
        words.add(Amounts.count(count(counters, Counter.CALLS_ANSWERED), "call"));
        words.add(count(counters, Counter.CALLS_EXPIRED) + " timed out");
        words.add(count(counters, Counter.ANSWERS_LATE) + " answered too late");
        words.add("server killed " + times(count(counters, Counter.CHILD_STALLS)));
        long deaths = count(counters, Counter.CHILD_DEATHS);
        if (deaths > 0) {
            words.add("ended by itself " + times(Math.max(0, deaths - count(counters, Counter.CHILD_STALLS))));
        }
        page.wrap("answered", String.join(", ", words), 2);
        for (Counter counter : TROUBLE) {
            long count = count(counters, counter);
            if (count > 0) {
                page.add(Page.below().add(Style.WARNING, count + " " + counter.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
            }
        }
    }

    private static String times(long n) {
        return n == 1 ? "once" : n == 2 ? "twice" : n + " times";
    }

    private static long count(Map<Counter, Long> counters, Counter counter) {
        return counters.getOrDefault(counter, 0L);
    }

    private static void adapted(Page page, Snapshot.Adapted adapted) {
        List<String> tools = adapted.schemas();
        if (!tools.isEmpty()) {
            boolean isWhole = page.layout().all() || tools.size() <= MOST_TOOLS;
            page.wrap("schemas", "rewritten for model APIs: " + String.join(", ", isWhole ? tools : tools.subList(0, MOST_TOOLS))
                    + (isWhole ? "" : " and " + (tools.size() - MOST_TOOLS) + " more"), 2);
        }
        for (Snapshot.Poll poll : adapted.polls()) {
            page.add("polls", poll.tool() + " waits " + Amounts.age(poll.most()) + " at most (" + Amounts.count(poll.capped(), "call") + " cut short)");
        }
    }
}
