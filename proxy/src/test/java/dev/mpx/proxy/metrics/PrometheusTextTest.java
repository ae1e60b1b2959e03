package dev.mpx.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mpx.proxy.jobs.JobView;
import dev.mpx.proxy.metrics.prometheus.PrometheusText;
import dev.mpx.proxy.mux.CallFigures;
import dev.mpx.proxy.mux.CallFigures.Distribution;
import dev.mpx.proxy.mux.Counter;
import dev.mpx.proxy.mux.SettledCall.Ending;
import dev.mpx.proxy.mux.Snapshot;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Prometheus is told. */
class PrometheusTextTest {
    private final MetricsText text = new PrometheusText();
    private final Map<Counter, Long> counters = new EnumMap<>(Counter.class);

    private Figures.Memory memory = new Figures.Memory(OptionalLong.of(5000), OptionalLong.of(7000), OptionalLong.of(600));

    private Figures figures(CallFigures... calls) {
        Snapshot snapshot = new Snapshot(
                "palace", List.of(), List.of(), 3,
                new Snapshot.ChildView("ready", OptionalLong.of(9), "palace", "1", "2025-11-25", Optional.empty(), 2, Optional.empty(),
                        Optional.empty(), Optional.empty(), false),
                counters, 100, 1000, new Snapshot.Adapted(false, List.of(), List.of()));
        JobView job = new JobView(1, "running", "mine", "/", OptionalLong.empty(), Duration.ZERO, 0, Optional.empty());
        return new Figures("1", Duration.ofSeconds(90), true, snapshot, List.of(calls), List.of(job), memory);
    }

    private static CallFigures calls(String tool, long answered, long timedOut, Distribution times) {
        Map<Ending, Long> endings = Stream.of(Ending.values()).collect(Collectors.toMap(ending -> ending, ending -> 0L));
        endings.put(Ending.ANSWERED, answered);
        endings.put(Ending.TIMED_OUT, timedOut);
        return new CallFigures("tools/call", tool, endings, times, times);
    }

    /** That many quicker than 1 ms, and that many that took longer than every bound. */
    private static Distribution times(long quick, long endless) {
        List<Long> upTo = Distribution.BOUNDS.stream().map(bound -> bound.compareTo(Duration.ofMillis(1)) < 0 ? 0 : quick).toList();
        return new Distribution(quick + endless, Duration.ofMillis(1500), upTo);
    }

    @Test
    void itIsReadByTheLetterOfTheFormat() {
        counters.put(Counter.CHILD_STALLS, 4L);
        counters.put(Counter.BYTES_TO_SERVER, 12L);
        PrometheusPage page = PrometheusPage.read(text.render(figures(
                calls("search", 10, 1, times(10, 1)), calls("a \"quoted\\\n\" tool", 1, 0, times(1, 0)))));

        assertThat(page.value("mpx_calls_queued")).isEqualTo(3);
        assertThat(page.value("mpx_server_restarts_total")).isEqualTo(2);
        assertThat(page.value("mpx_server_kills_total")).isEqualTo(4);
        assertThat(page.value("mpx_transferred_bytes_total{direction=\"out\",peer=\"server\"}")).isEqualTo(12);
        assertThat(page.value("mpx_server_resident_bytes")).isEqualTo(5000);
        assertThat(page.value("mpx_daemon_resident_bytes")).isEqualTo(7000);
        assertThat(page.value("mpx_daemon_uptime_seconds")).isEqualTo(90);
        assertThat(page.value("mpx_jobs{state=\"running\"}")).isEqualTo(1);
        assertThat(page.value("mpx_calls_total{method=\"tools/call\",outcome=\"timed-out\",tool=\"search\"}")).isEqualTo(1);
        assertThat(page.value("mpx_call_duration_seconds_bucket{method=\"tools/call\",tool=\"search\",le=\"5.0E-4\"}")).isZero();
        assertThat(page.value("mpx_call_duration_seconds_bucket{method=\"tools/call\",tool=\"search\",le=\"0.001\"}")).isEqualTo(10);
        assertThat(page.value("mpx_call_duration_seconds_bucket{method=\"tools/call\",tool=\"search\",le=\"+Inf\"}")).isEqualTo(11);
        assertThat(page.value("mpx_call_duration_seconds_sum{method=\"tools/call\",tool=\"search\"}")).isEqualTo(1.5);
    }

    @Test
    void eachPageHasTheFiguresOfItsMoment() {
        text.render(figures(calls("search", 1, 0, times(1, 0))));
        PrometheusPage page = PrometheusPage.read(text.render(figures(calls("search", 2, 0, times(2, 0)))));

        assertThat(page.value("mpx_calls_total{method=\"tools/call\",outcome=\"answered\",tool=\"search\"}")).isEqualTo(2);
    }

    @Test
    void whatIsNotKnownIsLeftOutAndWhatIsZeroIsNot() {
        memory = new Figures.Memory(OptionalLong.of(0), OptionalLong.empty(), OptionalLong.of(600));
        PrometheusPage page = PrometheusPage.read(text.render(figures()));

        assertThat(page.value("mpx_server_resident_bytes")).isZero();
        assertThat(page.value("mpx_daemon_heap_bytes")).isEqualTo(600);
        assertThat(page.samples()).noneMatch(sample -> sample.startsWith("mpx_daemon_resident"));
        memory = Figures.Memory.UNKNOWN;
        assertThat(text.render(figures())).doesNotContain("resident").doesNotContain("heap").contains("mpx_well 1");
    }

    @Test
    void aDaemonThatNobodyHasCalledYetHasAPageToo() {
        PrometheusPage page = PrometheusPage.read(text.render(figures()));

        assertThat(page.samples()).noneMatch(sample -> sample.startsWith("mpx_call_duration"));
    }
}
