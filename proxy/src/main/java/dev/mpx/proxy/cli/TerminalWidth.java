package dev.mpx.proxy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** How many columns standard output has, for whoever cuts lines. Stateless. */
final class TerminalWidth {
    /** What a pipe or a file has: nobody's lines are that long. */
    static final int UNLIMITED = 1_000_000;

    private static final int USUAL = 80;
    private static final int NARROWEST = 40;

    /** Java can't tell whether standard output alone is a terminal, so a shell looks: it inherits that, and answers on its other output. */
    private static final String QUESTION = "[ -t 1 ] && { stty size </dev/tty 2>/dev/null || echo 0 0; } >&2";

    private TerminalWidth() {}

    /** COLUMNS, else the terminal's own width, else 80; {@link #UNLIMITED} where it is no terminal. */
    static int ofStandardOutput() {
        String size = size();
        return size.isEmpty() ? UNLIMITED : columns(System.getenv("COLUMNS"), columns(size.substring(size.indexOf(' ') + 1), USUAL));
    }

    private static int columns(String text, int otherwise) {
        try {
            int columns = text == null ? 0 : Integer.parseInt(text.strip());
            return columns > 0 ? Math.max(NARROWEST, columns) : otherwise;
        } catch (NumberFormatException notANumber) {
            return otherwise;
        }
    }

    /** Rows and columns, zeros if the terminal does not tell; empty if it is none. */
    private static String size() {
        try {
            Process shell = new ProcessBuilder("/bin/sh", "-c", QUESTION).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
            return new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException noShell) {
            return "";
        }
    }
}
