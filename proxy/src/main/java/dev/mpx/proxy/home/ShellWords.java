package dev.mpx.proxy.home;

import java.util.List;

/** Commands as a person can paste them into a POSIX shell. Stateless. */
public final class ShellWords {
    private static final String PLAIN = "@%+=:,./-_";

    private ShellWords() {}

    public static String join(List<String> words) {
        StringBuilder line = new StringBuilder();
        for (String word : words) {
            line.append(line.length() > 0 ? " " : "").append(quote(word));
        }
        return line.toString();
    }

    /** The word itself where it means nothing to a shell, else in single quotes. */
    public static String quote(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length(); i++) {
            plain &= Character.isLetterOrDigit(word.charAt(i)) || PLAIN.indexOf(word.charAt(i)) >= 0;
        }
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
