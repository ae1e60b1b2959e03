package dev.mpx.proxy.status;

/**
 * What others call themselves, made harmless for a terminal: an agent's name may hold an escape sequence that repaints the
 * screen or types into the shell. Control characters (C0, C1, DEL), line separators, what changes the direction of writing,
 * characters of private use or of no use yet and halves of characters become U+FFFD; what is invisible or only joins others to a
 * picture is left out. The native program's plain.c has the same rules.
 */
public final class Plain {
    private static final int REPLACEMENT = 0xFFFD;

    private Plain() {}

    private enum Fate {
        STAYS,
        IS_REPLACED,
        IS_LEFT_OUT
    }

    /** A text of one line. */
    public static String of(String text) {
        return plain(text, "");
    }

    /** Any text as one line, with escapes for what would not be shown: {@code \\n}, {@code \\u001b}. */
    public static String escaped(String text) {
        if (text.chars().allMatch(Plain::isUsual)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(character -> {
            if (character == '\n') {
                line.append("\\n");
            } else if (character != '\t' && isHarmful(character)) {
                appendEscape(line, character);
            } else {
                line.appendCodePoint(character);
            }
        });
        return line.toString();
    }

    private static void appendEscape(StringBuilder text, int character) {
        for (char half : Character.toChars(character)) {
            text.append(String.format("\\u%04x", (int) half));
        }
    }

    /** A text of several lines: line feeds and tabs stay. */
    public static String lines(String text) {
        return plain(text, "\n\t");
    }

    private static String plain(String text, String kept) {
        if (text.chars().allMatch(c -> isUsual(c) || kept.indexOf(c) >= 0)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            Fate fate = kept.indexOf(character) >= 0 ? Fate.STAYS : fate(character);
            if (fate != Fate.IS_LEFT_OUT) {
                plain.appendCodePoint(fate == Fate.STAYS ? character : REPLACEMENT);
            }
        });
        return plain.toString();
    }

    /** A text of JSON that says the same, with escapes in place of what would be replaced or left out. */
    public static String json(String json) {
        if (json.chars().allMatch(Plain::isUsual)) {
            return json;
        }
        StringBuilder escaped = new StringBuilder(json.length() + 32);
        json.codePoints().forEach(character -> {
            // all below are escaped in JSON, but for blanks and line ends between values
            if (character < 0x7F || fate(character) == Fate.STAYS) {
                escaped.appendCodePoint(character);
            } else {
                appendEscape(escaped, character);
            }
        });
        return escaped.toString();
    }

    /** Whether a terminal may do something else with it than show it. */
    public static boolean isHarmful(int character) {
        return fate(character) == Fate.IS_REPLACED;
    }

    private static boolean isUsual(int character) {
        return character >= ' ' && character < 0x7F;
    }

    private static Fate fate(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> Fate.IS_REPLACED;
            case Character.FORMAT -> changesDirection(character) ? Fate.IS_REPLACED : Fate.IS_LEFT_OUT;
            default -> isVariationSelector(character) ? Fate.IS_LEFT_OUT : Fate.STAYS;
        };
    }

    private static boolean changesDirection(int character) {
        return character == 0x061C || character >= 0x200E && character <= 0x200F || character >= 0x202A && character <= 0x202E
                || character >= 0x2066 && character <= 0x2069;
    }

    /** They make a narrow character wide in some terminals and not in others. */
    private static boolean isVariationSelector(int character) {
        return character >= 0xFE00 && character <= 0xFE0F || character >= 0xE0100 && character <= 0xE01EF;
    }
}
