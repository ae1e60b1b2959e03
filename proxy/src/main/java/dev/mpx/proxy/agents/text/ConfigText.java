package dev.mpx.proxy.agents.text;

import java.util.List;
import java.util.Map;

/**
 * The text of a configuration: its values where they stand, and the splices that would change one and nothing else. A value to
 * be written is a string, a boolean, a list of strings, a map of values by name, or a {@link Raw}. Immutable.
 */
public interface ConfigText {
    /** A value that is written as it was, in the language of the text. */
    record Raw(String text) {}

    String text();

    /** Everything; a text without a value is an empty table. */
    Node.Table root();

    /** The same text after splices, read again. */
    ConfigText with(List<Splice> splices) throws Unreadable;

    /**
     * What it says, by another reader than that of {@link #root} where there is one: maps, lists and what can be compared.
     *
     * @throws Unreadable if that reader finds something wrong
     */
    Map<String, Object> meaning() throws Unreadable;

    /** Another value in the place of this one. */
    Splice set(Node value, Object other);

    /** A value in one line, as the text would have it. */
    String inline(Object value);

    /** What stands between two values on one line. */
    String comma();

    /** Words before all others of a list. */
    default List<Splice> prepend(Node.Sequence list, List<String> words) {
        if (list.elements().isEmpty()) {
            return List.of(set(list, words));
        }
        int first = list.elements().get(0).span().from();
        String indent = Layout.indent(text(), first);
        String between = indent == null ? comma() : "," + newline() + indent;
        StringBuilder before = new StringBuilder();
        words.forEach(word -> before.append(inline(word)).append(between));
        return List.of(Splice.insert(first, before.toString()));
    }

    /**
     * A value with a new name, behind all others of the table at that path; tables that are not there are made.
     *
     * @throws Unreadable if something on the path is no table
     */
    List<Splice> add(List<String> table, String name, Object value) throws Unreadable;

    /** A value with a new name in the table at that path, next to the one named {@code beside}. */
    List<Splice> addBeside(List<String> table, String beside, String name, Object value);

    /** Takes the value at that path away, with its name and its lines. */
    List<Splice> remove(List<String> path);

    /** How the value at this path is written. */
    default String written(Node node) {
        return node.span().of(text());
    }

    /** The line in which the key of a member stands, from 1. */
    default int line(Node.Member member) {
        return Unreadable.at(text(), member.start(), "").line();
    }

    /** The line end that the text uses. */
    default String newline() {
        int first = text().indexOf('\n');
        return first > 0 && text().charAt(first - 1) == '\r' ? "\r\n" : "\n";
    }
}
