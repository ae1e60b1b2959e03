package dev.mpx.proxy.agents.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON, also with comments. What is added is laid out like what is there. */
public final class JsonDocument implements ConfigText {
    private final String text;
    private final Node.Table root;
    private final JsonStyle style;

    private JsonDocument(String text, Node.Table root) {
        this.text = text;
        this.root = root;
        this.style = JsonStyle.of(text, root, newline());
    }

    /** @throws Unreadable if it is no JSON, or no object */
    public static JsonDocument parse(String text) throws Unreadable {
        Optional<Node> value = JsonReader.read(text);
        if (value.isPresent() && !(value.get() instanceof Node.Table)) {
            throw Unreadable.at(text, value.get().span().from(), "a JSON object was expected here");
        }
        return new JsonDocument(text, value.map(Node.Table.class::cast).orElse(new Node.Table(Node.Span.NONE, List.of())));
    }

    /** A value as JSON over several lines, indented by two blanks; see {@link ConfigText} for what a value is. */
    public static String write(Object value) {
        return new JsonStyle("\n", "  ", ": ", ", ").pretty(value, "");
    }

    /** The {@link Node#plain} of a text of JSON, of any kind. */
    public static Object value(String json) throws Unreadable {
        return JsonReader.read(json).orElseThrow(() -> Unreadable.at(json, 0, "there is no value")).plain();
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
    public JsonDocument with(List<Splice> splices) throws Unreadable {
        return parse(Splice.apply(text, splices));
    }

    @Override
    public Map<String, Object> meaning() {
        return root.plain();
    }

    @Override
    public Splice set(Node value, Object other) {
        return Splice.of(value.span(), style.pretty(other, Layout.indentOfLine(text, value.span().from())));
    }

    @Override
    public String inline(Object value) {
        return style.inline(value);
    }

    @Override
    public String comma() {
        return style.comma();
    }

    @Override
    public List<Splice> add(List<String> table, String name, Object value) throws Unreadable {
        Node.Table here = root;
        for (int at = 0; at < table.size(); at++) {
            Optional<Node> next = here.get(table.get(at));
            if (next.isEmpty()) {
                Object whole = nested(table.subList(at + 1, table.size()), name, value);
                return addLast(here, table.get(at), whole);
            }
            if (!(next.get() instanceof Node.Table inner)) {
                throw Unreadable.at(text, next.get().span().from(), "\"" + table.get(at) + "\" should be an object");
            }
            here = inner;
        }
        return addLast(here, name, value);
    }

    private static Object nested(List<String> tables, String name, Object value) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(tables.isEmpty() ? name : tables.get(0), tables.isEmpty() ? value : nested(tables.subList(1, tables.size()), name, value));
        return map;
    }

    private List<Splice> addLast(Node.Table table, String name, Object value) {
        if (table.span().isNone()) {
            return List.of(first(name, value));
        }
        if (!table.members().isEmpty()) {
            return addBehind(table.members().get(table.members().size() - 1), name, value);
        }
        String base = Layout.indentOfLine(text, table.span().from());
        String indent = base + style.unit();
        String added = newline() + indent + style.member(name, value, indent);
        int inside = table.span().from() + 1;
        String within = text.substring(inside, table.span().to() - 1);
        return within.isBlank()
                ? List.of(new Splice(inside, table.span().to() - 1, added + newline() + base))
                : List.of(Splice.insert(inside + within.stripTrailing().length(), added
                        + (Layout.indent(text, table.span().to() - 1) == null ? newline() + base : "")));
    }

    /** In a text of blanks and comments. */
    private Splice first(String name, Object value) {
        String whole = style.pretty(Map.of(name, value), "") + newline();
        int start = text.startsWith("\uFEFF") ? 1 : 0;
        if (text.substring(start).isBlank()) {
            return new Splice(start, text.length(), whole);
        }
        return Splice.insert(text.length(), (text.endsWith("\n") ? "" : newline()) + whole);
    }

    private List<Splice> addBehind(Node.Member before, String name, Object value) {
        int end = before.value().span().to();
        String indent = Layout.indent(text, before.start());
        int comma = commaBehind(before);
        if (indent == null) {
            return List.of(Splice.insert(end, style.comma() + style.memberInline(name, value)));
        }
        // behind a comment that belongs to the member before
        int at = Layout.behindCommentsOfLine(text, comma < 0 ? end : comma + 1);
        String added = newline() + indent + style.member(name, value, indent);
        return comma < 0
                ? List.of(Splice.insert(end, ","), Splice.insert(at, added))
                : List.of(Splice.insert(at, added + ","));
    }

    @Override
    public List<Splice> addBeside(List<String> table, String beside, String name, Object value) {
        Node.Table parent = (Node.Table) root.at(table).orElseThrow();
        return addBehind(parent.member(beside).orElseThrow(), name, value);
    }

    private int commaBehind(Node.Member member) {
        int end = member.value().span().to();
        int at = end;
        // a comma is the first thing behind a value that is neither blank nor comment, if there is one
        while (at < text.length()) {
            if (text.startsWith("//", at)) {
                at = Layout.lineEnd(text, at);
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at + 2) + 2;
            } else if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                return text.charAt(at) == ',' ? at : -1;
            }
        }
        return -1;
    }

    @Override
    public List<Splice> remove(List<String> path) {
        Node.Table parent = (Node.Table) root.at(path.subList(0, path.size() - 1)).orElseThrow();
        Node.Member member = parent.member(path.get(path.size() - 1)).orElseThrow();
        int index = parent.members().indexOf(member);
        boolean isLast = index == parent.members().size() - 1;
        int comma = commaBehind(member);
        List<Splice> splices = new ArrayList<>();
        int end = member.value().span().to();
        if (comma >= 0 && text.substring(end, comma).isBlank()) {
            end = comma + 1;
        } else if (comma >= 0) { // a comment before it stays
            splices.add(new Splice(comma, comma + 1, ""));
        }
        if (index > 0 && isLast && comma < 0) {
            int before = Layout.comma(text, parent.members().get(index - 1).value().span().to(), member.start());
            splices.add(new Splice(before, before + 1, ""));
        }
        boolean isOnItsLines = Layout.indent(text, member.start()) != null && text.substring(end, Layout.lineEnd(text, end)).isBlank();
        if (isOnItsLines) {
            splices.add(new Splice(Layout.lineStart(text, member.start()), Layout.nextLine(text, end), ""));
        } else {
            int from = member.start();
            while (index > 0 && isLast && from > 0 && text.charAt(from - 1) == ' ') {
                from--;
            }
            while (!isLast && end < text.length() && text.charAt(end) == ' ') {
                end++;
            }
            splices.add(new Splice(from, end, ""));
        }
        return splices;
    }
}
