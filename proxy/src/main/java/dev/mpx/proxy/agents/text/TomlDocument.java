package dev.mpx.proxy.agents.text;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import com.electronwill.nightconfig.core.io.ParsingException;
import com.electronwill.nightconfig.toml.TomlParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** TOML, in whichever form its tables are written. */
public final class TomlDocument implements ConfigText {
    private final String text;
    private final Node.Table root;
    private final List<TomlReader.Statement> statements;

    private TomlDocument(String text, TomlReader reader) {
        this.text = text;
        this.root = reader.root();
        this.statements = reader.statements();
    }

    /** @throws Unreadable if it is no TOML */
    public static TomlDocument parse(String text) throws Unreadable {
        TomlDocument document = new TomlDocument(text, new TomlReader(text).read());
        document.meaning();
        return document;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Node.Table root() {
        return root;
    }

    @Override
    public TomlDocument with(List<Splice> splices) throws Unreadable {
        return parse(Splice.apply(text, splices));
    }

    /** By the TOML library. */
    @Override
    public Map<String, Object> meaning() throws Unreadable {
        try {
            return map(new TomlParser().parse(withoutMark(text)));
        } catch (ParsingException e) {
            throw Unreadable.at(text, faultyStatement(), e.getMessage());
        }
    }

    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The library does not say where: where the first statement stands with which it goes wrong. */
    private int faultyStatement() {
        for (TomlReader.Statement statement : statements) {
            try {
                new TomlParser().parse(withoutMark(text.substring(0, statement.to())));
            } catch (ParsingException here) {
                return statement.key();
            }
        }
        return 0;
    }

    private static Map<String, Object> map(UnmodifiableConfig config) {
        Map<String, Object> map = new LinkedHashMap<>();
        config.entrySet().forEach(entry -> map.put(entry.getKey(), plain(entry.getValue())));
        return map;
    }

    private static Object plain(Object value) {
        if (value instanceof UnmodifiableConfig config) {
            return map(config);
        }
        return value instanceof List<?> list ? list.stream().map(TomlDocument::plain).toList() : value;
    }

    @Override
    public Splice set(Node value, Object other) {
        return Splice.of(value.span(), inline(other));
    }

    @Override
    public String inline(Object value) {
        return TomlStrings.inline(value);
    }

    @Override
    public String comma() {
        return ", ";
    }

    @Override
    public List<Splice> add(List<String> table, String name, Object value) throws Unreadable {
        for (int depth = 1; depth <= table.size(); depth++) {
            Optional<Node> there = root.at(table.subList(0, depth));
            if (there.isPresent() && !(there.get() instanceof Node.Table)) {
                throw Unreadable.at(text, there.get().span().from(), "\"" + table.get(depth - 1) + "\" should be a table");
            }
            if (there.isPresent() && !there.get().span().isNone()) {
                return addInline((Node.Table) there.get(), table.subList(depth, table.size()), name, value);
            }
        }
        List<String> path = new ArrayList<>(table);
        path.add(name);
        boolean isFirst = withoutMark(text).isEmpty();
        boolean hasEnd = isFirst || text.endsWith("\n");
        StringBuilder block = new StringBuilder(isFirst ? "" : hasEnd ? newline() : newline() + newline());
        block.append('[').append(String.join(".", path.stream().map(TomlStrings::key).toList())).append(']');
        ((Map<?, ?>) value).forEach((key, each) -> block.append(newline())
                .append(TomlStrings.key((String) key)).append(" = ").append(inline(each)));
        return List.of(Splice.insert(text.length(), block + (hasEnd ? newline() : "")));
    }

    private List<Splice> addInline(Node.Table inline, List<String> tables, String name, Object value) {
        Object whole = value;
        for (int i = tables.size(); i > 0; i--) {
            whole = Map.of(i == tables.size() ? name : tables.get(i), whole);
        }
        String added = TomlStrings.key(tables.isEmpty() ? name : tables.get(0)) + " = " + inline(whole);
        int end = inline.members().isEmpty()
                ? inline.span().from() + 1
                : endOf(inline.members().get(inline.members().size() - 1).value());
        return List.of(Splice.insert(end, inline.members().isEmpty() ? " " + added + " " : ", " + added));
    }

    /** Of a table that a dotted key makes within braces, too. */
    private static int endOf(Node value) {
        return value instanceof Node.Table table && table.span().isNone() ? endOf(table.members().get(0).value()) : value.span().to();
    }

    @Override
    public List<Splice> addBeside(List<String> table, String beside, String name, Object value) {
        Node.Member member = ((Node.Table) root.at(table).orElseThrow()).member(beside).orElseThrow();
        String added = member.prefix() + TomlStrings.key(name) + " = " + inline(value);
        Optional<TomlReader.Statement> line = statements.stream().filter(statement -> statement.key() == member.start()).findFirst();
        if (line.isEmpty()) {
            return List.of(Splice.insert(endOf(member.value()), ", " + added));
        }
        String indented = text.substring(line.get().from(), line.get().key()) + added;
        int behind = line.get().to();
        boolean hasEnd = text.charAt(behind - 1) == '\n';
        return List.of(Splice.insert(behind, hasEnd ? indented + newline() : newline() + indented));
    }

    @Override
    public List<Splice> remove(List<String> path) {
        List<Splice> splices = new ArrayList<>();
        for (TomlReader.Statement statement : statements) {
            if (statement.path().size() >= path.size() && statement.path().subList(0, path.size()).equals(path)) {
                boolean isBlock = statement.isHeader() && splices.isEmpty();
                splices.add(new Splice(isBlock ? withBlankLineBefore(statement.from()) : statement.from(), statement.to(), ""));
            }
        }
        return splices.isEmpty() ? List.of(removeInline(path)) : splices;
    }

    /** The blank line that sets a table apart from the one before goes with it. */
    private int withBlankLineBefore(int from) {
        int before = from < 2 ? from : Layout.lineStart(text, from - 1);
        return before < from && text.substring(before, from).isBlank() ? before : from;
    }

    private Splice removeInline(List<String> path) {
        Node.Table parent = (Node.Table) root.at(path.subList(0, path.size() - 1)).orElseThrow();
        Node.Member member = parent.member(path.get(path.size() - 1)).orElseThrow();
        int index = parent.members().indexOf(member);
        if (index + 1 < parent.members().size()) {
            return new Splice(member.start(), parent.members().get(index + 1).start(), "");
        }
        int from = index == 0 ? member.start() : endOf(parent.members().get(index - 1).value());
        return new Splice(from, endOf(member.value()), "");
    }
}
