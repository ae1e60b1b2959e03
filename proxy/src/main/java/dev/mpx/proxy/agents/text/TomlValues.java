package dev.mpx.proxy.agents.text;

import java.util.ArrayList;
import java.util.List;

/** The keys and values of a TOML text, read one after the other. Not thread-safe. */
final class TomlValues {
    /** One part of a dotted key. */
    record Key(String name, int from) {}

    private final String text;
    private int at;

    TomlValues(String text, int at) {
        this.text = text;
        this.at = at;
    }

    int at() {
        return at;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    private char here() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private Unreadable wrong(String what) {
        return Unreadable.at(text, at, what);
    }

    boolean take(String word) {
        boolean isThere = text.startsWith(word, at);
        at += isThere ? word.length() : 0;
        return isThere;
    }

    void expect(String word) throws Unreadable {
        skipBlanks();
        if (!take(word)) {
            throw wrong("\"" + word + "\" was expected here");
        }
    }

    private void skipBlanks() {
        while (here() == ' ' || here() == '\t') {
            at++;
        }
    }

    void skipBlanksLinesAndComments() {
        while (!atEnd()) {
            if (here() == '#') {
                at = Layout.lineEnd(text, at);
            } else if (Character.isWhitespace(here())) {
                at++;
            } else {
                return;
            }
        }
    }

    /** Up to the next line: nothing but a comment may stand there. */
    void endLine() throws Unreadable {
        skipBlanks();
        if (here() == '#') {
            at = Layout.lineEnd(text, at);
        }
        if (!atEnd() && here() != '\n' && !text.startsWith("\r\n", at)) {
            throw wrong("the end of the line was expected here");
        }
        at = Layout.nextLine(text, at);
    }

    /** A dotted key. */
    List<Key> keys() throws Unreadable {
        List<Key> keys = new ArrayList<>();
        do {
            skipBlanks();
            int from = at;
            keys.add(new Key(here() == '"' || here() == '\'' ? string() : bareKey(), from));
            skipBlanks();
        } while (take("."));
        return keys;
    }

    private String bareKey() throws Unreadable {
        int from = at;
        while (Character.isLetterOrDigit(here()) || here() == '_' || here() == '-') {
            at++;
        }
        if (from == at) {
            throw wrong("a key was expected here");
        }
        return text.substring(from, at);
    }

    Node value() throws Unreadable {
        skipBlanks();
        int from = at;
        if (here() == '"' || here() == '\'') {
            String string = string();
            return new Node.Text(new Node.Span(from, at), string);
        }
        if (take("[")) {
            return list(from);
        }
        if (take("{")) {
            return table(from);
        }
        while (!atEnd() && ",]}#\r\n".indexOf(here()) < 0) {
            at++;
        }
        String written = text.substring(from, at).strip();
        if (written.isEmpty() || !Character.isLetterOrDigit(written.charAt(0)) && "+-".indexOf(written.charAt(0)) < 0) {
            at = from;
            throw wrong("a value was expected here");
        }
        at = from + written.length();
        return new Node.Other(new Node.Span(from, at), written);
    }

    private Node list(int from) throws Unreadable {
        List<Node> elements = new ArrayList<>();
        skipBlanksLinesAndComments();
        while (!take("]")) {
            elements.add(value());
            skipBlanksLinesAndComments();
            if (!take(",") && here() != ']') {
                throw wrong("\",\" or \"]\" was expected here");
            }
            skipBlanksLinesAndComments();
        }
        return new Node.Sequence(new Node.Span(from, at), List.copyOf(elements));
    }

    private Node table(int from) throws Unreadable {
        List<Node.Member> members = new ArrayList<>();
        skipBlanks();
        while (!take("}")) {
            List<Key> keys = keys();
            failIfTwice(members, keys);
            expect("=");
            Node value = value();
            members.add(dotted(keys, value));
            skipBlanks();
            if (!take(",") && here() != '}') {
                throw wrong("\",\" or \"}\" was expected here");
            }
            skipBlanks();
        }
        return new Node.Table(new Node.Span(from, at), List.copyOf(members));
    }

    /** Only those with dots may come again, if they name different parts. */
    private void failIfTwice(List<Node.Member> members, List<Key> keys) throws Unreadable {
        String name = keys.get(0).name();
        if (keys.size() == 1 && members.stream().anyMatch(member -> member.name().equals(name))) {
            throw Unreadable.at(text, keys.get(0).from(), "\"" + name + "\" is defined twice");
        }
    }

    private Node.Member dotted(List<Key> keys, Node value) {
        Node inner = value;
        for (int i = keys.size() - 1; i > 0; i--) {
            String prefix = text.substring(keys.get(0).from(), keys.get(i).from());
            inner = new Node.Table(Node.Span.NONE, List.of(new Node.Member(keys.get(i).name(), keys.get(0).from(), prefix, inner)));
        }
        return new Node.Member(keys.get(0).name(), keys.get(0).from(), "", inner);
    }

    private String string() throws Unreadable {
        char quote = here();
        String three = String.valueOf(quote).repeat(3);
        boolean isLong = text.startsWith(three, at);
        int from = at;
        at += isLong ? 3 : 1;
        int begun = at;
        while (true) {
            if (atEnd() || !isLong && here() == '\n') {
                at = from;
                throw wrong("the string that begins here has no end");
            }
            if (quote == '"' && here() == '\\') {
                at += 2;
            } else if (isLong ? text.startsWith(three, at) && !text.startsWith(quote + three, at) : here() == quote) {
                String raw = text.substring(begun, at);
                at += isLong ? 3 : 1;
                return quote == '\'' ? raw : TomlStrings.decode(isLong ? raw.replaceFirst("^\r?\n", "") : raw);
            } else {
                at++;
            }
        }
    }
}
