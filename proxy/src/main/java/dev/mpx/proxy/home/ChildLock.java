package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a guard writes into the lock file that it holds (native/README.md, "The locks"). Stateless. */
public final class ChildLock {
    private static final Pattern RECORD = Pattern.compile("pid=(\\d+) start=(\\d+) boot=(\\S+) state=(?:running|ending)\\s*");

    private static final String ENDED = " state=ended";

    private ChildLock() {}

    /**
     * The record of the guard that wrote last, if it has seen all that it guarded end. One that was killed has not, and where there
     * is no record nobody knows. Not for a process that has itself locked the file: it would lose that lock by reading (fcntl(2)).
     */
    public static Optional<String> ended(Path file) {
        try {
            String record = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII).stripTrailing();
            return Optional.of(record).filter(text -> text.endsWith(ENDED));
        } catch (IOException noRecord) {
            return Optional.empty();
        }
    }

    /** The guard that says it holds the file, if that very process lives. Nothing is locked or tried for it. */
    public static Optional<ProcessIdentity> livingGuard(Path file) {
        try {
            Matcher record = RECORD.matcher(new String(Files.readAllBytes(file), StandardCharsets.US_ASCII));
            return record.matches() && record.group(3).equals(BootId.current())
                    ? Optional.of(new ProcessIdentity(Long.parseLong(record.group(1)), "ticks:" + record.group(2)))
                            .filter(ProcessIdentity::isLiving)
                    : Optional.empty();
        } catch (IOException | NumberFormatException noRecord) {
            return Optional.empty();
        }
    }
}
