package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A name that stands more than once in one JSON object. Agents take the last, and their next change of the file may lose the others, or
 * bring one back.
 *
 * @param path of the name
 * @param lines where it stands, from 1
 */
record Repetition(List<String> path, List<Integer> lines) {
    /** Those that matter to the palace: of the tables of servers themselves, of entries that start it, and of what such an entry says. */
    static List<Repetition> in(ConfigText document, List<List<String>> tables, ServerLine line) {
        List<Repetition> repetitions = new ArrayList<>();
        for (List<String> table : tables) {
            collect(document, document.root(), List.of(), table, line, repetitions);
        }
        return repetitions.stream().distinct().toList();
    }

    private static void collect(ConfigText document, Node node, List<String> path, List<String> rest, ServerLine line,
            List<Repetition> repetitions) {
        if (!(node instanceof Node.Table table)) {
            return;
        }
        for (Node.Member member : table.counting()) {
            List<String> inner = ServerEntry.with(path, member.name());
            List<Node.Member> all = table.written(member.name());
            if (rest.isEmpty()) {
                boolean isPalaces = all.stream().anyMatch(one -> startsPalace(inner, one.value(), line));
                if (isPalaces) {
                    add(document, inner, all, repetitions);
                    within(document, inner, member.value(), repetitions);
                }
            } else if (rest.get(0).equals(ConfigPlace.ANY) || rest.get(0).equals(member.name())) {
                add(document, inner, all, repetitions);
                collect(document, member.value(), inner, rest.subList(1, rest.size()), line, repetitions);
            }
        }
    }

    private static void within(ConfigText document, List<String> path, Node entry, List<Repetition> repetitions) {
        if (entry instanceof Node.Table table) {
            table.counting().forEach(member ->
                    add(document, ServerEntry.with(path, member.name()), table.written(member.name()), repetitions));
        }
    }

    private static boolean startsPalace(List<String> path, Node entry, ServerLine line) {
        return ServerEntry.of(path, entry).filter(one -> line.kind(one.argv()) != ServerLine.Kind.OTHER).isPresent();
    }

    private static void add(ConfigText document, List<String> path, List<Node.Member> all, List<Repetition> repetitions) {
        if (all.size() > 1) {
            repetitions.add(new Repetition(path, all.stream().map(document::line).toList()));
        }
    }

    /** Without a full stop. */
    String sentence() {
        return String.join(".", path) + " stands there " + lines.size() + " times (lines "
                + lines.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "): agents take the last, and so does mpx;"
                + " remove the others";
    }
}
