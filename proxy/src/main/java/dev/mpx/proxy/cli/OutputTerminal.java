package dev.mpx.proxy.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The terminal that standard output is, if it is one: how wide it is, and what it understands. The native program's terminal.c has the
 * same rules.
 *
 * @param columns for whoever cuts lines: COLUMNS, else the terminal's own width, else 80; {@link #UNLIMITED} where it is no terminal
 * @param isAble whether it understands escape sequences: not where TERM is unset, empty or {@code dumb}
 * @param wantsColours whether colours are wanted if nothing else is said: on such a terminal, unless NO_COLOR is set (no-color.org)
 */
record OutputTerminal(int columns, boolean isAble, boolean wantsColours) {
    /** What a pipe or a file has: nobody's lines are that long. */
    static final int UNLIMITED = 1_000_000;

    private static final int USUAL = 80;
    private static final int NARROWEST = 40;

    /** Java can't tell whether standard output alone is a terminal, so a shell looks: it inherits that, and answers on its other output. */
    private static final String QUESTION = "[ -t 1 ] && { stty size </dev/tty 2>/dev/null || echo 0 0; } >&2";

    /** That of this process at this moment. Blocks for some milliseconds. */
    static OutputTerminal ofProcess() {
        return of(size(), System.getenv());
    }

    /** @param size rows and columns, zeros if the terminal does not tell; empty if it is none */
    static OutputTerminal of(String size, Map<String, String> variables) {
        String kind = variables.getOrDefault("TERM", "");
        boolean isAble = !size.isEmpty() && !kind.isEmpty() && !kind.equals("dumb");
        int columns = size.isEmpty() ? UNLIMITED
                : number(variables.getOrDefault("COLUMNS", "")).or(() -> number(size.substring(size.indexOf(' ') + 1))).orElse(USUAL);
        return new OutputTerminal(Math.max(NARROWEST, columns), isAble, isAble && variables.getOrDefault("NO_COLOR", "").isEmpty());
    }

    boolean isThere() {
        return columns < UNLIMITED;
    }

    /** One that a terminal may have. */
    private static Optional<Integer> number(String text) {
        try {
            return Optional.of(Integer.parseInt(text.strip())).filter(columns -> columns > 0 && columns < UNLIMITED);
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    private static String size() {
        try {
            Process shell = new ProcessBuilder("/bin/sh", "-c", QUESTION).redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
            return new String(shell.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException noShell) {
            return "";
        }
    }
}
