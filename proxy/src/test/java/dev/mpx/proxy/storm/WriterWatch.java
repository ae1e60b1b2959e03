package dev.mpx.proxy.storm;

import dev.mpx.proxy.whole.OsProcess;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks all the while how many servers there are, and remembers all it ever saw. */
final class WriterWatch implements AutoCloseable {
    private static final long INTERVAL_MILLIS = 50;

    private final Scene scene;
    private final Figures figures;
    private final Set<Long> servers = new ConcurrentSkipListSet<>();
    private final Set<Long> daemons = new ConcurrentSkipListSet<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "writer-watch");
        daemon.setDaemon(true);
        return daemon;
    });

    WriterWatch(Scene scene, Figures figures) {
        this.scene = scene;
        this.figures = figures;
        thread.scheduleWithFixedDelay(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(this::lookForDaemons, 0, 5 * INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        List<OsProcess> now = scene.servers();
        now.forEach(server -> servers.add(server.pid()));
        // A look takes time, and one may end and the next begin in it: those who are there together still are.
        if (now.size() > 1 && now.stream().allMatch(OsProcess::isAlive)) {
            figures.violation("servers alive at once: " + now);
        }
    }

    private void lookForDaemons() {
        scene.daemons().forEach(daemon -> daemons.add(daemon.pid()));
    }

    long servers() {
        return servers.size();
    }

    long daemons() {
        return daemons.size();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
