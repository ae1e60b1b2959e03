package dev.mpx.bench.report;

import dev.mpx.bench.Book;
import dev.mpx.bench.Figure;
import dev.mpx.bench.ways.ChildAlone;
import dev.mpx.bench.ways.Mpx;
import dev.mpx.bench.ways.TwoRelays;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What mpx is allowed to cost, and whether it keeps to it. */
final class Budgets {
    /**
     * One line.
     *
     * @param measured empty where it was not measured
     */
    record Line(String what, String most, String measured, String verdict) {}

    private static final double MIB = 1 << 20;
    private static final long LARGE = 1 << 20;
    private static final long LARGEST = 16 << 20;
    private static final int CROWDED = 64;
    private static final String MPX = Mpx.NATIVE;
    private static final String CHAIN = "node";

    private final Book book;
    private final List<Line> lines = new ArrayList<>();

    Budgets(Book book) {
        this.book = book;
        String socat = TwoRelays.NAME;
        relative("round trip, 1 session", Figure.ROUND_TRIP_P50, 1, 1.6, " two relays", of(Figure.ROUND_TRIP_P50, socat, 1));
        relative("the same, stretch", Figure.ROUND_TRIP_P50, 1, 1.2, " two relays", of(Figure.ROUND_TRIP_P50, socat, 1));
        relative("p99, 1 session", Figure.ROUND_TRIP_P99, 1, 2, " two relays", of(Figure.ROUND_TRIP_P99, socat, 1));
        relative("round trip, 64 sessions", Figure.ROUND_TRIP_P50, CROWDED, 1.6, " the child's own for 64 calls at once",
                of(Figure.PIPELINED_P50, ChildAlone.NAME, CROWDED));
        relative("the same, a child that works 100 µs a call", Figure.WORKING_P50, CROWDED, 1.6, " the child's own for 64 calls at once",
                of(Figure.WORKING_P50, ChildAlone.NAME, CROWDED));
        absolute("worst session's p99, 64 sessions", Figure.UNFAIRNESS, CROWDED, 3, " the median session's");
        atLeast("calls/s, 8 sessions, one on its way in each", Figure.RATE, 1, 0.8, " 8 pairs of relays", of(Figure.RATE, socat, 1));
        relative("1 MiB result", Figure.RESULT, LARGE, 1.3, " two relays", of(Figure.RESULT, socat, LARGE));
        relative("16 MiB result", Figure.RESULT, LARGEST, 1.5, " two relays", of(Figure.RESULT, socat, LARGEST));
        absolute("growth of the daemon by a 16 MiB result", Figure.LARGE_RESULTS_GROWTH, 1, 2.0 * LARGEST, "");
        absolute("the same, ten of them in a row", Figure.LARGE_RESULTS_GROWTH, 10, 2.0 * LARGEST, "");
        absolute("daemon resident, 100 idle sessions", Figure.DAEMON_RESIDENT, 100, 96 * MIB, "");
        absolute("daemon resident, after a million calls", Figure.DAEMON_AFTER_CALLS, 1_000_000, 128 * MIB, "");
        absolute("shim resident", Figure.SHIM_RESIDENT, 100, 1.5 * MIB, "");
        absolute("start to first reply, daemon there", Figure.START_THERE, 0, 5e6, "");
        absolute("daemon cold, server known", Figure.START_COLD_KNOWN, 0, 600e6, "");
        absolute("allocation per small call", Figure.ALLOCATED, 1, 2048, "");
        against();
    }

    List<Line> lines() {
        return List.copyOf(lines);
    }

    private OptionalDouble of(Figure figure, String way, long at) {
        return book.median(figure, way, at);
    }

    private void relative(String what, Figure figure, long at, double most, String words, OptionalDouble reference) {
        OptionalDouble measured = of(figure, MPX, at);
        if (measured.isEmpty() || reference.isEmpty()) {
            line(what, times(most) + words, "", false, false);
            return;
        }
        double ratio = measured.getAsDouble() / reference.getAsDouble();
        line(what, times(most) + words, times(ratio) + " (" + Values.text(figure.unit(), measured.getAsDouble()) + " to "
                + Values.text(figure.unit(), reference.getAsDouble()) + ")", true, ratio <= most);
    }

    private void atLeast(String what, Figure figure, long at, double least, String words, OptionalDouble reference) {
        OptionalDouble measured = of(figure, MPX, at);
        boolean known = measured.isPresent() && reference.isPresent();
        double ratio = known ? measured.getAsDouble() / reference.getAsDouble() : 0;
        String text = known ? times(ratio) + " (" + Values.text(figure.unit(), measured.getAsDouble()) + " to "
                + Values.text(figure.unit(), reference.getAsDouble()) + ")" : "";
        line(what, "at least " + times(least) + words, text, known, ratio >= least);
    }

    private void absolute(String what, Figure figure, long at, double most, String words) {
        OptionalDouble measured = of(figure, MPX, at);
        String bound = figure.unit() == Figure.Unit.TIMES ? times(most) + words : Values.text(figure.unit(), most) + words;
        line(what, bound, measured.isPresent() ? Values.text(figure.unit(), measured.getAsDouble()) : "",
                measured.isPresent(), measured.isPresent() && measured.getAsDouble() <= most);
    }

    private void line(String what, String most, String measured, boolean known, boolean kept) {
        lines.add(new Line(what, most, measured, known ? kept ? "ok" : "**missed**" : "not measured"));
    }

    /** Every peer in every row in which both were measured. */
    private void against() {
        List<String> lost = new ArrayList<>();
        List<String> close = new ArrayList<>();
        int compared = 0;
        boolean chain = false;
        for (Book.Key key : book.values().keySet()) {
            OptionalDouble ours = of(key.figure(), MPX, key.at());
            if (Rows.isPeer(key.way()) && Rows.isContest(key.figure(), key.at()) && ours.isPresent()) {
                double theirs = of(key.figure(), key.way(), key.at()).orElseThrow();
                double ahead = key.figure() == Figure.RATE ? ours.getAsDouble() / theirs : theirs / ours.getAsDouble();
                String words = key.way() + ": " + Rows.name(key.figure(), key.at()) + " (" + times(ahead) + ")";
                compared++;
                chain |= key.way().equals(CHAIN);
                if (ahead < 1) {
                    lost.add(words);
                }
                if (key.way().equals(CHAIN) && ahead < 10) {
                    close.add(words);
                }
            }
        }
        line("against every peer", "ahead in each row", lost.isEmpty() ? compared + " rows" : "behind " + String.join("; ", lost),
                compared > 0, lost.isEmpty());
        line("against the node chain", "10 x ahead in each row", close.isEmpty() ? "" : "less in " + String.join("; ", close), chain,
                close.isEmpty());
    }

    private static String times(double ratio) {
        return String.format(Locale.ROOT, ratio < 0.1 ? "%.3f x" : "%.2f x", ratio).replaceAll("0 x$", " x").replaceAll("\\.0? x$", " x");
    }
}
