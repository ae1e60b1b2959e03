package dev.mpx.proxy.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Counts server processes for as long as it is open: it looks every 50 ms and remembers each process
 * id it ever saw, so that a second server can't come and go unnoticed between two calls.
 */
final class Census implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 50;

    private final Predicate<List<String>> isServer;
    private final Set<Long> seen = new ConcurrentSkipListSet<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "census");
        thread.setDaemon(true);
        return thread;
    });

    /** @param isServer whether a command line, program first, is that of the server */
    Census(Predicate<List<String>> isServer) {
        this.isServer = isServer;
        watch.scheduleWithFixedDelay(() -> seen.addAll(running()), 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Every process id that was ever seen to be the server. */
    Set<Long> seen() {
        seen.addAll(running());
        return Set.copyOf(seen);
    }

    /** The servers that run now. */
    Set<Long> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> isServer(commandLine(process)))
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    /** Some processes have no command line, or one of nothing but zero bytes. */
    private boolean isServer(List<String> line) {
        return !line.isEmpty() && isServer.test(line);
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }

    /** Linux tells the whole of it in /proc; elsewhere the JDK tells what it can. */
    private static List<String> commandLine(ProcessHandle process) {
        try {
            String raw = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"), UTF_8);
            return List.of(raw.split("\0"));
        } catch (IOException gone) {
            return process.info().commandLine().map(line -> List.of(line.split(" "))).orElse(List.of());
        }
    }
}
