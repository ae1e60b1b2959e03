package dev.mpx.bench.report;

import dev.mpx.bench.Book;
import dev.mpx.bench.Figure;
import dev.mpx.bench.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Publishes what was measured: printed and as JSON always; in the README, as plots and as the kept JSON only after a
 * whole run, since a short or partial one says little.
 */
public final class Report {
    private static final String BEGIN = "<!-- bench:begin -->\n";
    private static final String END = "<!-- bench:end -->\n";

    private static final String PLOTS = """

            ![Round trip against sessions](docs/bench/latency.svg)
            ![Calls per second against the window](docs/bench/throughput.svg)
            ![Memory against sessions](docs/bench/memory.svg)
            """;

    private final Path project;
    private final Book book;
    private final Options options;
    private final Machine machine = Machine.here();

    public Report(Path project, Book book, Options options) {
        this.project = project;
        this.book = book;
        this.options = options;
    }

    public void publish() throws IOException {
        String tables = new Tables(book).all(machine, options.rounds());
        System.out.print(tables);
        String json = JsonReport.of(book, machine, options.rounds());
        Path target = project.resolve("bench/target");
        write(target.resolve("bench.json"), json);
        write(target.resolve("bench.md"), tables);
        plots(target.resolve("plots"));
        if (options.isWhole() && !book.isBroken()) {
            write(project.resolve("bench/results/latest.json"), json);
            plots(project.resolve("docs/bench"));
            intoReadme(tables + PLOTS);
        }
    }

    private void intoReadme(String tables) throws IOException {
        Path readme = project.resolve("README.md");
        Optional<String> changed = replace(Files.readString(readme), tables);
        if (changed.isPresent()) {
            Files.writeString(readme, changed.get());
        } else {
            System.err.println("bench: README.md has no place for the table, which would begin with " + BEGIN.strip());
        }
    }

    /** The text with these tables between the marks; empty if it has no marks. */
    static Optional<String> replace(String text, String tables) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        return begin < 0 || end < begin
                ? Optional.empty()
                : Optional.of(text.substring(0, begin + BEGIN.length()) + tables + text.substring(end));
    }

    private void plots(Path directory) throws IOException {
        plot(directory, "latency.svg", Figure.ROUND_TRIP_P50, "Round trip (median) against sessions, one call on its way in each",
                "sessions");
        plot(directory, "throughput.svg", Figure.RATE, "Calls per second against the window, 8 sessions",
                "calls on their way in each session");
        plot(directory, "memory.svg", Figure.ALL_SHARE, "Proportional memory of all processes against sessions, servers included",
                "sessions");
    }

    private void plot(Path directory, String name, Figure figure, String title, String across) throws IOException {
        Plot plot = new Plot(title, across, value -> Values.tick(figure.unit(), value));
        for (int i = 0; i < Rows.WAYS.size(); i++) {
            TreeMap<Long, Double> points = new TreeMap<>();
            String way = Rows.WAYS.get(i);
            book.places(figure).forEach(at -> book.median(figure, way, at).ifPresent(value -> points.put(at, value)));
            plot.add(way, i, points);
        }
        if (!plot.isEmpty()) {
            write(directory.resolve(name), plot.svg());
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
