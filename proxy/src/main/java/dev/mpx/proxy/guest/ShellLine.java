package dev.mpx.proxy.guest;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a POSIX shell does (Shell Command Language, 2.2), where each word stands for itself
 * alone. A line in which anything else happens (expansion, redirection, a second command, a comment) is no such line: nothing of
 * it is guessed. Stateless.
 */
final class ShellLine {
    /** Unquoted, each of these has the shell do something; {@code =} before a command's name sets a variable. */
    private static final String SPECIAL = "|&;<>()$`*?[]#~!{}\n\r";
    private static final String ESCAPED_IN_DOUBLE_QUOTES = "$`\"\\";

    private final String line;
    private int at;

    private ShellLine(String line) {
        this.line = line;
    }

    /** @throws RefusedException if it is more than words */
    static List<String> words(String line) throws RefusedException {
        return new ShellLine(line).words();
    }

    private List<String> words() throws RefusedException {
        List<String> words = new ArrayList<>();
        skipBlanks();
        while (at < line.length()) {
            words.add(word());
            if (words.size() == 1 && words.get(0).indexOf('=') >= 0) {
                throw new RefusedException("it has the shell set a variable");
            }
            skipBlanks();
        }
        return words;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    private String word() throws RefusedException {
        StringBuilder word = new StringBuilder();
        while (at < line.length() && !isBlank(line.charAt(at))) {
            char c = line.charAt(at++);
            switch (c) {
                case '\'' -> singleQuoted(word);
                case '"' -> doubleQuoted(word);
                case '\\' -> word.append(escaped());
                default -> word.append(plain(c));
            }
        }
        return word.toString();
    }

    private static char plain(char c) throws RefusedException {
        if (SPECIAL.indexOf(c) >= 0 || c < ' ' || c == 0x7f) {
            throw new RefusedException("it has the shell do more than run one command");
        }
        return c;
    }

    private char escaped() throws RefusedException {
        char c = next();
        if (c == '\n') {
            throw new RefusedException("it goes over several lines");
        }
        return c;
    }

    private void singleQuoted(StringBuilder word) throws RefusedException {
        for (char c = next(); c != '\''; c = next()) {
            word.append(c);
        }
    }

    private void doubleQuoted(StringBuilder word) throws RefusedException {
        for (char c = next(); c != '"'; c = next()) {
            if (c == '$' || c == '`') {
                throw new RefusedException("it has the shell do more than run one command");
            }
            if (c == '\\') {
                char second = next();
                if (ESCAPED_IN_DOUBLE_QUOTES.indexOf(second) < 0) {
                    word.append(c);
                }
                if (second == '\n') {
                    throw new RefusedException("it goes over several lines");
                }
                c = second;
            }
            word.append(c);
        }
    }

    private char next() throws RefusedException {
        if (at >= line.length()) {
            throw new RefusedException("it ends within a quotation");
        }
        return line.charAt(at++);
    }
}
