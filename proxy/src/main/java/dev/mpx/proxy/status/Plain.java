package dev.mpx.proxy.status;

/**
 * What others call themselves, made harmless for a terminal: an agent's name may hold an escape sequence that repaints the
 * screen or types into the shell. Control characters (C0, C1, DEL), line separators, what changes the direction of writing and
 * halves of characters become U+FFFD; what is invisible or only joins others to a picture is left out.
 */
public final class Plain {
    private static final int REPLACEMENT = 0xFFFD;

    private Plain() {}

    public static String of(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return text;
        }
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(character -> add(plain, character));
        return plain.toString();
    }

    private static void add(StringBuilder plain, int character) {
        switch (Character.getType(character)) {
            case Character.CONTROL, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> plain.appendCodePoint(REPLACEMENT);
            case Character.FORMAT -> {
                if (changesDirection(character)) {
                    plain.appendCodePoint(REPLACEMENT);
                }
            }
            default -> {
                if (!isVariationSelector(character)) {
                    plain.appendCodePoint(character);
                }
            }
        }
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
