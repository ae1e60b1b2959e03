package dev.mpx.proxy.agents.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** A text that is not what it should be, and where; the message says what is wrong there. */
public final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    Unreadable(int line, int column, String what) {
        super(what.strip().replaceAll("\\s*\\R\\s*", " ").replaceFirst("\\.+$", "")); // a part of somebody's sentence
        this.line = line;
        this.column = column;
    }

    /** What is wrong at a character. */
    static Unreadable at(String text, int offset, String what) {
        int until = Math.max(0, Math.min(offset, text.length()));
        int line = 1;
        int begun = text.startsWith("\uFEFF") ? 1 : 0;
        for (int i = 0; i < until; i++) {
            if (text.charAt(i) == '\n') {
                line++;
                begun = i + 1;
            }
        }
        return new Unreadable(line, Math.max(0, until - begun) + 1, what);
    }

    /** What is wrong with a text as a whole. */
    public static Unreadable of(String what) {
        return new Unreadable(1, 1, what);
    }

    /** Bytes that are no UTF-8: where the first of them stands. */
    public static Unreadable inBytes(byte[] bytes) {
        CharBuffer good = CharBuffer.allocate(bytes.length);
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), good, true);
        String text = good.flip().toString();
        return at(text, text.length(), "this is no UTF-8");
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** In characters, from 1. */
    public int column() {
        return column;
    }
}
