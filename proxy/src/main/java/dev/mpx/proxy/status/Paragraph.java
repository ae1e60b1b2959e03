package dev.mpx.proxy.status;

/** Words on lines that a terminal's width allows. The native program's wrap.c, once more. Not thread-safe. */
public final class Paragraph {
    private static final String CONTINUED = " \\";

    private final int width;
    private final int indent;
    private final StringBuilder text = new StringBuilder();
    private int lineBegin;

    /** @param indent of all lines but the first */
    public Paragraph(int width, int indent) {
        this.width = width;
        this.indent = indent;
    }

    /** Goes on with words that blanks divide; a blank at their end is left out. One that is wider than a line stays whole. */
    public Paragraph prose(String words) {
        return add(words, false);
    }

    /**
     * Goes on with a command, in the next line if it does not fit into this one. Its lines end with a backslash and are not broken within
     * quotes, so what is copied from several is one command.
     */
    public Paragraph command(String words) {
        if (words.isEmpty()) {
            return this;
        }
        if (column() > indent && column() + 1 + Columns.of(words) > width) {
            beginLine();
        } else if (column() > indent) {
            text.append(' ');
        }
        return add(words, true);
    }

    private Paragraph add(String words, boolean isCommand) {
        String between = "";
        for (int at = 0; at < words.length();) {
            int end = isCommand ? endOfWord(words, at) : endAtBlank(words, at);
            String word = words.substring(at, end);
            int room = isCommand && end < words.length() ? CONTINUED.length() : 0;
            if (column() + between.length() > indent && column() + between.length() + Columns.of(word) + room > width) {
                text.append(isCommand && !between.isEmpty() ? CONTINUED : "");
                beginLine();
            } else {
                text.append(between);
            }
            text.append(word);
            between = " ";
            at = end + 1;
        }
        return this;
    }

    private static int endAtBlank(String words, int from) {
        int blank = words.indexOf(' ', from);
        return blank < 0 ? words.length() : blank;
    }

    private static int endOfWord(String words, int from) {
        boolean isQuoted = false;
        int at = from;
        for (; at < words.length() && (isQuoted || words.charAt(at) != ' '); at++) {
            if (words.charAt(at) == '\'') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && words.charAt(at) == '\\' && at + 1 < words.length()) {
                at++;
            }
        }
        return at;
    }

    private void beginLine() {
        text.append('\n');
        lineBegin = text.length();
        text.append(Columns.spaces(indent));
    }

    private int column() {
        return Columns.of(text.substring(lineBegin));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
