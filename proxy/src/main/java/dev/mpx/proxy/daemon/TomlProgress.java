package dev.mpx.proxy.daemon;

import java.io.Reader;

/** A text that knows how far it has been read: the library that reads TOML does not say where it gave up. Not thread-safe. */
final class TomlProgress extends Reader {
    private final String text;
    private int at;

    TomlProgress(String text) {
        this.text = text;
    }

    /** One character at a time, so that nobody reads ahead. */
    @Override
    public int read(char[] into, int offset, int length) {
        if (at >= text.length() || length == 0) {
            return length == 0 ? 0 : -1;
        }
        into[offset] = text.charAt(at++);
        return 1;
    }

    @Override
    public void close() {
        // nothing is open
    }

    /** Where the last character stands that was read: {@code line 2, column 11}, from 1. */
    String where() {
        int last = Math.max(0, at - 1);
        int begin = last == 0 ? 0 : text.lastIndexOf('\n', last - 1) + 1;
        long line = text.substring(0, begin).chars().filter(c -> c == '\n').count() + 1;
        return "line " + line + ", column " + (last - begin + 1);
    }
}
