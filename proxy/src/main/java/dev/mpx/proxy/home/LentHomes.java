package dev.mpx.proxy.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which homes' palaces are lent to the jobs that a process is part of: those that {@code MPX_LENT} names, the innermost first, with ':' in
 * between. A variable alone proves nothing, since it may be left over: the guard of such a job must be above the process as well. The
 * native program's {@code jobs/lent.c} says the same; docs/jobs.md.
 */
public final class LentHomes {
    public static final String VARIABLE = "MPX_LENT";

    /** A parent that ends between two looks breaks the line; the next look finds who has adopted its children. */
    private static final int LOOKS = 20;

    private LentHomes() {}

    /** Whether a value of the variable names that home. One with a ':' in it may be seen where there is none: it is not the proof. */
    public static boolean names(String homes, Home home) {
        return (":" + homes + ":").contains(":" + home.directory() + ":");
    }

    /** Whether this process is part of a job of that home. Reads the command lines of those above it. */
    public static boolean haveThisProcess(Home home) {
        if (!names(Optional.ofNullable(System.getenv(VARIABLE)).orElse(""), home)) {
            return false;
        }
        for (int look = 0; look < LOOKS; look++) {
            ProcessHandle one = ProcessHandle.current();
            for (Optional<ProcessHandle> above = one.parent(); above.isPresent(); above = one.parent()) {
                one = above.get();
                if (isGuard(commandLine(one), home.childLock())) {
                    return true;
                }
            }
            if (one.pid() == 1) {
                return false;
            }
        }
        return false;
    }

    private static List<String> commandLine(ProcessHandle process) {
        List<String> words = ProcFiles.commandLine(process.pid());
        if (!words.isEmpty()) {
            return words;
        }
        List<String> told = new ArrayList<>(List.of(process.info().command().orElse("")));
        told.addAll(List.of(process.info().arguments().orElse(new String[0])));
        return told;
    }

    /** Whether it is the command line of a job's guard with that lock. One that has descendants has it: it starts nothing before. */
    private static boolean isGuard(List<String> words, Path lock) {
        if (words.size() < 2 || !words.get(1).equals("guard")) {
            return false;
        }
        List<String> own = words.subList(2, words.size()).stream().takeWhile(word -> !word.equals("--")).toList();
        for (int i = 0; i + 1 < own.size(); i++) {
            if (own.get(i).equals("--lock") && isSameFile(own.get(i + 1), lock)) {
                return own.contains("--job");
            }
        }
        return false;
    }

    private static boolean isSameFile(String one, Path other) {
        try {
            return one.equals(other.toString()) || Files.isSameFile(Path.of(one), other);
        } catch (IOException | RuntimeException isNone) {
            return false;
        }
    }
}
