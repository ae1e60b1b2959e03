package dev.mpx.framing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** JSON strings to and from Java strings. Stateless. */
public final class JsonText {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private JsonText() {}

    /**
     * The text as a JSON string literal in UTF-8, quotes included, with no line break in it. Half a surrogate
     * pair, which UTF-8 can't express, is written as an escape.
     */
    public static byte[] quote(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 16);
        out.write('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                out.writeBytes(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
                escape(out, c);
                plain = i + 1;
            }
        }
        out.writeBytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
        out.write('"');
        return out.toByteArray();
    }

    private static void escape(ByteArrayOutputStream out, char c) {
        out.write('\\');
        switch (c) {
            case '"', '\\' -> out.write(c);
            case '\b' -> out.write('b');
            case '\f' -> out.write('f');
            case '\n' -> out.write('n');
            case '\r' -> out.write('r');
            case '\t' -> out.write('t');
            default -> {
                out.write('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.write(HEX[c >> shift & 15]);
                }
            }
        }
    }

    /** The text between the quotes of a valid JSON string: {@code [from, to)} is what stands between them. */
    static String decode(byte[] bytes, int from, int to) {
        int escape = indexOfBackslash(bytes, from, to);
        if (escape == to) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(to - from);
        int plain = from;
        while (escape < to) {
            text.append(new String(bytes, plain, escape - plain, StandardCharsets.UTF_8));
            char kind = (char) bytes[escape + 1];
            plain = escape + 2;
            switch (kind) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    int unit = 0;
                    for (int i = 0; i < 4; i++) {
                        unit = unit << 4 | Character.digit(bytes[plain++], 16);
                    }
                    text.append((char) unit);
                }
                default -> text.append(kind);
            }
            escape = indexOfBackslash(bytes, plain, to);
        }
        return text.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8)).toString();
    }

    /** Whether the string that stands between {@code from} and {@code to}, quotes excluded, decodes to the text. */
    static boolean matches(byte[] bytes, int from, int to, String text) {
        int length = to - from;
        // A character of Java's takes one to six bytes of JSON.
        if (length < text.length() || length > 6L * text.length()) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            byte b = bytes[from + i];
            if (b < 0 || b == '\\') {
                return decode(bytes, from, to).equals(text);
            }
            if (i >= text.length() || b != text.charAt(i)) {
                return false;
            }
        }
        return length == text.length();
    }

    private static int indexOfBackslash(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\\') {
            i++;
        }
        return i;
    }
}
