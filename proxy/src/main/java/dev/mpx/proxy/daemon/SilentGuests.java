package dev.mpx.proxy.daemon;

import dev.mpx.proxy.home.TcpSilence;
import dev.mpx.transports.Link;
import dev.mpx.transports.tcp.TcpListener;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the links of guests by TCP whose machine has gone while something was on its way to them. A thread of its own, since reading files may block. */
final class SilentGuests implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SilentGuests.class);

    private final TcpListener listener;
    private final TcpSilence silence = new TcpSilence();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tcp-silence");
        thread.setDaemon(true);
        return thread;
    });

    private SilentGuests(TcpListener listener) {
        this.listener = listener;
    }

    static SilentGuests watch(TcpListener listener) {
        SilentGuests guests = new SilentGuests(listener);
        guests.clock.scheduleWithFixedDelay(guests::look, TcpSilence.LOOK.toMillis(), TcpSilence.LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return guests;
    }

    private void look() {
        Map<TcpSilence.Connection, Link> links = new HashMap<>();
        listener.guests().forEach((link, ends) -> links.put(new TcpSilence.Connection(ends.local(), ends.remote()), link));
        if (links.isEmpty()) {
            return;
        }
        for (TcpSilence.Connection one : silence.look(links.keySet(), System.nanoTime())) {
            LOG.info("a guest from {} has acknowledged nothing for {} s; its connection is given up", one.remote(), TcpSilence.LIMIT.toSeconds());
            listener.giveUp(links.get(one));
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
