package dev.mpx.bench.report;

import dev.mpx.bench.Book;
import dev.mpx.fixtures.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Everything that was measured, round by round, for programs. */
final class JsonReport {
    private JsonReport() {}

    static String of(Book book, Machine machine, int rounds) {
        StringBuilder text = new StringBuilder("{\n\"machine\": ").append(Json.of(describe(machine)));
        text.append(",\n\"rounds\": ").append(rounds);
        text.append(",\n\"figures\": [\n");
        String separator = "";
        for (Map.Entry<Book.Key, List<Double>> entry : book.values().entrySet()) {
            text.append(separator).append(Json.of(describe(book, entry.getKey(), entry.getValue())));
            separator = ",\n";
        }
        text.append("\n],\n\"budgets\": ").append(list(new Budgets(book).lines().stream().map(JsonReport::describe).toList()));
        text.append(",\n\"notMeasured\": ").append(Json.of(book.notMeasured()));
        text.append(",\n\"faults\": ").append(list(book.faults().stream().map(JsonReport::describe).toList()));
        return text.append("\n}\n").toString();
    }

    private static String list(List<Map<String, Object>> entries) {
        StringBuilder text = new StringBuilder("[");
        String separator = "\n";
        for (Map<String, Object> entry : entries) {
            text.append(separator).append(Json.of(entry));
            separator = ",\n";
        }
        return text.append("\n]").toString();
    }

    private static Map<String, Object> describe(Machine machine) {
        return ordered("processor", machine.processor(), "cores", machine.cores(), "kernel", machine.kernel(), "java", machine.java(),
                "date", machine.date().toString());
    }

    private static Map<String, Object> describe(Book book, Book.Key key, List<Double> values) {
        return ordered("figure", key.figure().name().toLowerCase(Locale.ROOT), "way", key.way(), "at", key.at(),
                "unit", key.figure().unit().symbol(), "median", number(book.median(key.figure(), key.way(), key.at()).orElseThrow()),
                "values", values.stream().map(JsonReport::number).toList());
    }

    private static Map<String, Object> describe(Budgets.Line line) {
        return ordered("what", line.what(), "most", line.most(), "measured", line.measured(), "verdict", line.verdict().replace("*", ""));
    }

    private static Map<String, Object> describe(Book.Fault fault) {
        return ordered("way", fault.way(), "what", fault.what(), "message", fault.message(), "fatal", fault.fatal());
    }

    private static Map<String, Object> ordered(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    /** More digits than anybody measures are left out. */
    private static Object number(double value) {
        return value >= 1000 || value == Math.rint(value) ? (Object) Math.round(value) : Double.valueOf(Math.round(value * 1000) / 1000.0);
    }
}
