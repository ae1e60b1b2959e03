package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.Environment;
import dev.mpx.proxy.home.Home;
import dev.mpx.proxy.home.LentHomes;
import dev.mpx.proxy.home.Palace;
import dev.mpx.proxy.home.ProcFiles;
import dev.mpx.proxy.status.OrphanView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the mines of this palace that run beside mpx: docs/jobs.md says which those are, and the native program's {@code
 * jobs/orphans.c}, which ends them, finds the same. On Linux alone; elsewhere there are none to be seen. Blocks for as long as it takes
 * to read the command lines of all processes.
 */
public final class OrphanSearch {
    /** What has only just been started may be mpx on the way to become something else. */
    private static final Duration YOUNGEST = Duration.ofSeconds(1);

    private final Home home;
    private final Optional<Palace> palace;

    public OrphanSearch(Home home, Optional<Palace> palace) {
        this.home = home;
        this.palace = palace;
    }

    /** Those that run now. */
    public List<OrphanView> find() {
        if (palace.isEmpty() || !Files.isDirectory(Path.of("/proc/self"))) {
            return List.of();
        }
        Instant now = Instant.now();
        String mark = mark();
        return ProcessHandle.allProcesses().flatMap(process -> look(process, mark, now).stream()).toList();
    }

    private Optional<OrphanView> look(ProcessHandle process, String mark, Instant now) {
        List<String> words = ProcFiles.commandLine(process.pid());
        if (MineWords.arguments(words).isEmpty() || !worksHere(process.pid(), words) || isLookedAfter(process, mark)) {
            return Optional.empty();
        }
        Duration age = process.info().startInstant().map(start -> Duration.between(start, now)).orElse(YOUNGEST);
        return age.compareTo(YOUNGEST) < 0 ? Optional.empty() : Optional.of(new OrphanView(process.pid(), String.join(" ", words), age));
    }

    private boolean worksHere(long pid, List<String> words) {
        // another user's variables are not to be read, and it is none of ours
        return mined(words, ProcFiles.variables(pid), ProcFiles.workingDirectory(pid)).equals(palace);
    }

    /** The palace that a process mines which has this command line, variables and directory. */
    static Optional<Palace> mined(List<String> words, Map<String, String> variables, Path directory) {
        String user = variables.getOrDefault("HOME", "");
        return MineWords.arguments(words).filter(arguments -> user.startsWith("/"))
                .map(arguments -> Palace.of(arguments, new Environment(variables, directory, Path.of(user))));
    }

    /** Whether the process, or one above it, is of mpx: a guard, or marked by one of this home. */
    private boolean isLookedAfter(ProcessHandle process, String mark) {
        for (Optional<ProcessHandle> one = Optional.of(process); one.isPresent() && one.get().pid() > 1; one = one.get().parent()) {
            long pid = one.get().pid();
            Map<String, String> variables = ProcFiles.variables(pid);
            if (isGuard(ProcFiles.commandLine(pid))
                    || LentHomes.names(variables.getOrDefault(LentHomes.VARIABLE, ""), home)
                    || (!mark.isEmpty() && variables.getOrDefault("MPX_GUARDED", "").contains(mark))) {
                return true;
            }
        }
        return false;
    }

    static boolean isGuard(List<String> words) {
        return words.size() > 2
                && words.get(1).equals("guard")
                && words.stream().takeWhile(word -> !word.equals("--")).anyMatch(word -> word.equals("--lock") || word.equals("--job"));
    }

    /** How a guard with this home's lock marks its tree: by the file's device and number ({@code lock_key_of}). */
    private String mark() {
        try {
            Path lock = home.directory().resolve("child.lock");
            long device = (Long) Files.getAttribute(lock, "unix:dev");
            long number = (Long) Files.getAttribute(lock, "unix:ino");
            long major = (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
            long minor = (device & 0xff) | (device >>> 12 & ~0xffL);
            return String.format("|%02x:%02x:%d|", major, minor & 0xffffffffL, number);
        } catch (IOException | RuntimeException noneYet) {
            return "";
        }
    }
}
