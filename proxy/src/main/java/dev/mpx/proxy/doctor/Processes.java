package dev.mpx.proxy.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Who runs, and what they have open: Linux' {@code /proc}. Of other users' processes, and elsewhere, there is nothing to be told.
 * Stateless.
 */
final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final int LONGEST = 120;

    private Processes() {}

    /** Whether it can be told at all. */
    static boolean areVisible() {
        return Files.isDirectory(PROC.resolve("self/fd"));
    }

    /** Which files each process has open, by their paths; sockets and the like aside. */
    static Map<Long, List<Path>> open() {
        Map<Long, List<Path>> open = new HashMap<>();
        ProcessHandle.allProcesses().forEach(process -> {
            List<Path> files = open(process.pid());
            if (!files.isEmpty()) {
                open.put(process.pid(), files);
            }
        });
        return open;
    }

    private static List<Path> open(long pid) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(PROC.resolve(pid + "/fd"))) {
            for (Path descriptor : descriptors) {
                target(descriptor).filter(path -> path.startsWith("/")).ifPresent(files::add);
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException anothers) {
            return List.of();
        }
        return files;
    }

    private static Optional<Path> target(Path descriptor) {
        try {
            return Optional.of(Files.readSymbolicLink(descriptor));
        } catch (IOException | RuntimeException closed) {
            return Optional.empty();
        }
    }

    /** Its words; empty where they can't be told. */
    static List<String> words(long pid) {
        try {
            String text = new String(Files.readAllBytes(PROC.resolve(pid + "/cmdline")), StandardCharsets.UTF_8);
            return text.isEmpty() ? List.of() : List.of(text.split("\0"));
        } catch (IOException gone) {
            return List.of();
        }
    }

    /** The home that one of mpx's belongs to, as its command line has it: a daemon's or a guard's. */
    static Optional<Path> home(long pid) {
        return home(words(pid));
    }

    /** The server's own words, behind {@code --}, say nothing of mpx's. */
    static Optional<Path> home(List<String> all) {
        List<String> words = all.contains("--") ? all.subList(0, all.indexOf("--")) : all;
        int named = words.indexOf("--home") + 1;
        return named > 0 && named < words.size() ? Optional.of(Path.of(words.get(named)))
                : words.stream().filter(word -> word.startsWith("/") && word.endsWith("/child.lock")).findFirst()
                        .map(lock -> Path.of(lock).getParent());
    }

    /** For a sentence: {@code pid 12 (python3 -m mempalace mine x)}. */
    static String describe(long pid) {
        List<String> words = words(pid);
        String command = words.isEmpty() ? ProcessHandle.of(pid).flatMap(process -> process.info().command()).orElse("unknown command")
                : String.join(" ", words);
        return "pid " + pid + " (" + shortened(command) + ")";
    }

    static String shortened(String command) {
        return command.length() > LONGEST ? command.substring(0, LONGEST) + "…" : command;
    }

    /** {@code T} for one that is stopped, {@code D} for one that waits in the kernel; a space where it can't be told. */
    static char state(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException | RuntimeException gone) {
            return ' ';
        }
    }

    /** Whether it descends from one of those: what that has open, it may have been given. */
    static boolean isBelow(long pid, Set<Long> others) {
        Optional<ProcessHandle> one = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
        while (one.isPresent() && !others.contains(one.get().pid())) {
            one = one.get().parent();
        }
        return one.isPresent();
    }

    /** Whether it is one of mpx's guards, or below one, or below a daemon: those who may have the palace open. */
    static boolean isOfMpx(long pid) {
        return ofMpx(pid).isPresent();
    }

    /** The guard or daemon that it is or descends from. */
    static OptionalLong ofMpx(long pid) {
        Optional<ProcessHandle> one = ProcessHandle.of(pid);
        while (one.isPresent() && one.get().pid() > 1) {
            List<String> words = words(one.get().pid());
            boolean isGuard = words.size() > 2 && words.get(1).equals("guard") && words.get(0).endsWith("mpx");
            boolean isDaemon = words.contains("dev.mpx.proxy.cli.Mpx") && words.contains("serve");
            if (isGuard || isDaemon) {
                return OptionalLong.of(one.get().pid());
            }
            one = one.get().parent();
        }
        return OptionalLong.empty();
    }
}
