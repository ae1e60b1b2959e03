package dev.mpx.proxy.metrics.prometheus;

import dev.mpx.proxy.mux.CallFigures;
import dev.mpx.proxy.mux.CallFigures.Distribution;
import dev.mpx.proxy.mux.SettledCall.Ending;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Calls by tool. A collector and no Micrometer timer, since the daemon has measured all the while that nobody asked; a timer
 * would begin at 0.
 */
final class CallCollector implements MultiCollector {
    private final Supplier<List<CallFigures>> calls;

    CallCollector(Supplier<List<CallFigures>> calls) {
        this.calls = calls;
    }

    @Override
    public MetricSnapshots collect() {
        List<CallFigures> all = calls.get();
        return MetricSnapshots.of(
                outcomes(all),
                histogram(all, "mpx_call_duration_seconds",
                        "From a call's arrival to its answer, if its client waited for it.", CallFigures::total),
                histogram(all, "mpx_call_server_seconds", "From a call's hand-over to the server to its answer.", CallFigures::onChild));
    }

    private static CounterSnapshot outcomes(List<CallFigures> all) {
        CounterSnapshot.Builder outcomes = CounterSnapshot.builder().name("mpx_calls").help("Calls that are over, by how they ended.");
        for (CallFigures one : all) {
            for (Ending ending : Ending.values()) {
                long count = one.endings().get(ending);
                if (count > 0) {
                    outcomes.dataPoint(CounterDataPointSnapshot.builder()
                            .value(count)
                            .labels(labels(one).merge(Labels.of("outcome", ending.word())))
                            .build());
                }
            }
        }
        return outcomes.build();
    }

    private static HistogramSnapshot histogram(
            List<CallFigures> all, String name, String help, Function<CallFigures, Distribution> which) {
        HistogramSnapshot.Builder histogram = HistogramSnapshot.builder().name(name).help(help);
        for (CallFigures one : all) {
            Distribution times = which.apply(one);
            if (times.count() > 0) {
                histogram.dataPoint(HistogramDataPointSnapshot.builder()
                        .sum(times.sum().toNanos() / 1e9)
                        .classicHistogramBuckets(buckets(times))
                        .labels(labels(one))
                        .build());
            }
        }
        return histogram.build();
    }

    private static Labels labels(CallFigures calls) {
        return Labels.of("method", calls.method(), "tool", calls.tool());
    }

    /** The library sums them up itself. */
    private static ClassicHistogramBuckets buckets(Distribution times) {
        List<Double> bounds = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        long before = 0;
        for (int i = 0; i < Distribution.BOUNDS.size(); i++) {
            bounds.add(Distribution.BOUNDS.get(i).toNanos() / 1e9);
            counts.add(times.upTo().get(i) - before);
            before = times.upTo().get(i);
        }
        bounds.add(Double.POSITIVE_INFINITY);
        counts.add(times.count() - before);
        return ClassicHistogramBuckets.of(bounds, counts);
    }
}
