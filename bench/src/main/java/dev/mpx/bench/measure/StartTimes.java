package dev.mpx.bench.measure;

import dev.mpx.bench.Book;
import dev.mpx.bench.Figure;
import dev.mpx.bench.drive.Driver;
import dev.mpx.bench.drive.Load;
import dev.mpx.bench.ways.Installed;
import dev.mpx.bench.ways.Stand;
import dev.mpx.bench.ways.Way;

/** How long an agent waits for its first answer, from before the process is made that it starts. */
public final class StartTimes {
    private static final int QUICK = 20;
    private static final int SLOW = 3;

    private final Measurement measurement;
    private final Book book;

    public StartTimes(Measurement measurement) {
        this.measurement = measurement;
        this.book = measurement.book();
    }

    /** Where everything is up already. */
    public void measure(Way way, Stand stand) {
        measurement.attempt(way, "starts", () -> {
            int times = way.isQuick() && !measurement.options().isShort() ? QUICK : SLOW;
            starts(stand, times).initialize().forEach(took -> book.add(Figure.START_THERE, way.name(), 0, took));
        });
    }

    /** One round on an empty home: nothing there, the server known from before, the daemon there and its server not. */
    public void measureCold(Way way, Installed.Home empty) {
        measurement.attempt(way, "cold starts", () -> {
            try (empty) {
                cold(way, empty);
            }
        });
    }

    private void cold(Way way, Installed.Home home) {
        book.add(Figure.START_COLD_NEW, way.name(), 0, starts(home, 1).initialize().get(0));
        home.stop();
        Driver.Starts known = starts(home, 1);
        book.add(Figure.START_COLD_KNOWN, way.name(), 0, known.initialize().get(0));
        book.add(Figure.START_COLD_RESULT, way.name(), 0, known.call().get(0));
        home.stop();
        home.ensure();
        book.add(Figure.START_CHILD_COLD, way.name(), 0, starts(home, 1).call().get(0));
    }

    private Driver.Starts starts(Stand stand, int times) {
        return measurement.workshop().driver().starts(stand.command(), stand.environment(), Load.plain().repeat(times));
    }
}
