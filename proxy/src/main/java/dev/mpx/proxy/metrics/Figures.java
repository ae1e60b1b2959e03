package dev.mpx.proxy.metrics;

import dev.mpx.proxy.jobs.JobView;
import dev.mpx.proxy.mux.CallFigures;
import dev.mpx.proxy.mux.Snapshot;
import java.time.Duration;
import java.util.List;

/**
 * All that metrics are made of, at one moment.
 *
 * @param well whether the status calls it so
 * @param jobs those that run or wait, and the latest that ended
 * @param serverResident of the server's process tree, in bytes; 0 where that can't be told, or none runs
 */
public record Figures(
        String version, Duration upFor, boolean well, Snapshot snapshot, List<CallFigures> calls, List<JobView> jobs, long serverResident,
        DaemonMemory daemon) {
    public Figures {
        calls = List.copyOf(calls);
        jobs = List.copyOf(jobs);
    }

    /** In bytes; 0 where that can't be told. */
    public record DaemonMemory(long resident, long heap) {}
}
