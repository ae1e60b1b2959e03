package dev.mpx.bench.measure;

import dev.mpx.bench.Book;
import dev.mpx.bench.BrokenBenchmark;
import dev.mpx.bench.Figure;
import dev.mpx.bench.drive.Crowd;
import dev.mpx.bench.drive.Load;
import dev.mpx.bench.drive.Processes;
import dev.mpx.bench.ways.Installed;
import dev.mpx.bench.ways.Stand;
import dev.mpx.bench.ways.Way;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What processes hold in memory, and what a daemon allocates. Each starts from a daemon that has done nothing yet. */
public final class Memory {
    private static final int[] SESSIONS = {1, 10, 100, 1000};
    private static final int SHORT = 10;
    private static final long LARGE = 16 << 20;
    /** One, then so many that there are ten. */
    private static final int[] LARGE_RESULTS = {1, 9};
    private static final long MANY_CALLS = 1_000_000;
    private static final long SOME_CALLS = 10_000;
    private static final int[] WINDOWS = {1, 16};

    private final Measurement measurement;
    private final Book book;

    public Memory(Measurement measurement) {
        this.measurement = measurement;
        this.book = measurement.book();
    }

    /** With more and more sessions, each of which has had one answer and is idle. */
    public void measure(Way way, Stand stand) {
        int most = measurement.options().isShort() ? SHORT : way.mostForMemory();
        for (int sessions : SESSIONS) {
            if (sessions <= most) {
                measurement.attempt(way, "memory of " + sessions + " sessions", () -> idle(way, stand, sessions));
            }
        }
    }

    private void idle(Way way, Stand stand, int sessions) {
        try (Crowd crowd = measurement.open(stand, Load.plain().sessions(sessions).warm(0))) {
            List<Long> shims = crowd.pids();
            book.add(Figure.SHIM_RESIDENT, way.name(), sessions, shims.stream().mapToLong(Processes::resident).average().orElse(0));
            book.add(Figure.SHIM_SHARE, way.name(), sessions, shims.stream().mapToLong(Processes::share).average().orElse(0));
            stand.daemon().ifPresent(pid -> book.add(Figure.DAEMON_RESIDENT, way.name(), sessions, Processes.resident(pid)));
            List<Long> roots = new ArrayList<>(stand.roots());
            roots.addAll(shims);
            book.add(Figure.ALL_SHARE, way.name(), sessions, Processes.trees(roots).stream().mapToLong(Processes::share).sum());
        }
    }

    /** The first large results that a daemon passes on. Each session makes one small call before, and no more. */
    public void measureLargeResults(Way way, Installed.Home home) {
        measurement.attempt(way, "memory for large results", () -> {
            long daemon = home.daemon().getAsLong();
            try (Crowd crowd = measurement.open(home, measurement.usual(1).warm(0))) {
                Processes.forgetPeak(daemon);
                long before = Processes.resident(daemon);
                int results = 0;
                for (int more : LARGE_RESULTS) {
                    crowd.measure(Load.plain().size(LARGE).calls(more));
                    results += more;
                    book.add(Figure.LARGE_RESULTS_GROWTH, way.name(), results, Math.max(0, Processes.peak(daemon) - before));
                }
            } catch (IOException e) {
                throw new BrokenBenchmark("the kernel does not let the peak of memory be measured", e);
            }
        });
    }

    /** Many calls: what is allocated for each, and what the daemon holds afterwards. */
    public void measureLongRun(Way way, Installed.Home home) {
        measurement.attempt(way, "a long run", () -> {
            long daemon = home.daemon().getAsLong();
            long calls = measurement.options().isShort() ? SOME_CALLS : MANY_CALLS;
            Load load = measurement.usual(Measurement.SOME_SESSIONS);
            try (Crowd crowd = measurement.open(home, load)) {
                crowd.measure(load.window(16).calls(calls / 5)); // compiled code allocates less than what is interpreted
                for (int window : WINDOWS) {
                    long before = Allocation.of(daemon);
                    long measured = crowd.measure(load.window(window).calls(calls / 5)).answers();
                    book.add(Figure.ALLOCATED, way.name(), window, (double) (Allocation.of(daemon) - before) / measured);
                }
                crowd.measure(load.window(16).calls(calls * 2 / 5));
                book.add(Figure.DAEMON_AFTER_CALLS, way.name(), calls, Processes.resident(daemon));
            }
        });
    }
}
