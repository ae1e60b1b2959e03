package dev.mpx.transports.process;

import dev.mpx.transports.flow.Outbox;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Scheduler;

/**
 * The pipes that a process is started with. Writing to one that is full and closing one whose reader is stopped may block for seconds,
 * so each has a thread of its own, which costs two wake-ups of threads for each question and answer.
 */
final class Pipes implements Stdio {
    private static final Logger LOG = LoggerFactory.getLogger(Pipes.class);

    private final Process process;
    private final Scheduler scheduler;
    private StdinWriter writer;
    private StdoutReader reader;

    /** @param scheduler where all is told that the threads have to tell */
    Pipes(Process process, Scheduler scheduler) {
        this.process = process;
        this.scheduler = scheduler;
    }

    @Override
    public void start(Outbox outbox, Listener listener) {
        writer = new StdinWriter(process.getOutputStream(), outbox,
                () -> post(listener::inputClosed),
                why -> post(() -> listener.inputLost(why)));
        reader = new StdoutReader(process.getInputStream(), new Chunks(listener));
        Daemons.start("mpx-stdin-" + process.pid(), writer);
        Daemons.start("mpx-stdout-" + process.pid(), reader);
    }

    @Override
    public void wake() {
        writer.wake();
    }

    @Override
    public void endInput() {
        writer.end();
    }

    @Override
    public void want() {
        reader.want();
    }

    @Override
    public void stopOutput() {
        reader.stop();
    }

    private void post(Runnable task) {
        try {
            scheduler.schedule(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the scheduler of process {} is gone", process.pid());
        }
    }

    private final class Chunks implements StdoutReader.Target {
        private final Listener listener;

        Chunks(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void chunk(ByteBuffer chunk) {
            post(() -> {
                boolean more = false;
                try {
                    more = listener.chunk(chunk);
                } finally {
                    reader.taken(more);
                }
            });
        }

        @Override
        public void end() {
            post(listener::outputEnded);
        }
    }
}
