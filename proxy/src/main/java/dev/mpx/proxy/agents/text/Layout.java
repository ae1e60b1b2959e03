package dev.mpx.proxy.agents.text;

/** Where lines begin and end, and what stands between values. Stateless. */
final class Layout {
    private Layout() {}

    static int lineStart(String text, int at) {
        int start = text.lastIndexOf('\n', at - 1) + 1;
        return start == 0 && text.startsWith("\uFEFF") && at > 0 ? 1 : start;
    }

    /** Where the line ends that {@code at} is in: at its line end, or at the text's. */
    static int lineEnd(String text, int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end > at && text.charAt(end - 1) == '\r' ? end - 1 : end;
    }

    /** Behind the line end. */
    static int nextLine(String text, int at) {
        int end = text.indexOf('\n', at);
        return end < 0 ? text.length() : end + 1;
    }

    /** The blanks before {@code at} if nothing else stands before it in its line; null otherwise. */
    static String indent(String text, int at) {
        String before = text.substring(lineStart(text, at), at);
        return before.isBlank() ? before : null;
    }

    /** The blanks that the line of {@code at} begins with. */
    static String indentOfLine(String text, int at) {
        int start = lineStart(text, at);
        int end = start;
        while (end < at && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return text.substring(start, end);
    }

    /** Where a comma stands outside of comments, from {@code from} on and before {@code to}; -1 if there is none. */
    static int comma(String text, int from, int to) {
        int at = from;
        while (at < to) {
            if (text.startsWith("//", at)) {
                at = lineEnd(text, at);
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at + 2) + 1;
            } else if (text.charAt(at) == ',') {
                return at;
            }
            at++;
        }
        return -1;
    }

    /** Behind blanks and comments that begin in the line of {@code from}: its end, if a comment in one line is all there is. */
    static int behindCommentsOfLine(String text, int from) {
        int at = from;
        int behind = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (text.startsWith("//", at)) {
                return lineEnd(text, at);
            } else if (text.startsWith("/*", at)) {
                at = text.indexOf("*/", at + 2) + 2;
                behind = at;
            } else if (c == ' ' || c == '\t') {
                at++;
            } else {
                return behind;
            }
        }
        return behind;
    }
}
