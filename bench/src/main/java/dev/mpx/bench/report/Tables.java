package dev.mpx.bench.report;

import dev.mpx.bench.Book;
import dev.mpx.bench.Figure;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** The figures as Markdown. */
final class Tables {
    private final Book book;

    Tables(Book book) {
        this.book = book;
    }

    /** Everything. */
    String all(Machine machine, int rounds) {
        StringBuilder text = new StringBuilder("Medians of ").append(rounds).append(rounds == 1 ? " round" : " rounds")
                .append(", the ways taking turns (of slow peers fewer rounds; memory, allocation and single messages once). ")
                .append(machine.words()).append(".\n\n");
        budgets(text);
        ways(text);
        micro(text);
        notes(text);
        return text.toString();
    }

    /** The budgets alone. */
    private void budgets(StringBuilder text) {
        text.append("| budget | at most | measured | |\n|---|---|---|---|\n");
        for (Budgets.Line line : new Budgets(book).lines()) {
            row(text, List.of(line.what(), line.most(), line.measured(), line.verdict()));
        }
        text.append('\n');
    }

    private void ways(StringBuilder text) {
        List<String> ways = Rows.WAYS.stream()
                .filter(way -> Rows.OF_WAYS.stream().anyMatch(figure -> book.ways(figure).contains(way))).toList();
        if (ways.isEmpty()) {
            return;
        }
        text.append("| |").append(ways.stream().map(way -> " " + way + " |").collect(Collectors.joining())).append('\n');
        text.append("|---|").append("---|".repeat(ways.size())).append('\n');
        for (Figure figure : Rows.OF_WAYS) {
            for (long at : book.places(figure)) {
                text.append("| ").append(Rows.name(figure, at)).append(" |");
                ways.forEach(way -> text.append(' ').append(cell(figure, way, at)).append(" |"));
                text.append('\n');
            }
        }
        text.append('\n');
    }

    private String cell(Figure figure, String way, long at) {
        OptionalDouble median = book.median(figure, way, at);
        return median.isPresent() ? Values.text(figure.unit(), median.getAsDouble()) : "";
    }

    private void micro(StringBuilder text) {
        List<Long> sizes = List.copyOf(book.places(Figure.MICRO_TIME));
        if (sizes.isEmpty()) {
            return;
        }
        text.append("| one message of |").append(sizes.stream().map(size -> " " + Values.size(size) + " |").collect(Collectors.joining()));
        text.append("\n|---|").append("---|".repeat(sizes.size())).append('\n');
        for (String name : book.ways(Figure.MICRO_TIME)) {
            text.append("| ").append(name).append(" |");
            for (long size : sizes) {
                text.append(' ').append(cell(Figure.MICRO_TIME, name, size)).append(", ")
                        .append(cell(Figure.MICRO_ALLOCATED, name, size)).append(" |");
            }
            text.append('\n');
        }
        text.append('\n');
    }

    private void notes(StringBuilder text) {
        book.notMeasured().forEach((way, why) -> text.append("- not measured: ").append(way).append(": ").append(why).append('\n'));
        book.faults().forEach(fault -> text.append("- failed: ").append(fault.way()).append(", ").append(fault.what()).append(": ")
                .append(fault.message().replace("|", "\\|").replace("<", "&lt;")).append('\n'));
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
