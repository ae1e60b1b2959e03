package dev.mpx.proxy.metrics;

import dev.mpx.proxy.jobs.JobView;
import dev.mpx.proxy.mux.CallFigures;
import dev.mpx.proxy.mux.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * All that metrics are made of, at one moment.
 *
 * @param well whether the status calls it so
 * @param jobs those that run or wait, and the latest that ended
 */
public record Figures(
        String version, Duration upFor, boolean well, Snapshot snapshot, List<CallFigures> calls, List<JobView> jobs, Memory memory) {
    public Figures {
        calls = List.copyOf(calls);
        jobs = List.copyOf(jobs);
    }

    /** The same with what was measured meanwhile. */
    public Figures with(Memory measured) {
        return new Figures(version, upFor, well, snapshot, calls, jobs, measured);
    }

    /**
     * In bytes; what the system does not tell is empty, and no figure at all then.
     *
     * @param server resident memory of the server's process tree; 0 where none runs
     * @param daemon resident memory of the daemon
     * @param heap what it uses of its heap
     */
    public record Memory(OptionalLong server, OptionalLong daemon, OptionalLong heap) {
        /** Not measured. */
        public static final Memory UNKNOWN = new Memory(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
    }
}
