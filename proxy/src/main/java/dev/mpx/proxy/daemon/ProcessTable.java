package dev.mpx.proxy.daemon;

import dev.mpx.proxy.mux.Holders;
import dev.mpx.proxy.mux.TreeMemory;
import dev.mpx.proxy.status.TreeView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** What the operating system knows of processes. Looked up on a thread that may block, answered on the loop. */
final class ProcessTable implements Holders, TreeMemory {
    private static final int LONGEST_COMMAND = 160;
    private static final long PAGE_BYTES = 4096;
    private static final DateTimeFormatter SINCE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Scheduler loop;

    ProcessTable(Scheduler loop) {
        this.loop = loop;
    }

    @Override
    public Mono<String> describe(long pid) {
        return Mono.fromCallable(() -> describeNow(pid))
                .onErrorReturn("pid " + pid)
                .subscribeOn(Schedulers.boundedElastic())
                .publishOn(loop);
    }

    static String describeNow(long pid) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            return "pid " + pid + " (which has ended meanwhile)";
        }
        ProcessHandle.Info info = process.get().info();
        String command = info.commandLine().or(info::command).orElse("unknown command");
        String since = info.startInstant().map(SINCE::format).orElse("unknown");
        return "pid " + pid + " (" + (command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) + "…" : command)
                + "), running since " + since;
    }

    @Override
    public Mono<Long> resident(long pid) {
        return Mono.fromCallable(() -> residentNow(pid))
                .filter(bytes -> bytes > 0)
                .subscribeOn(Schedulers.boundedElastic())
                .publishOn(loop);
    }

    /** Resident bytes of the process and its descendants; 0 where the system does not tell. */
    static long residentNow(long pid) {
        return ProcessHandle.of(pid)
                .map(root -> Stream.concat(Stream.of(root), root.descendants())
                        .mapToLong(process -> residentOf(process.pid()))
                        .sum())
                .orElse(0L);
    }

    /**
     * The process and its descendants; empty if it has ended, or the system does not tell. Blocks for as long as it takes to read
     * the process table.
     */
    static Optional<TreeView> tree(long pid) {
        return ProcessHandle.of(pid).map(root -> {
            List<ProcessHandle> all = Stream.concat(Stream.of(root), root.descendants()).toList();
            return new TreeView(pid, all.size(), all.stream().mapToLong(process -> residentOf(process.pid())).sum());
        }).filter(tree -> tree.residentBytes() > 0);
    }

    /** Resident bytes of one process, likewise. */
    static long residentOf(long pid) {
        try {
            String[] pages = Files.readString(Path.of("/proc", Long.toString(pid), "statm")).split(" ");
            return Long.parseLong(pages[1]) * PAGE_BYTES;
        } catch (IOException | RuntimeException gone) {
            return 0;
        }
    }
}
