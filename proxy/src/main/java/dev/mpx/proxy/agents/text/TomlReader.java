package dev.mpx.proxy.agents.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads TOML 1.0 and notes where each value stands. It takes some texts that are no TOML: another reader says whether they are. */
final class TomlReader {
    /**
     * A header or a key with its value.
     *
     * @param path its full name
     * @param from where its line begins
     * @param to behind its last line
     * @param key where its key begins, blanks left out
     */
    record Statement(List<String> path, int from, int to, int key, boolean isHeader) {}

    private final String text;
    private final TomlValues values;
    private final Node.Table root = new Node.Table(Node.Span.NONE, new ArrayList<>());
    private final List<Statement> statements = new ArrayList<>();
    private Node.Table table = root;
    private List<String> tablePath = List.of();

    TomlReader(String text) {
        this.text = text;
        this.values = new TomlValues(text, text.startsWith("\uFEFF") ? 1 : 0);
    }

    TomlReader read() throws Unreadable {
        while (true) {
            values.skipBlanksLinesAndComments();
            if (values.atEnd()) {
                return this;
            }
            int start = values.at();
            if (values.take("[[")) {
                List<TomlValues.Key> keys = values.keys();
                values.expect("]]");
                table = newElement(names(keys), start);
                tablePath = names(keys);
                end(start, tablePath, true);
            } else if (values.take("[")) {
                List<TomlValues.Key> keys = values.keys();
                values.expect("]");
                tablePath = names(keys);
                table = tableAt(root, tablePath, start);
                end(start, tablePath, true);
            } else {
                List<TomlValues.Key> keys = values.keys();
                values.expect("=");
                Node value = values.value();
                add(table, keys, value);
                List<String> path = new ArrayList<>(tablePath);
                path.addAll(names(keys));
                end(start, path, false);
            }
        }
    }

    Node.Table root() {
        return root;
    }

    List<Statement> statements() {
        return statements;
    }

    private void end(int start, List<String> path, boolean isHeader) throws Unreadable {
        values.endLine();
        statements.add(new Statement(List.copyOf(path), Layout.lineStart(text, start), values.at(), start, isHeader));
    }

    private static List<String> names(List<TomlValues.Key> keys) {
        return keys.stream().map(TomlValues.Key::name).toList();
    }

    private void add(Node.Table to, List<TomlValues.Key> keys, Node value) throws Unreadable {
        TomlValues.Key last = keys.get(keys.size() - 1);
        Node.Table inner = tableAt(to, names(keys.subList(0, keys.size() - 1)), keys.get(0).from());
        if (inner.get(last.name()).isPresent()) {
            throw Unreadable.at(text, keys.get(0).from(), "\"" + last.name() + "\" is defined twice");
        }
        inner.members().add(new Node.Member(last.name(), keys.get(0).from(), text.substring(keys.get(0).from(), last.from()), value));
    }

    private Node.Table tableAt(Node.Table from, List<String> path, int at) throws Unreadable {
        Node.Table here = from;
        for (String name : path) {
            Optional<Node> next = here.get(name);
            if (next.isEmpty()) {
                Node.Table made = new Node.Table(Node.Span.NONE, new ArrayList<>());
                here.members().add(new Node.Member(name, at, "", made));
                here = made;
            } else if (next.get() instanceof Node.Table inner && inner.span().isNone()) {
                here = inner;
            } else if (next.get() instanceof Node.Sequence list && list.span().isNone()) {
                here = (Node.Table) list.elements().get(list.elements().size() - 1);
            } else {
                throw Unreadable.at(text, at, "\"" + name + "\" is a value already, and can't be extended here");
            }
        }
        return here;
    }

    private Node.Table newElement(List<String> path, int at) throws Unreadable {
        Node.Table parent = tableAt(root, path.subList(0, path.size() - 1), at);
        String name = path.get(path.size() - 1);
        Optional<Node> there = parent.get(name);
        Node.Table made = new Node.Table(Node.Span.NONE, new ArrayList<>());
        if (there.isEmpty()) {
            List<Node> elements = new ArrayList<>(List.of(made));
            parent.members().add(new Node.Member(name, at, "", new Node.Sequence(Node.Span.NONE, elements)));
        } else if (there.get() instanceof Node.Sequence list && list.span().isNone()) {
            list.elements().add(made);
        } else {
            throw Unreadable.at(text, at, "\"" + name + "\" is defined already, and is no array of tables");
        }
        return made;
    }
}
