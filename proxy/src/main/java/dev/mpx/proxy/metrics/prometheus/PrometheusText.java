package dev.mpx.proxy.metrics.prometheus;

import dev.mpx.proxy.metrics.Figures;
import dev.mpx.proxy.metrics.MetricsText;
import dev.mpx.proxy.mux.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.ToDoubleFunction;

/**
 * The figures of the moment through a Micrometer registry; those of calls through {@link CallCollector}, those of memory through
 * {@link MemoryCollector}.
 */
public final class PrometheusText implements MetricsText {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private volatile Figures now;

    public PrometheusText() {
        gauge("mpx.well", "", "1 if all is well, 0 if mpx status calls it degraded.", figures -> figures.well() ? 1 : 0);
        gauge("mpx.sessions", "", "Clients that speak MCP, or are about to.", PrometheusText::sessions);
        gauge("mpx.calls.running", "", "Calls on the server.", figures -> figures.snapshot().running().size());
        gauge("mpx.calls.queued", "", "Calls that wait for the server.", figures -> figures.snapshot().queued());
        gauge("mpx.buffered", "bytes", "Messages that are held in memory.", figures -> figures.snapshot().bufferedBytes());
        gauge("mpx.buffer.limit", "bytes", "What messages may take of memory.", figures -> figures.snapshot().bufferLimit());
        gauge("mpx.daemon.uptime", "seconds", "Since the daemon's start.", figures -> figures.upFor().toMillis() / 1000.0);
        gauge("mpx.server.ready", "", "1 if the server is ready.", figures -> figures.snapshot().child().state().equals("ready") ? 1 : 0);
        counter("mpx.server.restarts", "Starts of the server after the first.", figures -> figures.snapshot().child().restarts());
        counter("mpx.server.deaths", "Ends of the server that nobody had asked for.", Counter.CHILD_DEATHS);
        counter("mpx.server.kills", "Servers that were killed since they answered nobody.", Counter.CHILD_STALLS);
        counter("mpx.calls.timed.out", "Calls whose deadline has passed.", Counter.CALLS_EXPIRED);
        counter("mpx.answers.late", "Answers that were dropped, as nobody waited for them any more.", Counter.ANSWERS_LATE);
        counter("mpx.answers.unknown", "Answers of the server to nothing that was asked.", Counter.ANSWERS_UNKNOWN);
        counter("mpx.sessions.slow", "Clients that were dropped, as they did not read.", Counter.SESSIONS_SLOW);
        bytes("client", "in", Counter.BYTES_FROM_CLIENTS);
        bytes("client", "out", Counter.BYTES_TO_CLIENTS);
        bytes("server", "in", Counter.BYTES_FROM_SERVER);
        bytes("server", "out", Counter.BYTES_TO_SERVER);
        for (String state : new String[] {"running", "waiting"}) {
            Gauge.builder("mpx.jobs", () -> now.jobs().stream().filter(job -> job.state().equals(state)).count())
                    .description("Jobs that have the palace, or wait for it.")
                    .tag("state", state)
                    .register(registry);
        }
        Gauge.builder("mpx.info", () -> 1)
                .description("Always 1.")
                .tag("version", System.getProperty("mpx.version", "dev"))
                .register(registry);
        registry.getPrometheusRegistry().register(new CallCollector(() -> now.calls()));
        registry.getPrometheusRegistry().register(new MemoryCollector(() -> now.memory()));
    }

    private void gauge(String name, String unit, String help, ToDoubleFunction<Figures> value) {
        Gauge.builder(name, () -> value.applyAsDouble(now)).description(help).baseUnit(unit.isEmpty() ? null : unit).register(registry);
    }

    private void counter(String name, String help, Counter counter) {
        counter(name, help, figures -> count(figures, counter));
    }

    private void counter(String name, String help, ToDoubleFunction<Figures> value) {
        FunctionCounter.builder(name, this, text -> value.applyAsDouble(text.now)).description(help).register(registry);
    }

    private void bytes(String peer, String direction, Counter counter) {
        FunctionCounter.builder("mpx.transferred", this, text -> count(text.now, counter))
                .description("Messages from (in) and to (out) clients and the server.")
                .baseUnit("bytes")
                .tags("peer", peer, "direction", direction)
                .register(registry);
    }

    /** Not those who only ask for this, or for the status. */
    private static double sessions(Figures figures) {
        return figures.snapshot().clients().stream()
                .filter(client -> client.introduction().isPresent() || !client.revision().isEmpty())
                .count();
    }

    private static double count(Figures figures, Counter counter) {
        return figures.snapshot().counters().getOrDefault(counter, 0L);
    }

    @Override
    public synchronized String render(Figures figures) {
        now = figures;
        return registry.scrape();
    }
}
