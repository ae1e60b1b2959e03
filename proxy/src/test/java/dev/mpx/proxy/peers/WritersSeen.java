package dev.mpx.proxy.peers;

import dev.mpx.proxy.whole.OsProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Looks all the while who writes to the palace: the server, and mines, which must be there one at a time; thread-safe. */
final class WritersSeen implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 100;

    private final PalaceHouse house;
    private final Map<Long, String> mines = new ConcurrentHashMap<>();
    private final Map<Long, String> outsiders = new ConcurrentHashMap<>();
    private final Set<Long> servers = ConcurrentHashMap.newKeySet();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "writers-seen");
        daemon.setDaemon(true);
        return daemon;
    });

    WritersSeen(PalaceHouse house) {
        this.house = house;
        thread.scheduleWithFixedDelay(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            List<OsProcess> all = house.processes();
            List<OsProcess> now = all.stream().filter(PalaceHouse::isServer).toList();
            List<OsProcess> jobs = all.stream().filter(PalaceHouse::isMine).filter(this::isOfAJob).toList();
            now.forEach(server -> servers.add(server.pid()));
            // A look takes time, and one may end and the next begin in it: those who are there together still are.
            if (!now.isEmpty() && !jobs.isEmpty() && now.stream().allMatch(OsProcess::isAlive) && jobs.stream().allMatch(OsProcess::isAlive)) {
                violations.add("beside the server: " + jobs.stream().map(OsProcess::commandLine).toList());
            }
            if (now.stream().filter(OsProcess::isAlive).count() > 1) {
                violations.add("servers alive at once: " + now);
            }
        } catch (RuntimeException e) {
            violations.add(e.toString());
        }
    }

    /** What a job starts is told so, however deep below it runs. */
    private boolean isOfAJob(OsProcess mine) {
        List<String> variables = mine.environment();
        String words = mine.commandLine().stream().map(word -> Path.of(word).getFileName()).map(String::valueOf).collect(Collectors.joining(" "));
        boolean is = variables.contains("MPX_LENT=" + house.home());
        if (!variables.isEmpty()) {
            (is ? mines : outsiders).putIfAbsent(mine.pid(), words);
        }
        return is;
    }

    /** Mines of jobs, by pid. */
    Map<Long, String> mines() {
        return mines;
    }

    /** Mines that mpx has not started. */
    Map<Long, String> outsiders() {
        return outsiders;
    }

    int servers() {
        return servers.size();
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
