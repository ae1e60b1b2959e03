package dev.mpx.proxy.metrics.prometheus;

import dev.mpx.proxy.metrics.Figures.Memory;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** What is measured of memory. A collector and no Micrometer gauges, since those can't be left out where a figure is not known. */
final class MemoryCollector implements MultiCollector {
    private final Supplier<Memory> memory;

    MemoryCollector(Supplier<Memory> memory) {
        this.memory = memory;
    }

    @Override
    public MetricSnapshots collect() {
        Memory now = memory.get();
        MetricSnapshots.Builder known = MetricSnapshots.builder();
        add(known, "mpx_server_resident_bytes", "Resident memory of the server's process tree; 0 where none runs.", now.server());
        add(known, "mpx_daemon_resident_bytes", "Resident memory of the daemon.", now.daemon());
        add(known, "mpx_daemon_heap_bytes", "Used heap of the daemon.", now.heap());
        return known.build();
    }

    private static void add(MetricSnapshots.Builder known, String name, String help, OptionalLong bytes) {
        bytes.ifPresent(value -> known.metricSnapshot(GaugeSnapshot.builder().name(name).help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build()));
    }
}
