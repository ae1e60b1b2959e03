package dev.mpx.proxy.status;

/** How a piece of text stands out on a terminal: colours of the terminal's own palette, so that they suit any background. */
enum Style {
    NONE(""),
    GOOD("1;32"),
    WARNING("33"),
    BAD("1;31"),
    STRONG("1"),
    FAINT("2");

    private static final String ESCAPE = "\u001b[";
    private final String code;

    Style(String code) {
        this.code = code;
    }

    /** @param text a {@link Plain} one */
    String paint(String text) {
        return this == NONE || text.isEmpty() ? text : ESCAPE + code + "m" + text + ESCAPE + "0m";
    }
}
