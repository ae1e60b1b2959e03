package dev.mpx.proxy.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A fault of some versions of MemPalace: a line of {@code palace-faults.tsv}.
 *
 * @param from the first version that has it
 * @param before the first that has it no more; empty: none yet
 * @param severity how much it matters behind mpx
 * @param what it is, without a dot at its end
 * @param why it matters
 * @param source who says so
 */
record KnownFault(ReleaseNumber from, Optional<ReleaseNumber> before, Severity severity, String what, String why, String source) {
    private static final int COLUMNS = 6;

    boolean isIn(ReleaseNumber version) {
        return version.compareTo(from) >= 0 && (before.isEmpty() || version.compareTo(before.get()) < 0);
    }

    /** All that are known. */
    static List<KnownFault> all() {
        try (InputStream in = Objects.requireNonNull(KnownFault.class.getResourceAsStream("palace-faults.tsv"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).map(KnownFault::of).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static KnownFault of(String line) {
        String[] columns = line.split("\t");
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " columns: " + line);
        }
        return new KnownFault(
                ReleaseNumber.of(columns[0]).orElseThrow(),
                columns[1].equals("-") ? Optional.empty() : Optional.of(ReleaseNumber.of(columns[1]).orElseThrow()),
                Severity.valueOf(columns[2].toUpperCase(Locale.ROOT)), columns[3], columns[4], columns[5]);
    }
}
