package dev.mpx.bench.drive;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What Linux tells of processes in {@code /proc}. A process that is gone counts as nothing. */
public final class Processes {
    private static final Path PROC = Path.of("/proc");
    private static final int PARENT_FIELD = 1; // behind the name: state, parent

    private Processes() {}

    /** These and all that descend from them. */
    public static Set<Long> trees(Collection<Long> roots) {
        Map<Long, List<Long>> children = new HashMap<>();
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            parent(process.pid()).ifPresent(parent -> children.computeIfAbsent(parent, pid -> new ArrayList<>()).add(process.pid()));
        }
        Set<Long> trees = new LinkedHashSet<>();
        ArrayDeque<Long> open = new ArrayDeque<>(roots);
        while (!open.isEmpty()) {
            long pid = open.remove();
            if (trees.add(pid)) {
                open.addAll(children.getOrDefault(pid, List.of()));
            }
        }
        return trees;
    }

    private static Optional<Long> parent(long pid) {
        String stat = read(PROC.resolve(pid + "/stat"));
        int nameEnd = stat.lastIndexOf(')');
        return nameEnd < 0
                ? Optional.empty()
                : Optional.of(Long.parseLong(stat.substring(nameEnd + 2).split(" ")[PARENT_FIELD]));
    }

    /** How long all threads of these were on a processor, in nanoseconds. */
    public static long processorTime(Collection<Long> pids) {
        long sum = 0;
        for (long pid : pids) {
            try (DirectoryStream<Path> tasks = Files.newDirectoryStream(PROC.resolve(pid + "/task"))) {
                for (Path task : tasks) {
                    String stat = read(task.resolve("schedstat"));
                    sum += stat.isEmpty() ? 0 : Long.parseLong(stat.substring(0, stat.indexOf(' ')));
                }
            } catch (IOException gone) {
                continue;
            }
        }
        return sum;
    }

    /** Resident memory in bytes. */
    public static long resident(long pid) {
        return kiB(pid, "status", "VmRSS:") * 1024;
    }

    /** The most that was resident since {@link #forgetPeak}, in bytes. */
    public static long peak(long pid) {
        return kiB(pid, "status", "VmHWM:") * 1024;
    }

    /** @throws IOException if the kernel does not let it be forgotten */
    public static void forgetPeak(long pid) throws IOException {
        Files.writeString(PROC.resolve(pid + "/clear_refs"), "5");
    }

    /** Resident memory of which each page counts by the number of those who share it, in bytes. */
    public static long share(long pid) {
        return kiB(pid, "smaps_rollup", "Pss:") * 1024;
    }

    private static long kiB(long pid, String file, String name) {
        return read(PROC.resolve(pid + "/" + file)).lines().filter(line -> line.startsWith(name)).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("\\D", ""))).orElse(0L);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException gone) {
            return "";
        }
    }
}
