package dev.mpx.proxy.mux;

import dev.mpx.framing.Frame;
import dev.mpx.framing.Message;
import dev.mpx.proxy.mux.SettledCall.Ending;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * How long calls take, by tool, or by method where there is none. Of bounded size: the first {@value #NAMES} names have
 * histograms of their own, all later ones share one. Confined to the multiplexer's scheduler.
 */
final class ToolLatencies implements CallObserver {
    static final int NAMES = 128;
    static final String OTHERS = "(others)";
    /** Two digits: a figure is within 1 % of the truth, and a histogram of up to a minute takes 20 KiB. */
    private static final int DIGITS = 2;

    private static final long MOST_MICROS = Duration.ofDays(1).toMillis() * 1000;
    private static final long NANOS_PER_MICRO = 1000;

    private final Map<String, Series> tools = new LinkedHashMap<>();
    private final Map<String, Series> methods = new LinkedHashMap<>();
    private Optional<Series> others = Optional.empty();

    /** The calls of one tool or method. */
    private static final class Series {
        private final String method;
        private final String tool;
        private final long[] endings = new long[Ending.values().length];
        private final Times total = new Times();
        private final Times onChild = new Times();

        Series(String method, String tool) {
            this.method = method;
            this.tool = tool;
        }

        void record(SettledCall call) {
            endings[call.ending().ordinal()]++;
            if (call.ending().isAwaited()) {
                total.record(call.totalNanos());
                if (call.childNanos() != SettledCall.NEVER) {
                    onChild.record(call.childNanos());
                }
            }
        }

        long answered() {
            return total.histogram.getTotalCount();
        }

        Snapshot.Latency latency() {
            return new Snapshot.Latency(
                    tool.isEmpty() ? method : tool,
                    answered(),
                    total.at(50),
                    total.at(99),
                    total.longest(),
                    answered() - endings[Ending.ANSWERED.ordinal()],
                    onChild.at(50),
                    onChild.at(99));
        }

        CallFigures figures() {
            Map<Ending, Long> counts = new java.util.EnumMap<>(Ending.class);
            for (Ending ending : Ending.values()) {
                counts.put(ending, endings[ending.ordinal()]);
            }
            return new CallFigures(method, tool, counts, total.distribution(), onChild.distribution());
        }
    }

    private static final class Times {
        private final Histogram histogram = new Histogram(DIGITS);
        private long nanos;
        private long longest;

        Times() {
            histogram.setAutoResize(true);
        }

        void record(long took) {
            nanos += took;
            longest = Math.max(longest, took);
            histogram.recordValue(Math.min(MOST_MICROS, Math.max(0, took / NANOS_PER_MICRO)));
        }

        Duration at(double percentile) {
            return Duration.ofNanos(Math.min(longest, histogram.getValueAtPercentile(percentile) * NANOS_PER_MICRO));
        }

        /** To the nanosecond, other than the rest. */
        Duration longest() {
            return Duration.ofNanos(longest);
        }

        CallFigures.Distribution distribution() {
            return CallFigures.Distribution.of(histogram.getTotalCount(), Duration.ofNanos(nanos), this::between);
        }

        private long between(Duration from, Duration to) {
            return histogram.getCountBetweenValues(from.toNanos() / NANOS_PER_MICRO + 1, to.toNanos() / NANOS_PER_MICRO);
        }
    }

    @Override
    public void onSettled(SettledCall call, Optional<Message.Request> request, Optional<Frame> answer) {
        series(call).record(call);
    }

    private Series series(SettledCall call) {
        boolean isTool = call.method().equals(Methods.TOOLS_CALL);
        Map<String, Series> named = isTool ? tools : methods;
        Series known = named.get(isTool ? call.target() : call.method());
        return known != null ? known : addSeries(call, isTool);
    }

    private Series addSeries(SettledCall call, boolean isTool) {
        if (tools.size() + methods.size() >= NAMES) {
            if (others.isEmpty()) {
                others = Optional.of(new Series(OTHERS, ""));
            }
            return others.get();
        }
        Series added = new Series(call.method(), isTool ? call.target() : "");
        (isTool ? tools : methods).put(isTool ? call.target() : call.method(), added);
        return added;
    }

    private Stream<Series> all() {
        return Stream.of(tools.values().stream(), methods.values().stream(), others.stream()).flatMap(some -> some);
    }

    /** Those that were answered at least once, the most used first. */
    List<Snapshot.Latency> latencies() {
        return all().filter(series -> series.answered() > 0)
                .map(Series::latency)
                .sorted(Comparator.comparingLong(Snapshot.Latency::calls).reversed().thenComparing(Snapshot.Latency::tool))
                .toList();
    }

    List<CallFigures> figures() {
        return all().map(Series::figures).toList();
    }
}
