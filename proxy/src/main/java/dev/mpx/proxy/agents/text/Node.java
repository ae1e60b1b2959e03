package dev.mpx.proxy.agents.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A value of a configuration, and where its text stands. */
public sealed interface Node {
    /** Where its text stands; of a TOML table that is written in several places, nowhere. */
    Span span();

    /** The same as maps, lists, strings, numbers, booleans, for comparing; a number is kept as it is written. */
    Object plain();

    /** A range of characters; {@code from == to} where there is none. */
    record Span(int from, int to) {
        static final Span NONE = new Span(0, 0);

        String of(String text) {
            return text.substring(from, to);
        }

        boolean isNone() {
            return from == to;
        }
    }

    /**
     * A value by its name.
     *
     * @param start where the text of its key begins
     * @param prefix what stands before the last part of a dotted key, its dot included; empty in JSON
     */
    record Member(String name, int start, String prefix, Node value) {}

    /** An object, or a table. */
    record Table(Span span, List<Member> members) implements Node {
        /** The member of that name: the last, where several have it. */
        public Optional<Member> member(String name) {
            return members.stream().filter(member -> member.name().equals(name)).reduce((first, second) -> second);
        }

        /**
         * Those that count: of a name that several have, the last, as JSON.parse and every other reader of agents takes it. What dotted
         * keys of TOML make is one table in several parts, which all count.
         */
        public List<Member> counting() {
            Map<String, Member> last = new LinkedHashMap<>();
            members.forEach(member -> last.put(member.name(), member));
            return members.stream().filter(member -> member.value().span().isNone() || last.get(member.name()) == member).toList();
        }

        /** All that are written as one value of that name, of which the last counts. */
        public List<Member> written(String name) {
            return members.stream().filter(member -> member.name().equals(name) && !member.value().span().isNone()).toList();
        }

        public Optional<Node> get(String name) {
            return member(name).map(Member::value);
        }

        @Override
        public Map<String, Object> plain() {
            Map<String, Object> map = new LinkedHashMap<>();
            members.forEach(member -> map.put(member.name(), member.value().plain()));
            return map;
        }
    }

    /** An array. */
    record Sequence(Span span, List<Node> elements) implements Node {
        Optional<Node> element(String number) {
            return number.matches("\\d{1,6}") && Integer.parseInt(number) < elements.size()
                    ? Optional.of(elements.get(Integer.parseInt(number)))
                    : Optional.empty();
        }

        @Override
        public List<Object> plain() {
            List<Object> list = new ArrayList<>();
            elements.forEach(element -> list.add(element.plain()));
            return list;
        }
    }

    /** A string. */
    record Text(Span span, String value) implements Node {
        @Override
        public Object plain() {
            return value;
        }
    }

    /** A number, a boolean, a date, null: as it is written. */
    record Other(Span span, String written) implements Node {
        /** Told from the string of the same letters. */
        record Word(String written) {}

        @Override
        public Object plain() {
            return new Word(written);
        }
    }

    /** The string that this is; empty if it is anything else. */
    default Optional<String> text() {
        return this instanceof Text text ? Optional.of(text.value()) : Optional.empty();
    }

    /** What stands at this path of names and, in arrays, numbers. */
    default Optional<Node> at(List<String> path) {
        Node here = this;
        for (String name : path) {
            Optional<Node> next = here instanceof Table table ? table.get(name)
                    : here instanceof Sequence sequence ? sequence.element(name) : Optional.empty();
            if (next.isEmpty()) {
                return next;
            }
            here = next.get();
        }
        return Optional.of(here);
    }
}
