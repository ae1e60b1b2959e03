package dev.mpx.proxy.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** In which line of a TOML file a value stands; the library that reads it does not say. The text must be good TOML. */
final class TomlLines {
    private TomlLines() {}

    /**
     * The line, from 1, that gives a key its value, or gives the table that it is in as a whole.
     *
     * @param path the names of the tables around it, and its own
     */
    static OptionalInt of(String text, List<String> path) {
        List<String> table = List.of();
        int best = 0;
        int line = 0;
        int found = 0;
        boolean inText = false;
        for (String written : text.split("\n", -1)) {
            line++;
            String words = written.strip();
            boolean begunInText = inText;
            inText ^= isOdd(words, "\"\"\"") ^ isOdd(words, "'''");
            if (begunInText || words.isEmpty() || words.startsWith("#")) {
                continue;
            }
            List<String> named;
            if (words.startsWith("[") && !words.startsWith("[[")) {
                table = names(words.substring(1), ']');
                named = table;
            } else {
                named = new ArrayList<>(table);
                named.addAll(names(words, '='));
            }
            if (named.size() > best && named.size() <= path.size() && path.subList(0, named.size()).equals(named)) {
                best = named.size();
                found = line;
            }
        }
        return best == 0 ? OptionalInt.empty() : OptionalInt.of(found);
    }

    private static boolean isOdd(String words, String mark) {
        int count = 0;
        for (int at = words.indexOf(mark); at >= 0; at = words.indexOf(mark, at + mark.length())) {
            count++;
        }
        return count % 2 == 1;
    }

    /** The parts of a dotted key, up to what ends it. */
    private static List<String> names(String words, char end) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        char quote = 0;
        for (char c : words.toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    name.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '.' || c == end) {
                names.add(name.toString());
                name.setLength(0);
                if (c == end) {
                    break;
                }
            } else if (c != ' ' && c != '\t') {
                name.append(c);
            }
        }
        return names;
    }
}
