package dev.mpx.bench.measure;

import dev.mpx.bench.Book;
import dev.mpx.bench.Figure;
import dev.mpx.bench.drive.Crowd;
import dev.mpx.bench.drive.Load;
import dev.mpx.bench.drive.Outcome;
import dev.mpx.bench.drive.Processes;
import dev.mpx.bench.ways.ChildAlone;
import dev.mpx.bench.ways.Stand;
import dev.mpx.bench.ways.TwoRelays;
import dev.mpx.bench.ways.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** Calls and results: what is measured of every way in every round. */
public final class Exchanges {
    private static final int[] SESSIONS = {1, 8, 64, 256};
    private static final int[] WINDOWS = {1, 4, 16, 64};
    private static final int[] SHORT_WINDOWS = {1, 16};
    private static final long[] SIZES = {20 << 10, 1 << 20};
    private static final long LARGEST = 16 << 20;
    private static final int CROWDED = 64;
    private static final int WORK_MICROS = 100;
    private static final int LONGEST_SECONDS = 5;
    /** So many it takes until the last of what is hot in a JVM was compiled for good. */
    private static final long WARMING_CALLS = 300_000;
    private static final int SHORT = 8;
    /** So few calls say nothing of one in a thousand. */
    private static final int ENOUGH_FOR_P999 = 1000;

    private final Measurement measurement;
    private final Book book;

    public Exchanges(Measurement measurement) {
        this.measurement = measurement;
        this.book = measurement.book();
    }

    /** So that compilers have seen what is measured; not counted. */
    public void warmUp(Way way, Stand stand) {
        measurement.attempt(way, "warming up", true, () -> {
            double seconds = measurement.options().isShort() ? 0.5 : 6;
            Load load = Load.plain().sessions(Measurement.SOME_SESSIONS).warm(0).seconds(seconds).most(WARMING_CALLS);
            try (Crowd crowd = measurement.open(stand, load)) {
                crowd.measure(load.window(WINDOWS[2]));
                crowd.measure(load.window(1).seconds(seconds / 4));
            }
        });
    }

    /** One round of one way. */
    public void measure(Way way, Stand stand) {
        // A peer that hangs in a later round has met its limit; one that does not work at first was not set up as it should be.
        boolean isNew = book.median(Figure.ROUND_TRIP_P50, way.name(), 1).isEmpty();
        boolean works = measurement.attempt(way, "one session", way.isOwn() || isNew, () -> one(way, stand));
        if (!works) {
            return;
        }
        rough(way, stand, "large results", up -> large(way, up));
        rough(way, stand, "16 MiB results", up -> largest(way, up));
        for (int sessions : SESSIONS) {
            boolean wanted = sessions <= way.mostSessions() && (sessions <= SHORT || !measurement.options().isShort());
            if (wanted && sessions > 1) {
                measurement.attempt(way, sessions + " sessions", () -> many(way, stand, sessions));
            }
        }
        if (way.isQuick() || book.median(Figure.DISTURBED_P99, way.name(), 1).isEmpty()) {
            rough(way, stand, "a session that does not read", up -> disturbed(way, up, 1, Load::stalled));
            rough(way, stand, "a session that reads slowly", up -> disturbed(way, up, 2, Load::slow));
        }
    }

    /** What peers were seen to die of, for good: each part is done on a server of its own there. */
    private void rough(Way way, Stand stand, String what, Consumer<Stand> part) {
        measurement.attempt(way, what, () -> {
            if (way.isOwn()) {
                part.accept(stand);
            } else {
                try (Stand own = way.open(measurement.workshop())) {
                    part.accept(own);
                }
            }
        });
    }

    private void one(Way way, Stand stand) {
        try (Crowd crowd = measurement.open(stand, measurement.usual(1))) {
            Outcome small = crowd.measure(measurement.usual(1));
            note(way, 1, small);
            book.add(Figure.RESULT, way.name(), 16, small.p50());
        }
    }

    private void large(Way way, Stand stand) {
        try (Crowd crowd = measurement.open(stand, measurement.usual(1))) {
            for (long size : SIZES) {
                book.add(Figure.RESULT, way.name(), size, crowd.measure(measurement.usual(1).size(size).least(2)).p50());
            }
        }
    }

    private void largest(Way way, Stand stand) {
        try (Crowd crowd = measurement.open(stand, measurement.usual(1).warm(0))) {
            crowd.measure(measurement.usual(1).size(LARGEST).calls(1));
            book.add(Figure.RESULT, way.name(), LARGEST, crowd.measure(measurement.usual(1).size(LARGEST).calls(0).least(3)).p50());
        }
    }

    private void many(Way way, Stand stand, int sessions) {
        try (Crowd crowd = measurement.open(stand, measurement.usual(sessions))) {
            if (sessions == Measurement.SOME_SESSIONS) {
                for (int window : measurement.options().isShort() ? SHORT_WINDOWS : WINDOWS) {
                    Outcome outcome = measureProcessorTime(way, stand, crowd, window);
                    book.add(Figure.RATE, way.name(), window, outcome.callsPerSecond());
                    if (window == 1) {
                        note(way, sessions, outcome);
                        book.add(Figure.DISTURBED_P99, way.name(), 0, outcome.p99());
                    }
                }
            } else {
                note(way, sessions, crowd.measure(measurement.usual(sessions)));
            }
            if (sessions == CROWDED && isShared(way)) {
                work(way, crowd, measurement.usual(sessions));
            }
        }
        if (way.name().equals(ChildAlone.NAME)) {
            reference(way, stand);
        }
    }

    private static boolean isShared(Way way) {
        return !Set.of(ChildAlone.NAME, TwoRelays.NAME).contains(way.name());
    }

    /** What the child itself takes for so many calls at once: they come over one pipe, as they do where a child is shared. */
    private void reference(Way way, Stand stand) {
        try (Crowd crowd = measurement.open(stand, measurement.usual(1))) {
            Load load = measurement.usual(1).window(CROWDED);
            book.add(Figure.PIPELINED_P50, way.name(), CROWDED, crowd.measure(load).p50());
            work(way, crowd, load);
        }
    }

    private void work(Way way, Crowd crowd, Load load) {
        book.add(Figure.WORKING_P50, way.name(), CROWDED, crowd.measure(load.work(WORK_MICROS)).p50());
    }

    private Outcome measureProcessorTime(Way way, Stand stand, Crowd crowd, int window) {
        List<Long> roots = new ArrayList<>(stand.roots());
        roots.addAll(crowd.pids());
        Set<Long> all = Processes.trees(roots);
        long before = Processes.processorTime(all);
        int atOnce = Measurement.SOME_SESSIONS * window;
        Load load = measurement.usual(Measurement.SOME_SESSIONS).window(window).least(2L * atOnce).longest(LONGEST_SECONDS);
        Outcome outcome = crowd.measure(load);
        book.add(Figure.CPU, way.name(), window, (double) (Processes.processorTime(all) - before) / outcome.answers());
        return outcome;
    }

    private void disturbed(Way way, Stand stand, int kind, BiFunction<Load, Integer, Load> who) {
        Load load = who.apply(measurement.usual(Measurement.SOME_SESSIONS), 1);
        try (Crowd crowd = measurement.open(stand, load)) {
            book.add(Figure.DISTURBED_P99, way.name(), kind, crowd.measure(Load.plain()).p99());
        }
    }

    private void note(Way way, int sessions, Outcome outcome) {
        book.add(Figure.ROUND_TRIP_P50, way.name(), sessions, outcome.p50());
        book.add(Figure.ROUND_TRIP_P99, way.name(), sessions, outcome.p99());
        if (outcome.calls() >= ENOUGH_FOR_P999) {
            book.add(Figure.ROUND_TRIP_P999, way.name(), sessions, outcome.p999());
        }
        if (sessions > 1) {
            book.add(Figure.UNFAIRNESS, way.name(), sessions, (double) outcome.worstSessionP99() / outcome.sessionP99());
        }
    }
}
