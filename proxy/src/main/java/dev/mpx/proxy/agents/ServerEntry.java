package dev.mpx.proxy.agents;

import dev.mpx.proxy.agents.text.ConfigText;
import dev.mpx.proxy.agents.text.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The entry of a server that an agent starts.
 *
 * @param path where it stands
 * @param argv what it starts, program first
 * @param isList whether {@code command} is all of that, as opencode has it; else the arguments are in {@code args}
 */
record ServerEntry(List<String> path, List<String> argv, boolean isList) {
    static final String COMMAND = "command";
    static final String ARGS = "args";

    /**
     * All of them in these tables that count, see {@link Node.Table#counting}; entries that start no command, such as a URL, are left
     * out.
     */
    static List<ServerEntry> in(ConfigText document, List<List<String>> tables) {
        List<ServerEntry> entries = new ArrayList<>();
        tables.forEach(table -> collect(document.root(), List.of(), table, entries));
        return entries;
    }

    private static void collect(Node node, List<String> path, List<String> rest, List<ServerEntry> entries) {
        if (!(node instanceof Node.Table table)) {
            return;
        }
        boolean isAny = rest.isEmpty() || rest.get(0).equals(ConfigPlace.ANY);
        for (Node.Member member : table.counting()) {
            List<String> inner = with(path, member.name());
            if (rest.isEmpty()) {
                of(inner, member.value()).ifPresent(entries::add);
            } else if (isAny || rest.get(0).equals(member.name())) {
                collect(member.value(), inner, rest.subList(1, rest.size()), entries);
            }
        }
    }

    /** What stands at this path, if it starts a command. */
    static Optional<ServerEntry> of(List<String> path, Node node) {
        Optional<Node> command = node.at(List.of(COMMAND));
        if (command.isEmpty()) {
            return Optional.empty();
        }
        boolean isList = command.get() instanceof Node.Sequence;
        List<Node> words = new ArrayList<>();
        if (command.get() instanceof Node.Sequence whole) {
            words.addAll(whole.elements());
        } else {
            words.add(command.get());
            Optional<Node> args = node.at(List.of(ARGS));
            if (args.isPresent() && args.get() instanceof Node.Sequence list) {
                words.addAll(list.elements());
            }
        }
        boolean isText = !words.isEmpty() && words.stream().allMatch(word -> word.text().isPresent());
        return isText ? Optional.of(new ServerEntry(path, words.stream().map(word -> word.text().get()).toList(), isList))
                : Optional.empty();
    }

    static List<String> with(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return List.copyOf(longer);
    }

    String name() {
        return path.get(path.size() - 1);
    }

    ConfigSurvey.Entry seen() {
        return new ConfigSurvey.Entry(String.join(".", path), argv);
    }
}
